/* The keying screen by keys alone (templates/operator/keying/form.html). A digit answers and moves on, the screen of the
   next sheet stands at once, and saving goes on behind it (keying-post.js). The page is whole without this file. */

import { Post } from './keying-post.js';

const form = document.getElementById('keying');
const say = document.getElementById('say').dataset;
const told = document.getElementById('told');
const numberField = document.getElementById('number');
const counts = document.getElementById('counts');
const saveButton = document.getElementById('save');
const spoil = document.getElementById('spoil');
const wording = document.getElementById('wording');
const previousLink = document.getElementById('previous');
const words = [...form.querySelectorAll('textarea')];
const mode = form.dataset.mode;
const BLANKS = new Set([' ', '0', '.', ',', '-']);
const DOUBLES = new Set(['*', '+', '/']);
const SEX = { м: 'male', m: 'male', v: 'male', ж: 'female', f: 'female', ';': 'female' };

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

/* One question: `answer` is undefined until it is met, '' when there is no answer on the paper. */
class Box {
  constructor(element) {
    this.element = element;
    this.id = element.dataset.q;
    this.when = Object.entries(JSON.parse(element.dataset.when || '{}'));
    this.radios = [...element.querySelectorAll('input[type=radio]')];
    this.choices = this.radios.filter((radio) => radio.value !== '');
    this.years = element.querySelector('.age');
    this.bands = this.years && JSON.parse(this.years.dataset.bands || 'null');
    this.band = element.querySelector('.band');
    this.note = element.querySelector('.note');
    this.name = (this.years || this.radios[0]).name;
    this.fields = this.years ? [this.years] : this.radios;
    this.read();
  }

  read() {
    const chosen = this.radios.find((radio) => radio.checked);
    this.double = false;
    this.answer = this.years ? this.years.value || undefined : chosen && chosen.value;
  }

  set(answer, double = false) {
    this.answer = answer;
    this.double = double;
    if (this.years) { this.years.value = answer || ''; }
    this.radios.forEach((radio) => { radio.checked = answer !== undefined && radio.value === answer; });
  }

  get field() { return this.years || this.radios.find((radio) => radio.checked) || this.radios[0]; }

  draw(onPath, now) {
    this.element.classList.toggle('off', !onPath);
    this.element.classList.toggle('now', now);
    if (this.band && this.bands) {
      const found = this.answer ? this.bands.filter(([from]) => from <= Number(this.answer)).pop() : null;
      this.band.textContent = found ? found[1] : this.answer === '' ? say.blank : say.years;
    }
    const note = !onPath ? (this.answer ? say.offMarked : say.off) : this.double ? say.double : '';
    if (this.note.textContent !== note) { this.note.textContent = note; }
  }
}

const boxes = [...form.querySelectorAll('.box')].map((element) => new Box(element));
const byId = new Map(boxes.map((box) => [box.id, box]));
let ahead = JSON.parse(form.dataset.numbers).filter((number) => String(number) !== numberField.value);
let keyed = Number(form.dataset.keyed);
let mine = Number(form.dataset.mine);
let now = 0; // boxes.length: past the last question, Enter saves
let armed = false; // Enter was pressed before the end once
let busy = false; // the second keying waits for its next sheet, a correction for its answer
let held = []; // keys pressed meanwhile
let stray = false; // something was typed that no question takes
let pastWords = false; // Tab led out of the proposals: it leads on, not back into them
let fixing = mode === 'own' ? { stash: null, sent: true } : null;
let previous = null; // the sheet saved last on this page
let address = form.getAttribute('action');

const onPath = (box) => box.when.every(([id, value]) => {
  const filter = byId.get(id);
  return filter && filter.answer === value && onPath(filter);
});
const asked = () => boxes.filter(onPath);

function draw() {
  boxes.forEach((box, place) => box.draw(onPath(box), place === now));
  const shown = boxes[now];
  if (!wording.hidden) { wording.textContent = shown ? document.querySelector(`[data-wording="${shown.id}"]`).textContent : ''; }
}

