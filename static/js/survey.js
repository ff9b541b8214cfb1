/* Courtesies of a recipient's form, which is whole without them: a thin bar that shows how much is answered, the focus
   on the summary of errors, and answers that outlive a reload and a lost connection (docs/decisions/0037).

   What is being written lies in this tab's own storage and dies with the tab: the next person of a shared telephone
   opens a clean form. What was sent and has not arrived lies in the device's storage until it arrives. Both are
   forgotten when the server has them, after a day, and at the press of a button. Syntax of 2012: tests/test_floor.py. */
(function () {
  'use strict';
  var DAY = 24 * 60 * 60 * 1000;
  var FIRST_PAUSE = 5000;
  var LONGEST_PAUSE = 300000;
  var PATIENCE = 60000;
  var OURS = [400, 404, 410, 413, 422]; // the server's own refusals: the page that follows says what became of it
  var PREFIX = 'nok ';

  var form = document.getElementById('survey');
  var bar = document.querySelector('progress.progress');
  var summary = document.querySelector('.errors');
  var box = document.getElementById('keeping');

  function isAsked(question) { return question.offsetParent !== null; }
  function isAnswered(question) {
    return form.querySelector('input[name="' + question.getAttribute('data-asked') + '"]:checked') !== null;
  }
  function draw() {
    if (!bar) { return; }
    var asked = Array.prototype.filter.call(form.querySelectorAll('[data-asked]'), isAsked);
    bar.max = asked.length || 1;
    bar.value = asked.filter(isAnswered).length;
    bar.hidden = false;
  }

  if (summary) { summary.focus(); }
  if (!form) { return; }
  form.addEventListener('change', draw);
  window.addEventListener('pageshow', draw);

  if (box && window.JSON && 'responseURL' in XMLHttpRequest.prototype) { keep(); }
  draw();

  function keep() {
    var door = form.getAttribute('action');
    var path = door.split('?')[0];
    var name = PREFIX + path + (/[?&]again=1/.test(door) ? ' again' : '');
    var key = form.elements.key;
    var waiting = null; // {at, to, key, body}: sent from here, and not there yet
    var busy = false;
    var tries = 0;
    var timer = 0;

    /* Storage may be forbidden or full: then answers live as long as the page. */
    function read(storage, of) {
      try { return fresh(JSON.parse(window[storage].getItem(of))); } catch (nothing) { return null; }
    }
    function write(storage, of, what) {
      try {
        if (what) { window[storage].setItem(of, JSON.stringify(what)); } else { window[storage].removeItem(of); }
      } catch (nothing) { /* as above */ }
    }
    function fresh(kept) { return kept && Date.now() - kept.at < DAY ? kept : null; }

    function each(act) { Array.prototype.forEach.call(form.elements, act); }
    function said() {
      var pairs = [];
      each(function (field) {
        var chosen = field.type === 'radio' || field.type === 'checkbox' ? field.checked : field.value;
        if (chosen && field.name && field !== key) {
          pairs.push(encodeURIComponent(field.name) + '=' + encodeURIComponent(field.value));
        }
      });
      return pairs.join('&');
    }
    function fill(body) {
      var told = {};
      body.split('&').forEach(function (pair) { told[pair] = true; });
      each(function (field) {
        if (field === key || !field.name) { return; }
        if (field.type === 'radio' || field.type === 'checkbox') {
          field.checked = told[encodeURIComponent(field.name) + '=' + encodeURIComponent(field.value)] === true;
        } else {
          Object.keys(told).forEach(function (pair) {
            var at = pair.indexOf('=');
            if (decodeURIComponent(pair.slice(0, at)) === field.name) { field.value = decodeURIComponent(pair.slice(at + 1)); }
          });
        }
      });
    }

    function show(state) {
      Array.prototype.forEach.call(box.querySelectorAll('[data-state]'), function (line) {
        line.hidden = line.getAttribute('data-state') !== state;
      });
      box.querySelector('button').hidden = state === 'erased';
      box.hidden = false;
    }
    function note() {
      var body = said();
      if (waiting || busy) { return; }
      write('sessionStorage', name, body ? { at: Date.now(), key: key.value, body: body } : null);
      if (body) { show('writing'); }
    }
    function forget() {
      clearTimeout(timer);
      waiting = null;
      write('sessionStorage', name, null);
      write('localStorage', name, null);
    }

    /* One try. The server knows an answer by its key, so a repeat after a lost reply counts once. Only an address of
       this very form is believed: a clinic's Wi-Fi that asks to be paid answers «well done» to everything. */
    function send(what, from, done) {
      var request = new XMLHttpRequest();
      request.open('POST', what.to);
      request.timeout = PATIENCE;
      request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
      request.onloadend = function () {
        var at = request.responseURL.replace(/^https?:\/\/[^/]+/, '').split(/[?#]/)[0];
        var arrived = request.status === 200 && (at === from + '/thanks' || at === from + '/kept');
        done(arrived ? request.responseURL : '', OURS.indexOf(request.status) >= 0);
      };
      request.send('key=' + encodeURIComponent(what.key) + '&' + what.body);
    }
    function attempt() {
      clearTimeout(timer);
      if (!waiting || busy) { return; }
      if (!fresh(waiting)) { erase(); return; }
      busy = true;
      show('sending');
      send(waiting, path, function (address, refused) {
        var mine = waiting && waiting.key === key.value;
        busy = false;
        if (!waiting) { return; } // erased meanwhile
        if (address || refused) { forget(); }
        if (address && mine) {
          window.location.replace(address);
        } else if (refused && mine) {
          form.submit();
        } else if (address || refused) {
          window.location.reload(); // written before this page was opened: the server says how things stand
        } else {
          show('waiting');
          timer = setTimeout(attempt, Math.min(FIRST_PAUSE * Math.pow(2, tries), LONGEST_PAUSE));
          tries += 1;
        }
      });
    }
    function erase() {
      forget();
      form.reset();
      draw();
      show('erased');
    }

    /* Left by an earlier page: of this form it is shown and sent, of another organisation's sent and forgotten. */
    function sweep() {
      var names = [];
      try { names = Object.keys(window.localStorage); } catch (nothing) { return; }
      names.forEach(function (of) {
        var kept;
        if (of.indexOf(PREFIX) !== 0) { return; }
        kept = read('localStorage', of);
        if (!kept) {
          write('localStorage', of, null);
        } else if (of === name) {
          waiting = kept;
        } else {
          send(kept, of.slice(PREFIX.length).split(' ')[0], function (address, refused) {
            if (address || refused) { write('localStorage', of, null); }
          });
        }
      });
    }

    form.addEventListener('change', note);
    form.addEventListener('input', note);
    form.addEventListener('submit', function (event) {
      var other = read('localStorage', name);
      event.preventDefault();
      if (busy) { return; }
      if (other && other.key !== key.value) { key.value = other.key; } // of two tabs the server keeps the first
      waiting = { at: Date.now(), to: door, key: key.value, body: said() };
      write('localStorage', name, waiting);
      tries = 0;
      attempt();
    });
    box.querySelector('button').addEventListener('click', erase);
    window.addEventListener('online', attempt);
    document.addEventListener('visibilitychange', function () { if (!document.hidden) { attempt(); } });

    var draft = read('sessionStorage', name);
    if (draft && !summary) {
      fill(draft.body);
      key.value = draft.key;
      show('back');
    } else {
      write('sessionStorage', name, null);
      if (summary) { note(); }
    }
    sweep();
    attempt();
  }
}());
