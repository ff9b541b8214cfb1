/* The keying screen by keys alone (templates/operator/keying/form.html). A digit answers and moves on, the screen of the
   next sheet stands at once, and saving goes on behind it (keying-post.js). The page is whole without this file. */

import { Keys } from './keying-keys.js';
import { Post } from './keying-post.js';
import { Sheet } from './keying-sheet.js';

const form = document.getElementById('keying');
const say = document.getElementById('say').dataset;
const told = document.getElementById('told');
const number = document.getElementById('number');
const counts = document.getElementById('counts');
const end = document.getElementById('save');
const spoil = document.getElementById('spoil');
const previousLink = document.getElementById('previous');
const mode = form.dataset.mode;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const sheet = new Sheet(form, { say, end, number, wording: document.getElementById('wording') });
let ahead = JSON.parse(form.dataset.numbers).filter((one) => String(one) !== number.value);
let keyed = Number(form.dataset.keyed);
let mine = Number(form.dataset.mine);
let armed = false; // Enter was pressed before the end once
let busy = false; // the second keying waits for its next sheet, a correction for its answer
let held = []; // keys pressed meanwhile
let stray = false; // something was typed that no question takes
let fixing = mode === 'own' ? { stash: null, sent: true } : null;
let previous = null; // the sheet saved last on this page
let address = form.getAttribute('action');

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
      button.addEventListener('click', () => { act(); sheet.go(sheet.now); });
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

function renumber(entry, other) {
  ahead = ahead.filter((one) => one !== other);
  entry.number = String(other);
  entry.fields = entry.fields.map(([name, value]) => [name, name === 'number' ? entry.number : value]);
  delete entry.question;
  post.change(entry);
  lasting(fill(say.renumbered, { number: other }));
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
    const here = new Set([number.value, ...aside, ...post.queue.map((one) => one.number)]);
    ahead = answer.numbers.filter((one) => !here.has(String(one)));
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
  number.value = answer.next;
  document.querySelector('[data-hold]').dataset.hold = answer.subject;
  clear();
  typed.forEach((key) => keys.press(key));
}

function clear() {
  sheet.clear();
  spoil.open = false;
  armed = false;
}

/* Past every check: the sheet goes to the post, the next stands on the screen in the same breath. */
function save(spoiled = '') {
  if (!/^[1-9]\d{0,3}$/.test(number.value.trim())) { lasting(say.number); number.focus(); return; }
  const old = sheet.boxes.find((box) => box.bands && box.answer && Number(box.answer) > 130);
  if (old) { lasting(say.age); sheet.go(sheet.boxes.indexOf(old)); return; }
  if (!spoiled && sheet.empty) { lasting(say.empty); return; }
  told.dataset.lasting = '';
  const entry = { id: `${Date.now()}-${Math.random().toString(36).slice(2)}`, at: Date.now(), address, number: number.value.trim(), fields: sheet.fields };
  if (spoiled) { entry.fields.push(['spoiled', spoiled]); }
  if (fixing && fixing.sent) { entry.fields.push(['choice', 'instead']); }
  previous = entry;
  if (previousLink) {
    previousLink.hidden = false;
    previousLink.textContent = fill(say.previous, { number: entry.number });
  }
  if (mode === 'first') { next(); } else { busy = true; end.focus(); }
  post.add(entry);
  announce();
}

function next() {
  const stash = fixing && fixing.stash;
  const was = Number(number.value);
  fixing = null;
  number.readOnly = false;
  if (stash) { sheet.restore(stash); return; }
  const coming = ahead.shift() || was + 1;
  number.value = coming;
  clear();
  if (say.sheets && coming > Number(say.sheets)) { lasting(fill(say.beyond, { count: say.sheets })); }
}

/* A saved sheet back on the screen; what was begun is laid aside and comes back afterwards. */
function load(entry, sent) {
  const stash = sheet.fields;
  const { begun } = sheet;
  ahead = begun ? ahead : [Number(number.value), ...ahead.filter((one) => String(one) !== number.value)];
  sheet.restore(entry.fields);
  sheet.settle();
  fixing = { stash: begun ? stash : null, sent };
  number.readOnly = sent;
  sheet.words.forEach((area) => { area.disabled = sent; });
  lasting(fill(say.fixing, { number: entry.number }));
  sheet.go(0);
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
  const left = sheet.unanswered;
  if (sheet.done || !left || armed) { save(); return; }
  armed = true;
  lasting(fill(say.unfinished, { count: left }));
}

function escape() {
  if (fixing && mode !== 'own') { told.dataset.lasting = ''; tell(''); next(); return; }
  spoil.open = !spoil.open;
  if (spoil.open) { spoil.querySelector('button').focus(); } else { sheet.go(sheet.now); }
}

/* Whoever types words where digits are awaited is told so: they are on no sheet. */
function astray(yes) {
  if (stray !== yes) { stray = yes; line(); }
}

const flow = {
  save, enter, escape, fix, astray,
  touched() { armed = false; },
  hold(key) { held.push(key); },
  get busy() { return busy; },
};
const keys = new Keys(sheet, { flow, spoil, end, number });

/* The mouse and other ways in: a chosen answer counts the same. */
form.addEventListener('change', (event) => {
  const box = sheet.of(event.target);
  if (box) { sheet.stand(box); box.read(); sheet.forward(); }
});
form.addEventListener('input', (event) => {
  const box = sheet.boxes.find((one) => one.years === event.target);
  if (box) { box.set(event.target.value.replace(/\D/g, '') || undefined); sheet.draw(); }
});
form.addEventListener('click', (event) => {
  const box = sheet.of(event.target);
  if (box && event.target === box.years) { sheet.stand(box); sheet.draw(); }
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
  if (reason) { save(reason); } else if (sheet.done) { save(); } else { enter(); }
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
    if (text) { sheet.restore(JSON.parse(text)); }
  } catch { /* a device that keeps nothing begins anew */ }
}
window.addEventListener('pagehide', () => {
  if (mode !== 'first' || fixing || !sheet.begun) { return; }
  try { sessionStorage.setItem(DRAFT, JSON.stringify(sheet.fields)); } catch { /* nothing to be done */ }
});

function foreign() {
  for (const [name, count] of post.others) {
    const [user, batch] = name.split('/');
    if (batch === form.dataset.batch && user !== form.dataset.user) { lasting(fill(say.another, { count })); }
    if (user === form.dataset.user && batch !== form.dataset.batch) { lasting(fill(say.elsewhere, { batch, count })); }
  }
}

document.getElementById('keys').hidden = false;
if (mode === 'own') { sheet.settle(); }
form.noValidate = true;
sheet.go(0);
draft();
foreign();
post.send();