function go(place) {
  now = Math.max(0, Math.min(boxes.length, place));
  pastWords = false;
  boxes.forEach((box, at) => box.fields.forEach((field) => { field.tabIndex = at === now && field === box.field ? 0 : -1; }));
  const target = boxes[now] ? boxes[now].field : saveButton;
  target.focus({ preventScroll: now === 0 });
  draw();
}

function forward() {
  let place = now + 1;
  while (place < boxes.length && !onPath(boxes[place])) { place += 1; }
  go(place);
}

function back() {
  let place = now - 1;
  while (place > 0 && !onPath(boxes[place])) { place -= 1; }
  go(place);
}

/* What is said above the questions: plain words, and buttons for whoever must choose. */
function tell(text, bad = false, choices = []) {
  told.replaceChildren();
  if (!text) { return; }
  const line = document.createElement('p');
  line.textContent = text;
  line.classList.toggle('bad', bad);
  told.append(line);
  for (const [label, act] of choices) {
    const button = document.createElement(typeof act === 'string' ? 'a' : 'button');
    button.className = 'button second';
    button.textContent = label;
    if (typeof act === 'string') { Object.assign(button, { href: act, target: '_blank' }); } else {
      button.type = 'button';
      button.addEventListener('click', () => { act(); go(now); });
    }
    told.append(button);
  }
}

function line() {
  const unsent = post.queue.length;
  const parts = mode === 'second'
    ? [busy ? say.saving : fill(say.left, { count: Math.max(0, mine - 1) })]
    : [[fill(say.keyed, { count: keyed + unsent }), say.of].filter(Boolean).join(' '), ...(mine ? [fill(say.mine, { count: mine })] : [])];
  if (stray) { parts.push(say.stray); }
  if (unsent && post.trouble) { parts.push(fill(say.unsent, { count: unsent })); }
  const text = parts.join(' · ');
  if (counts.textContent !== text) { counts.textContent = text; }
}

/* Trouble and questions come before anything else that might be said. */
function announce() {
  line();
  const numbers = post.queue.map((entry) => entry.number).join(', ');
  const open = post.queue.find((entry) => entry.question);
  if (post.trouble === 'signed-out') { tell(fill(say.signedOut, { numbers }), true, [[say.signIn, form.dataset.signIn]]); }
  else if (post.trouble) { tell(fill(say.offline, { numbers }), true); }
  else if (open) { ask(open); }
  else if (!post.keeps && post.queue.length) { tell(say.noStore, true); }
  else if (told.dataset.lasting !== 'yes') { tell(''); }
}

function ask(entry) {
  const choices = [[say.open, () => { post.drop(entry); load(entry, false); }], [say.forget, () => post.drop(entry)]];
  if (entry.question.outcome === 'taken') {
    const other = ahead[0] || Number(entry.number) + 1;
    choices.splice(0, 2, [fill(say.otherSheet, { number: other }), () => renumber(entry, other)]);
    if (entry.question.may_replace) { choices.push([say.replace, () => replace(entry)]); }
    choices.push([say.drop, () => post.drop(entry)]);
  }
  tell(`№ ${entry.number}. ${entry.question.text}`, true, choices);
}

function renumber(entry, number) {
  ahead = ahead.filter((one) => one !== number);
  entry.number = String(number);
  entry.fields = entry.fields.map(([name, value]) => [name, name === 'number' ? entry.number : value]);
  delete entry.question;
  post.change(entry);
  lasting(fill(say.renumbered, { number }));
}

function replace(entry) {
  entry.fields = [...entry.fields, ['choice', 'instead']];
  delete entry.question;
  post.change(entry);
}

/* Said until the next sheet is saved. */
function lasting(text) {
  told.dataset.lasting = 'yes';
  tell(text);
}

