/* Review of scans by keys alone (templates/operator/scans/marks.html). A key decides and the next crop stands at once:
   crops come ahead of need, decisions go behind (keying-post.js). The page is whole without this file. */

import { Post } from './keying-post.js';

const AHEAD = 8; // crops fetched before they are needed
const FEW = 10; // so few questions in hand: ask for more
const BEHIND = 20; // decisions that may be looked at again
const AGAIN = 15000;

const form = document.getElementById('marks');
const say = document.getElementById('say').dataset;
const told = document.getElementById('told');
const leftLine = document.getElementById('left');
const asks = document.getElementById('asks');
const stage = document.getElementById('stage');
const choices = document.getElementById('choices');
const before = document.getElementById('before');
const previousLink = document.getElementById('previous');
const zoomButton = document.getElementById('zoom');
const small = window.matchMedia('(max-width:54.99em)');
const onward = document.getElementById('onward');
const beside = ['whole', 'leave', 'keys'].map((id) => document.getElementById(id)); // of use while there is a crop
const broken = document.getElementById('no-picture');

const line = JSON.parse(form.dataset.items).map((item) => ({ ...item }));
const known = new Set(line.map((item) => item.token));
let at = 0;
let left = Number(form.dataset.left);
let asking = false;
let exhausted = false; // the service had nothing more the last time
let ended = false; // it never had more since
let shown = null;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

/* The picture itself, loaded once: what waits in `line` holds it, so nothing is fetched twice. */
function picture(item) {
  if (!item.image) {
    item.image = new Image();
    [item.image.alt, item.image.width, item.image.height] = [say.alt, ...item.size];
    item.image.addEventListener('error', () => { item.failed = true; if (line[at] === item) { broken.hidden = false; } });
    item.image.src = item.picture;
  }
  return item.image;
}

function named(item, value) {
  const own = item.choices.find(([code]) => code === value);
  return own ? own[1] : { '': say.none, '*': say.two, '?': say.unreadable }[value];
}

function draw() {
  const item = line[at];
  previousLink.hidden = at === 0 && previousLink.search === '';
  zoomButton.hidden = !item;
  if (item === shown) { return; }
  shown = item;
  form.hidden = !item;
  for (const part of beside) { part.hidden = !item; }
  broken.hidden = !(item && item.failed);
  if (!item) {
    stage.replaceChildren();
    return;
  }
  form.elements.token.value = item.token;
  document.getElementById('number').textContent = item.number || '';
  document.getElementById('caption').textContent = item.caption;
  document.getElementById('wording').textContent = item.wording;
  stage.replaceChildren(picture(item));
  zoom(small.matches);
  choices.replaceChildren(...item.choices.map(([value, text], place) => {
    const button = document.createElement('button');
    const key = document.createElement('kbd');
    Object.assign(button, { className: 'choice', name: 'value', value });
    key.textContent = place + 1;
    button.append(key, ` ${text}`);
    return button;
  }));
  for (const button of form.querySelectorAll('button')) { button.classList.toggle('was', item.value === button.value); }
  before.textContent = item.value === undefined ? '' : fill(say.before, { answer: named(item, item.value) });
}

/* To another place of the line; the focus rests on the question, so that a space never presses a button by chance. */
function go(place) {
  at = Math.max(0, Math.min(line.length, place));
  if (at > BEHIND) {
    line.splice(0, at - BEHIND);
    at = BEHIND;
  }
  draw();
  if (line[at]) { asks.focus({ preventScroll: true }); }
  line.slice(at, at + AHEAD).forEach(picture);
  if (line.length - at < FEW && !exhausted) { more(); }
  announce();
}

function decide(value) {
  const item = line[at];
  if (!item) { return; }
  const first = item.value === undefined;
  if (item.value !== value) {
    item.value = value;
    if (first) { left = Math.max(0, left - 1); }
    post.add({ id: `${item.token}-${Date.now()}`, at: Date.now(), address: form.getAttribute('action'), item, fields: [['token', item.token], ['value', value]] });
  }
  let next = at + 1;
  while (next < line.length && line[next].value !== undefined) { next += 1; }
  go(next);
}

async function more() {
  if (asking) { return; }
  asking = true;
  let trouble = false;
  try {
    const body = new URLSearchParams([['csrf_token', post.token]]);
    const answer = await fetch(form.dataset.more, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'manual' });
    if (answer.ok) {
      const found = await answer.json();
      const fresh = found.items.filter((item) => !known.has(item.token));
      fresh.forEach((item) => known.add(item.token));
      line.push(...fresh);
      exhausted = ended = !fresh.length;
      left = Math.max(0, found.left - post.queue.length);
    } else {
      trouble = true;
      if (answer.status === 400) { await post.renew(); }
    }
  } catch { trouble = true; }
  asking = false;
  if (trouble || exhausted) { setTimeout(() => { exhausted = false; if (line.length - at < FEW) { more(); } }, AGAIN); }
  draw();
  line.slice(at, at + AHEAD).forEach(picture);
  announce();
}

