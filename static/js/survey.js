/* Courtesies of a recipient's form, which is whole without them: a thin bar that shows how much is answered, the focus
   on the first error, and answers that outlive a reload and a lost connection (docs/decisions/0037).

   What is being written lies in this tab's own storage and dies with the tab: the next person of a shared telephone
   opens a clean form. What was sent and has not arrived lies in the device's storage, each form under its own key, and
   goes one after another, the oldest first: the server knows by its mark on the device whether the next is one person
   too many. Kept for a day at most, forgotten at the press of a button. Syntax of 2012: tests/test_floor.py. */
(function () {
  'use strict';
  var DAY = 24 * 60 * 60 * 1000;
  var FIRST_PAUSE = 5000;
  var LONGEST_PAUSE = 300000;
  var PATIENCE = 60000;
  var REFUSALS = [400, 404, 409, 410, 413, 422]; // the page that follows says what became of it
  var FINAL = [409, 410]; // what was written has no second try
  var OWN = 'Nok-Own'; // said by our service only: a gateway's refusal is a lost connection
  var PREFIX = 'nok ';

  var form = document.getElementById('survey');
  var bar = document.querySelector('progress.progress');
  var summary = document.querySelector('.errors');
  var wrong = document.querySelector('[autofocus]'); // the first error; a browser of 2018 leaves the focus elsewhere
  var box = document.getElementById('keeping');
  var others = document.getElementById('others'); // what is said of answers that somebody sent from here before

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

  if (wrong) { wrong.focus(); }
  if (form) {
    form.addEventListener('change', draw);
    window.addEventListener('pageshow', draw);
  }
  if (others && window.JSON && 'responseURL' in XMLHttpRequest.prototype) { keep(); }
  if (form) { draw(); }

  function keep() {
    var door = others.getAttribute('data-door');
    var path = door.split('?')[0];
    var again = /[?&]again=/.test(door);
    var draftName = PREFIX + path + (again ? ' again' : '');
    var met = false; // somebody's earlier answers went, or tried to, while this page was open
    var key = form && form.elements.key;
    var pass = form && form.elements.pass; // each answer brings its own: somebody else may show theirs meanwhile
    var mine = null; // {at, to, key, body, pass, as}: sent from this page, and not there yet
    var written = 0; // when the draft was last touched, also where nothing can be stored
    var busy = false;
    var stuck = {}; // addresses and keys of what did not go in this round
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
        if (chosen && field.name && field !== key && field !== pass) {
          pairs.push(encodeURIComponent(field.name) + '=' + encodeURIComponent(field.value));
        }
      });
      return pairs.join('&');
    }
    function fill(body) {
      var told = {};
      body.split('&').forEach(function (pair) { told[pair] = true; });
      each(function (field) {
        if (field === key || field === pass || !field.name) { return; }
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
    function tell(what, isSo) {
      Array.prototype.forEach.call(others.querySelectorAll('[data-others="' + what + '"]'), function (line) {
        line.hidden = !isSo;
        if (isSo) { others.hidden = false; }
      });
    }
    function draft(body) {
      written = body ? Date.now() : 0;
      write('sessionStorage', draftName, body ? { at: Date.now(), key: key.value, body: body } : null);
    }
    function note() {
      var body = said();
      draft(body);
      if (body && !mine) { show('writing'); }
    }

    /* Everything that waits on this device: of this address first, the oldest first, as every open tab sees it. */
    function queue() {
      var found = mine ? [mine] : [];
      var names = [];
      try { names = Object.keys(window.localStorage); } catch (nothing) { /* as above */ }
      names.forEach(function (as) {
        var kept = as.indexOf(PREFIX) === 0 ? read('localStorage', as) : false;
        if (kept === null) { write('localStorage', as, null); }
        if (!kept || mine && kept.key === mine.key) { return; }
        kept.as = as;
        found.push(kept);
      });
      return found.sort(function (one, other) {
        return isHere(other) - isHere(one) || one.at - other.at || (one.key < other.key ? -1 : 1);
      });
    }
    function pathOf(entry) { return entry.to.split('?')[0]; }
    function isHere(entry) { return pathOf(entry) === path; }
    function isForeign(entry) { return isHere(entry) && entry !== mine; }
    function drop(entry) { write('localStorage', entry.as, null); }
    function put(entry) { write('localStorage', entry.as, entry); }

    /* One try. The server knows an answer by its key, so a repeat after a lost reply counts once. Only an address of
       this very form is believed: a clinic's Wi-Fi that asks to be paid answers «well done» to everything. */
    function send(entry, done) {
      var request = new XMLHttpRequest();
      request.open('POST', entry.to);
      request.timeout = PATIENCE;
      request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
      request.onloadend = function () {
        var at = request.responseURL.replace(/^https?:\/\/[^/]+/, '').split(/[?#]/)[0];
        var from = pathOf(entry);
        var arrived = request.status === 200 && (at === from + '/thanks' || at === from + '/kept');
        var heard = request.getResponseHeader(OWN) !== null;
        done(arrived ? request.responseURL : '', heard && REFUSALS.indexOf(request.status) >= 0 ? request.status : 0, heard);
      };
      var shown = entry.pass ? '&pass=' + encodeURIComponent(entry.pass) : '';
      request.send('key=' + encodeURIComponent(entry.key) + shown + '&' + entry.body);
    }
    function expire() {
      if (mine && !fresh(mine) || written && !fresh({ at: written })) { erase(); }
    }
    function attempt() {
      expire();
      if (busy) { return; }
      stuck = {};
      next();
    }
    function next() {
      var left = queue().filter(function (entry) { return !entry.refused; });
      var entry = left.filter(function (one) { return !stuck[pathOf(one)] && !stuck[one.key]; })[0];
      clearTimeout(timer);
      if (!entry) {
        if (left.length) {
          timer = setTimeout(attempt, Math.min(FIRST_PAUSE * Math.pow(2, tries), LONGEST_PAUSE));
          tries += 1;
        }
        return;
      }
      busy = true;
      met = met || isForeign(entry);
      if (mine && isHere(entry)) { show('sending'); }
      send(entry, function (address, refused, heard) {
        busy = false;
        if (!address && !refused) {
          stay(entry, heard);
        } else if (entry === mine) {
          leave(address, refused);
          return;
        } else if (!key || entry.key !== key.value) { // else it was erased meanwhile
          settle(entry, address, refused);
        }
        next();
      });
    }
    /* Where the service stumbles over one answer, those behind it do not wait for that one. */
    function stay(entry, heard) {
      stuck[heard ? entry.key : pathOf(entry)] = true;
      if (mine && isHere(entry)) { show('waiting'); }
      if (isForeign(entry) && (!key || entry.key !== key.value)) { warn(true); }
    }
    /* This page's own form: on to the server's page. What was written stays in the tab until it is counted. Whom the
       server takes for the person before is asked first. */
    function leave(address, refused) {
      drop(mine);
      if (met && !again && /\/kept([?#]|$)/.test(address)) {
        mine = null;
        show('back');
        tell('another', true);
        next();
        return;
      }
      if (address || FINAL.indexOf(refused) >= 0) { draft(''); } else { draft(mine.body); }
      mine = null;
      if (address) { window.location.replace(address); } else { form.submit(); }
    }
    /* A form of somebody before, or of another page: whoever sits here now keeps what they have written. */
    function settle(entry, address, refused) {
      if (!isHere(entry)) { // told when that page is opened
        entry.refused = refused;
        if (address) { drop(entry); } else { put(entry); }
        return;
      }
      drop(entry);
      if (address && form && !again && !said()) {
        window.location.reload(); // the server says how things stand
        return;
      }
      warn(false);
      tell(address ? 'sent' : 'refused', true);
      tell('another', address && !again);
    }
    function warn(isWaiting) {
      tell('waiting', isWaiting);
      if (isWaiting) { tell('another', !again); }
    }
    function erase() {
      if (mine) { drop(mine); }
      mine = null;
      draft('');
      each(function (field) { // a page of errors came with answers in it
        field.defaultChecked = false;
        if (field.type === 'textarea') { field.defaultValue = ''; }
      });
      form.reset();
      draw();
      show('erased');
    }
    function another() {
      if (again) { return; }
      draft('');
      again = true;
      draftName += ' again';
      door += (door.indexOf('?') < 0 ? '?' : '&') + 'again=1';
      form.setAttribute('action', door);
      window.history.replaceState(null, '', door); // a reload brings the same clean form
      if (mine) {
        mine.to = door;
        put(mine);
      }
      draft(said());
      tell('another', false);
      tell('apart', true);
    }
    function wipe() {
      queue().filter(isForeign).forEach(drop);
      tell('waiting', false);
      tell('another', false);
      tell('wiped', true);
    }
    function pressed(what, act) {
      var button = others.querySelector('[data-press="' + what + '"]');
      if (button) { button.addEventListener('click', act); }
    }

    function begin() {
      var before = read('sessionStorage', draftName);
      if (before && !summary) {
        fill(before.body);
        key.value = before.key;
        written = before.at;
        show('back');
        mine = queue().filter(function (entry) { return entry.key === key.value; })[0] || null;
        if (mine && mine.refused) {
          drop(mine);
          mine = null;
        }
      } else {
        draft('');
        if (summary) { note(); }
      }
      form.addEventListener('change', note);
      form.addEventListener('input', note);
      form.addEventListener('submit', function (event) {
        event.preventDefault();
        if (mine && busy) { return; }
        mine = { at: Date.now(), to: door, key: key.value, body: said(), as: PREFIX + path + ' ' + key.value };
        if (pass) { mine.pass = pass.value; }
        put(mine);
        draft(mine.body);
        tries = 0;
        show('sending');
        box.parentNode.insertBefore(others, box); // where the eyes are
        stuck = {};
        attempt();
      });
      box.querySelector('button').addEventListener('click', erase);
      pressed('another', another);
    }

    if (form) { begin(); } else { tell('back', read('sessionStorage', draftName)); }
    pressed('wipe', wipe);
    queue().filter(isForeign).forEach(function (entry) {
      if (!entry.refused) { return; }
      drop(entry);
      tell('refused', true);
    });
    window.addEventListener('online', attempt);
    window.addEventListener('pageshow', expire);
    document.addEventListener('visibilitychange', function () { if (!document.hidden) { attempt(); } });
    attempt();
  }
}());