function heard(entry, answer) {
  if (answer.keyed !== undefined) { keyed = answer.keyed; }
  if (answer.mine !== undefined) { mine = answer.mine; }
  if (answer.numbers && mode !== 'second') {
    const aside = fixing && fixing.stash ? [new Map(fixing.stash).get('number')] : [];
    const here = new Set([numberField.value, ...aside, ...post.queue.map((one) => one.number)]);
    ahead = answer.numbers.filter((number) => !here.has(String(number)));
  }
  if (mode === 'second' && entry.address === address) { follow(answer); }
  if (mode === 'own') {
    busy = false;
    if (answer.outcome === 'saved' || answer.outcome === 'repeated') { window.location.assign(form.dataset.putRight); }
  }
}

/* The second keying goes on with the sheet that the service names. */
function follow(answer) {
  busy = false;
  const typed = held;
  held = [];
  if (answer.outcome !== 'saved') { return; }
  if (!answer.next) { window.location.assign(form.dataset.again); return; }
  address = answer.address;
  numberField.value = answer.next;
  document.querySelector('[data-hold]').dataset.hold = answer.subject;
  clear();
  typed.forEach(key);
}

function clear() {
  boxes.forEach((box) => box.set(undefined));
  words.forEach((area) => { area.value = ''; area.disabled = false; });
  spoil.open = false;
  armed = false;
  go(0);
}

function filled() {
  const fields = [['number', numberField.value], ...boxes.map((box) => [box.name, box.answer || ''])];
  return [...fields, ...words.filter((area) => !area.disabled).map((area) => [area.name, area.value])];
}

/* Past every check: the sheet goes to the post, the next stands on the screen in the same breath. */
function save(spoiled = '') {
  if (!/^[1-9]\d{0,3}$/.test(numberField.value.trim())) { lasting(say.number); numberField.focus(); return; }
  const old = boxes.find((box) => box.bands && box.answer && Number(box.answer) > 130);
  if (old) { lasting(say.age); go(boxes.indexOf(old)); return; }
  if (!spoiled && !asked().some((box) => box.answer) && !words.some((area) => area.value.trim())) { lasting(say.empty); return; }
  told.dataset.lasting = '';
  const entry = { id: `${Date.now()}-${Math.random().toString(36).slice(2)}`, at: Date.now(), address, number: numberField.value.trim(), fields: filled() };
  if (spoiled) { entry.fields.push(['spoiled', spoiled]); }
  if (fixing && fixing.sent) { entry.fields.push(['choice', 'instead']); }
  previous = entry;
  if (previousLink) {
    previousLink.hidden = false;
    previousLink.textContent = fill(say.previous, { number: entry.number });
  }
  if (mode === 'first') { next(); } else { busy = true; saveButton.focus(); }
  post.add(entry);
  announce();
}

function next() {
  const stash = fixing && fixing.stash;
  const was = Number(numberField.value);
  fixing = null;
  numberField.readOnly = false;
  if (stash) { restore(stash); return; }
  const coming = ahead.shift() || was + 1;
  numberField.value = coming;
  clear();
  if (say.sheets && coming > Number(say.sheets)) { lasting(fill(say.beyond, { count: say.sheets })); }
}

function restore(fields) {
  const values = new Map(fields);
  numberField.value = values.get('number');
  boxes.forEach((box) => box.set(values.get(box.name) || undefined));
  words.forEach((area) => { area.value = values.get(area.name) || ''; area.disabled = false; });
  const empty = boxes.findIndex((box) => onPath(box) && box.answer === undefined);
  go(empty < 0 ? boxes.length : empty);
}

/* A saved sheet back on the screen; what was begun is laid aside and comes back afterwards. */
function load(entry, sent) {
  const stash = filled();
  const begun = boxes.some((box) => box.answer !== undefined) || words.some((area) => area.value);
  ahead = begun ? ahead : [Number(numberField.value), ...ahead.filter((number) => String(number) !== numberField.value)];
  restore(entry.fields);
  boxes.forEach((box) => { if (box.answer === undefined && onPath(box)) { box.set(''); } });
  fixing = { stash: begun ? stash : null, sent };
  numberField.readOnly = sent;
  words.forEach((area) => { area.disabled = sent; });
  lasting(fill(say.fixing, { number: entry.number }));
  go(0);
}