function tell(text, bad = false, sign = false) {
  told.replaceChildren();
  if (!text) { return; }
  const words = document.createElement('p');
  words.textContent = text;
  words.classList.toggle('bad', bad);
  told.append(words);
  if (sign) {
    const link = document.createElement('a');
    Object.assign(link, { className: 'button second', href: form.dataset.signIn, target: '_blank', textContent: say.signIn });
    told.append(link);
  }
}

let said = '';
let lasting = '';
function announce() {
  const count = post.queue.length;
  const text = fill(say.left, { count: left });
  if (leftLine.textContent !== text) { leftLine.textContent = text; }
  let words = lasting;
  if (post.trouble === 'signed-out') { words = fill(say.signedOut, { count }); }
  else if (post.trouble) { words = fill(say.offline, { count }); }
  else if (!words && !line[at]) { words = asking ? say.wait : left ? say.elsewhere : say.done; }
  const over = ended && !line[at] && count === 0;
  if (over && onward.hidden) { setTimeout(() => onward.focus(), 0); }
  onward.hidden = !over;
  if (words !== said) { said = words; tell(words, Boolean(post.trouble || lasting), post.trouble === 'signed-out'); }
}

/* Whatever the service answers is the same for every crop; a refusal brings its crop back. */
function heard(entry, answer) {
  if (answer.left !== undefined) { left = Math.max(0, answer.left - post.queue.length); }
  lasting = '';
  if (answer.outcome === 'saved' || answer.outcome === 'repeated') { return; }
  post.drop(entry);
  if (answer.outcome === 'refused') {
    lasting = answer.text;
    delete entry.item.value;
    const place = line.indexOf(entry.item);
    if (place >= 0) { shown = null; go(place); }
  }
}

/* Near: the boxes with their words fill the width. Which box is meant nobody is told. */
function zoom(near) {
  const item = line[at];
  const [left, right, middle] = item ? item.near : [0, 1, 0.5];
  const times = near ? Math.min(3, Math.max(small.matches ? 1 : 2, 1 / (right - left))) : 1;
  stage.classList.toggle('near', near);
  if (item) {
    const image = picture(item);
    image.style.width = near ? `${times * 100}%` : '';
    stage.scrollLeft = left * image.width;
    stage.scrollTop = middle * image.height - stage.clientHeight / 2;
  }
  zoomButton.setAttribute('aria-pressed', String(near));
}

const KEYS = {
  Backspace: () => back(), ArrowLeft: () => back(), ArrowRight: () => { if (line[at] && line[at].value !== undefined) { go(at + 1); } },
  Digit0: () => decide(''), Numpad0: () => decide(''), Space: () => decide(''), KeyD: () => decide('*'), KeyN: () => decide('?'),
  KeyZ: () => zoom(!stage.classList.contains('near')),
};

function back() {
  if (at > 0) { go(at - 1); } else if (previousLink.search && !previousLink.hidden) { window.location.assign(previousLink.href); }
}

/* By the place on the keyboard, so that neither layout matters. */
document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) { return; }
  const native = event.target.closest('a, button, summary') && (event.code === 'Space' || event.code === 'Enter');
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  const scrolls = event.target === stage && event.code.startsWith('Arrow');
  if (native || scrolls || (!digit && !Object.hasOwn(KEYS, event.code))) { return; }
  event.preventDefault();
  if (!digit) { KEYS[event.code](); return; }
  const choice = line[at] && line[at].choices[Number(digit[1]) - 1];
  if (choice) { decide(choice[0]); }
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.submitter && event.submitter.name === 'value') { decide(event.submitter.value); }
});
previousLink.addEventListener('click', (event) => { if (at > 0) { event.preventDefault(); back(); } });
zoomButton.addEventListener('click', () => zoom(!stage.classList.contains('near')));
stage.addEventListener('click', () => zoom(!stage.classList.contains('near')));

const post = new Post({
  stateAddress: form.dataset.state, batch: '', user: form.dataset.user, token: form.elements.csrf_token.value,
  refusal: say.refusal, heard, changed: announce, stored: false,
});

/* The first crop is on its way already: the page itself asked for it. */
function adopt(item, image) {
  item.image = image;
  item.failed = image.complete && !image.naturalWidth;
  image.addEventListener('error', () => { item.failed = true; if (line[at] === item) { broken.hidden = false; } });
}

adopt(line[0], document.getElementById('picture'));
go(0);
