/* The telephone by keyboard. The pages are whole without it: an interview is then a page a question.
   With it all questions are in one page, and what was answered is kept in this tab alone until the call is over. */
'use strict';

const KEPT = 'nok-phone';
const place = document.querySelector('[data-phone]');

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)) || {}; } catch { return {}; }
}

if (place && !('keep' in place.dataset) && kept().call !== place.dataset.call) {
  sessionStorage.removeItem(KEPT);
}

function isTyping(target) {
  return target.matches('textarea, select, input:not([type=radio])');
}

function isChord(event) { return event.ctrlKey || event.altKey || event.metaKey; }

/* The call: a digit is an outcome, or leads to where the time is written. What erases the number waits for Enter. */
function callByKeys(event) {
  if (isTyping(event.target) || isChord(event) || event.repeat || !/^[1-9]$/.test(event.key)) { return; }
  const button = document.querySelector(`button[data-key="${event.key}"]`);
  if (button && 'final' in button.dataset) { button.focus(); } else if (button) { button.click(); }
  if (document.querySelector(`[data-focus="${event.key}"]`)) {
    event.preventDefault();
    document.getElementById('time').focus();
  }
}

/* The interview. */
function interview(form) {
  const questions = document.getElementById('questions');
  const steps = document.getElementById('steps');
  const onward = document.getElementById('onward');
  const back = document.getElementById('back');
  const pause = document.getElementById('pause');
  const paused = document.getElementById('paused');
  const shownError = steps.querySelector('.error:not([hidden])');
  const sections = Array.from(questions.content.cloneNode(true).querySelectorAll('.phone-step'));
  let at = form.elements.at.value;
  let since = 0;

  function inputs(section) { return Array.from(section.querySelectorAll('input, textarea')); }
  function value(section) {
    const closed = section.querySelector('input[type=radio]');
    if (!closed) { return inputs(section).map((input) => input.value)[0]; }
    const chosen = section.querySelector('input:checked');
    return chosen ? chosen.value : null;
  }
  function asked() {
    const known = {};
    return sections.filter((section) => {
      const when = section.dataset.id ? JSON.parse(section.dataset.when) : {};
      if (!Object.entries(when).every(([id, wanted]) => known[id] === wanted)) { return false; }
      const said = value(section);
      if (said) { known[section.dataset.id] = said; }
      return true;
    });
  }
  function save() {
    const answers = {};
    for (const section of asked()) {
      const said = value(section);
      if (section.dataset.id && said !== null) { answers[section.dataset.id] = said; }
    }
    sessionStorage.setItem(KEPT, JSON.stringify({ call: form.dataset.call, at, answers }));
  }
  function restore() {
    const memory = kept();
    if (memory.call !== form.dataset.call) { return; }
    for (const section of sections) {
      const said = (memory.answers || {})[section.dataset.id];
      if (said === undefined) { continue; }
      for (const input of inputs(section)) {
        if (input.type === 'radio') { input.checked = input.value === said; } else { input.value = said; }
      }
    }
    if (!shownError && asked().some((section) => section.dataset.id === memory.at)) { at = memory.at; }
  }
  function complain(section, words) {
    const error = section.querySelector('.error');
    if (error) { error.textContent = words; error.hidden = !words; }
  }
  function show(id) {
    const path = asked();
    at = id;
    for (const section of sections) {
      const here = section.dataset.id === id;
      section.hidden = !here;
      for (const input of inputs(section)) { input.disabled = !path.includes(section); }
      if (here) { (section.querySelector('textarea, input[type=text]') || section.querySelector('.phone-wording')).focus(); }
    }
    back.hidden = path[0].dataset.id === id;
    onward.value = id ? 'next' : 'finish';
    onward.firstChild.textContent = (id ? questions.dataset.next : questions.dataset.finish) + ' ';
    window.scrollTo(0, 0);
    save();
  }
  function current() { return sections.find((section) => section.dataset.id === at); }
  function move(step) {
    const path = asked();
    const here = path.indexOf(current());
    if (step > 0 && at && value(path[here]) === null) {
      complain(path[here], questions.dataset.missing);
      return;
    }
    complain(path[here], '');
    const next = path[here + step];
    if (next) { show(next.dataset.id); }
  }
  function tick() {
    const seconds = Math.floor((Date.now() - since) / 1000);
    const two = (number) => String(number).padStart(2, '0');
    document.getElementById('timer').textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  }
  function hush(on) {
    since = Date.now();
    tick();
    paused.hidden = !on;
    form.hidden = on;
    if (on) { document.getElementById('resume').focus(); } else { current().querySelector('.phone-wording').focus(); }
  }
  function byKeys(event) {
    const typing = isTyping(event.target);
    if (isChord(event)) { return; }
    if (event.code === 'KeyP' && !typing && !event.repeat) { event.preventDefault(); hush(paused.hidden); return; }
    if (!paused.hidden) { return; }
    if (/^[0-9]$/.test(event.key) && !typing) {
      const radio = current().querySelector(`input[data-key="${event.key}"]`);
      if (radio) { radio.checked = true; complain(current(), ''); save(); }
    } else if (event.key === 'Enter' && !event.shiftKey && !event.target.matches('button, a, summary')) {
      event.preventDefault();
      if (event.repeat) { return; }
      if (at) { move(1); } else { form.requestSubmit(onward); }
    } else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && !typing) {
      event.preventDefault();
      move(-1);
    }
  }

  for (const section of sections) { section.querySelector('.phone-wording').tabIndex = -1; }
  steps.removeAttribute('aria-live');
  steps.replaceChildren(...sections);
  form.noValidate = true;
  pause.hidden = false;
  document.querySelector('.phone-keys').hidden = false;
  restore();
  show(at);
  if (shownError) { complain(current(), shownError.textContent); }
  form.addEventListener('change', save);
  form.addEventListener('input', save);
  form.addEventListener('submit', (event) => {
    const go = event.submitter ? event.submitter.value : onward.value;
    if (go === 'next' || go === 'back') {
      event.preventDefault();
      move(go === 'next' ? 1 : -1);
    } else if (form.dataset.sent) {
      event.preventDefault();
    } else {
      form.dataset.sent = 'yes';
    }
  });
  window.addEventListener('pageshow', () => { delete form.dataset.sent; });
  pause.addEventListener('click', () => hush(true));
  document.getElementById('resume').addEventListener('click', () => hush(false));
  document.addEventListener('keydown', byKeys);
  setInterval(() => { if (!paused.hidden) { tick(); } }, 500);
}

if (place && place.dataset.phone === 'call') { document.addEventListener('keydown', callByKeys); }
if (place && place.dataset.phone === 'interview') { interview(place); }