function fix() {
  if (mode === 'second' || fixing) { return; }
  if (!previous) {
    if (previousLink && !previousLink.hidden) { window.location.assign(previousLink.href); } else { lasting(say.noneBefore); }
    return;
  }
  const unsent = post.queue.includes(previous) && !post.busy;
  if (unsent) { post.drop(previous); }
  load(previous, !unsent);
}

function enter() {
  const left = asked().filter((box) => box.answer === undefined).length;
  if (now >= boxes.length || !left || armed) { save(); return; }
  armed = true;
  lasting(fill(say.unfinished, { count: left }));
}

function escape() {
  if (fixing && mode !== 'own') { told.dataset.lasting = ''; tell(''); next(); return; }
  spoil.open = !spoil.open;
  if (spoil.open) { spoil.querySelector('button').focus(); } else { go(now); }
}

/* A digit of an age: two are enough from 14 on, a third or Enter settles the rest. */
function age(box, digit) {
  const typed = `${box.answer || ''}${digit}`.slice(0, 3);
  box.set(typed);
  if (typed.length === 3 || (typed.length === 2 && Number(typed) >= 14)) { forward(); } else { draw(); }
}

function digit(box, value) {
  if (box.years) { age(box, value); return; }
  const choice = box.choices[Number(value) - 1];
  if (choice) { box.set(choice.value); forward(); }
}

const ACTS = {
  Enter: enter, Escape: escape, F2: fix, ArrowUp: () => go(now - 1), ArrowDown: () => go(now + 1), ArrowLeft: back, ArrowRight: forward,
  Backspace() {
    const box = boxes[now];
    if (box && box.years && box.answer) { box.set(box.answer.slice(0, -1) || undefined); draw(); } else { back(); }
  },
  '?'() { wording.hidden = !wording.hidden; draw(); },
};
ACTS.F1 = ACTS['?'];

/* One key among the questions; true when it was ours. */
function key(pressed) {
  const box = boxes[now];
  if (spoil.open && /^[1-9]$/.test(pressed)) {
    const reason = spoil.querySelectorAll('button')[Number(pressed) - 1];
    if (reason) { save(reason.value); }
    return true;
  }
  if (pressed !== 'Enter') { armed = false; }
  if (Object.hasOwn(ACTS, pressed)) { ACTS[pressed](); return true; }
  if (box && box.years && /^\d$/.test(pressed) && !(pressed === '0' && !box.answer)) { age(box, pressed); return true; }
  if (/^[1-9]$/.test(pressed)) { if (box) { digit(box, pressed); } return Boolean(box); }
  if (BLANKS.has(pressed) || DOUBLES.has(pressed)) {
    if (box) { box.set('', DOUBLES.has(pressed)); forward(); }
    return true;
  }
  const sex = box && box.element.dataset.profile === 'sex' && SEX[pressed.toLowerCase()];
  if (sex) { box.set(sex); forward(); return true; }
  return false;
}

/* Whoever types words where digits are awaited is told so: they are on no sheet. */
function astray(yes) {
  if (stray !== yes) { stray = yes; line(); }
}

/* Tab leads from the questions to the proposals, wherever the questions ended; past them it is an ordinary Tab. */
function tab(event) {
  const among = boxes.some((box) => box.element.contains(event.target)) || (event.target === saveButton && !pastWords);
  if (event.shiftKey) { return; }
  pastWords = words.includes(event.target);
  if (!among || !words.length || words[0].disabled) { return; }
  event.preventDefault();
  astray(false);
  words[0].focus();
}

/* Ctrl+Enter out of the proposals: back to the question that waits, or, when none does, the sheet is saved. */
function outOf(target) {
  const whole = now >= boxes.length || asked().every((box) => box.answer !== undefined);
  if (words.includes(target) && !whole) { go(now); } else { enter(); }
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.altKey || event.metaKey) { return; }
  const target = event.target;
  const typing = target === numberField || words.includes(target);
  if (event.key === 'Enter' && event.ctrlKey) {
    event.preventDefault();
    if (!busy) { outOf(target); }
  } else if (event.key === 'Tab') {
    tab(event);
  } else if (event.ctrlKey) {
    return;
  } else if (typing) {
    if (event.key === 'Enter' && target === numberField) { event.preventDefault(); go(now); }
    if (event.key === 'Escape' || event.key === 'F2') { event.preventDefault(); go(now); ACTS[event.key](); }
  } else if (target.closest('a, summary, #told, #spoil button, .leave-row, .bar') && (event.key === 'Enter' || event.key === ' ')) {
    return;
  } else if (busy) {
    if (event.key.length === 1 || event.key === 'Enter' || event.key === 'Backspace') { held.push(event.key); event.preventDefault(); }
  } else if (key(event.key)) {
    event.preventDefault();
    astray(false);
  } else if (event.key.length === 1 && !event.ctrlKey) {
    event.preventDefault();
    astray(true);
  }
});

/* The mouse and other ways in: a chosen answer counts the same. */
form.addEventListener('change', (event) => {
  const box = boxes.find((one) => one.element.contains(event.target));
  if (box) { now = boxes.indexOf(box); box.read(); forward(); }
});
form.addEventListener('input', (event) => {
  const box = boxes.find((one) => one.years === event.target);
  if (box) { box.set(event.target.value.replace(/\D/g, '') || undefined); draw(); }
});
form.addEventListener('click', (event) => {
  const box = boxes.find((one) => one.element.contains(event.target));
  if (box && event.target === box.years) { now = boxes.indexOf(box); draw(); }
});
if (previousLink) {
  previousLink.addEventListener('click', (event) => {
    event.preventDefault();
    fix();
  });
}
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (busy) { return; }
  const reason = event.submitter && event.submitter.name === 'spoiled' ? event.submitter.value : '';
  if (reason) { save(reason); } else if (now >= boxes.length) { save(); } else { enter(); }
});

const post = new Post({
  stateAddress: form.dataset.state, batch: form.dataset.batch, user: form.dataset.user, token: form.elements.csrf_token.value,
  refusal: say.refusal, heard, changed: announce,
});

/* A form begun when the page was left comes back with the page. */
const DRAFT = `nok-draft/${form.dataset.user}/${form.dataset.batch}`;
function draft() {
  if (mode !== 'first') { return; }
  try {
    const text = sessionStorage.getItem(DRAFT);
    sessionStorage.removeItem(DRAFT);
    if (text) { restore(JSON.parse(text)); }
  } catch { /* a device that keeps nothing begins anew */ }
}
window.addEventListener('pagehide', () => {
  const begun = boxes.some((box) => box.answer !== undefined) || words.some((area) => area.value);
  if (mode !== 'first' || fixing || !begun) { return; }
  try { sessionStorage.setItem(DRAFT, JSON.stringify(filled())); } catch { /* nothing to be done */ }
});

function foreign() {
  for (const [name, count] of post.others) {
    const [user, batch] = name.split('/');
    if (batch === form.dataset.batch && user !== form.dataset.user) { lasting(fill(say.another, { count })); }
    if (user === form.dataset.user && batch !== form.dataset.batch) { lasting(fill(say.elsewhere, { batch, count })); }
  }
}

document.getElementById('keys').hidden = false;
if (mode === 'own') { boxes.forEach((box) => { if (box.answer === undefined && onPath(box)) { box.set(''); } }); }
form.noValidate = true;
go(0);
draft();
foreign();
post.send();
