/* The screen in a hall: who stands before it, what he has said so far, and how all of that is forgotten.

   A person lives in `person` and nowhere else: no address, no history, no form, no storage. What is finished is
   sealed and laid down (device.js); what is not finished is dropped with the object. */
import { openStore, NoRoom } from '../store.js';
import { OFFLINE, ONLINE } from '../sender.js';
import { addresses, release, say, speak } from '../dom.js';
import { Batches, REVOKED } from './batches.js';
import { Caretaker } from './caretaker.js';
import { Device } from './device.js';
import { folded, refolded } from './fold.js';
import { measured } from './glass.js';
import { GRACE, Idle } from './idle.js';
import { guarded } from './keys.js';
import { Pairing } from './pairing.js';
import { path, said } from './path.js';
import { Reading } from './reading.js';
import { Renewal } from './renewal.js';
import { resting } from './resting.js';
import { able } from './sealing.js';
import * as screens from './screens.js';
import { chosen, STAFF } from './tongues.js';

const NO_LOOK = { large: false, contrast: false, aloud: false, language: '' };
const DEAF = 350; // ms after a screen was drawn: the second tap of a double one is no answer to the next question
const THANKS = 15; // seconds
const RENEWED = 5000; // ms: a newer release that has not come by then is waited for on a fresh page
const ROUND = 20000; // how often an idle screen asks itself whether it is still the right one

class Page {
  constructor(store) {
    Object.assign(this, { store, person: null, look: { ...NO_LOOK }, way: OFFLINE, shown: null, kind: '', ready: false });
    this.device = new Device(store, release);
    this.sender = new Batches(store, {
      addresses,
      device: () => this.device,
      report: () => this.device.report(),
      heard: (told) => this.heard(told),
      said: (way) => this.told(way),
    });
    this.pairing = new Pairing(this.sender, addresses, {
      shown: (code) => { this.shown = code; this.rest(true); },
      paired: (token) => this.paired(token),
    });
    this.idle = new Idle({ warned: (left) => this.warn(left), counted: (left) => this.count(left), gone: () => this.wipe() });
    this.reading = new Reading(() => { if (!this.person) this.rest(true); });
    this.renewal = new Renewal(addresses, release);
    this.caretaker = new Caretaker(this);
  }

  async start() {
    await this.device.start();
    this.ready = true;
    guarded(() => this.caretaker.comes());
    refolded(document.getElementById('screen'));
    this.rest();
    setInterval(() => this.rest(), ROUND);
    await this.renewal.start();
    await this.sender.start();
  }

  get settings() { return this.person ? this.person.settings : this.device.settings; }

  get language() { return chosen(this.settings, this.look.language); }

  get voiced() { return Boolean(this.settings && this.settings.aloud && this.reading.voice); }

  /* Words, plurals, voice and title at once. */
  speak(language) {
    speak(language);
    this.reading.language = language.code;
    document.title = say('page');
  }

  /* The way to the service, after each round of sending. */
  async told(way) {
    this.way = way;
    if (way === REVOKED && this.device.token && !this.device.revoked) await this.device.shutOut();
    await this.device.look();
    this.rest(this.kind === 'pairing');
  }

  async heard(told) {
    const before = this.device.settings;
    await this.device.heard(told);
    await this.renewal.heard(told.release);
    if (this.device.settings !== before) this.rest(true);
  }

  async paired(token) {
    await this.device.paired(token);
    this.shown = null;
    await this.sender.now();
    if (!this.device.settings) await this.sender.now(); // the round that was under way began without a token
    this.rest(true);
  }

  /* Nobody is here: the screen that suits the hour. Drawn only when it is another one, or `anew`. */
  rest(anew = false) {
    if (!this.ready || this.person || this.kind === 'service') return;
    if (this.renewal.freshen()) return;
    const kind = resting(this.device);
    if (kind === 'pairing') this.pairing.start();
    else this.pairing.stop();
    if (kind === this.kind && !anew) return;
    this.speak(kind === 'pairing' ? STAFF : this.language);
    const { settings } = this.device;
    const drawn = { pairing: screens.pairing, attract: screens.attract }[kind];
    this.draw(kind, drawn ? drawn(this) : screens.shut(kind, this, settings || {}));
  }

  draw(kind, { nodes, spoken }) {
    this.kind = kind;
    this.drawnAt = performance.now();
    const place = document.getElementById('screen');
    place.className = `screen at-${kind}`;
    place.replaceChildren(...nodes);
    document.getElementById('said').textContent = '';
    const { large, contrast } = this.look;
    const { dataset } = document.documentElement;
    if (large) dataset.size = 'large'; else delete dataset.size;
    if (contrast) dataset.contrast = 'high'; else delete dataset.contrast;
    measured(this.settings);
    folded(place);
    if (this.person) document.getElementById('heading').focus({ preventScroll: true });
    this.reading.say(spoken);
  }

  get deaf() {
    return performance.now() - this.drawnAt < DEAF;
  }

  begin() {
    if (this.deaf) return;
    const { settings } = this.device;
    this.person = { settings, answers: {}, at: 0, day: this.device.day() };
    this.idle.start(settings.idle);
    this.ask();
  }

  /* The question that stands at `person.at` on this person's own way; after the last one, the review. */
  ask() {
    const { person } = this;
    person.asked = path(person.settings.form.questions, person.answers);
    person.now = person.asked[person.at];
    person.number = person.at + 1;
    if (person.now) this.draw('question', screens.question(this));
    else this.draw('review', screens.review(this));
  }

  choose(value) {
    if (this.deaf) return;
    const { answers, now } = this.person;
    if (value === null) delete answers[now.id];
    else answers[now.id] = value;
    this.person.at += 1;
    this.ask();
  }

  back() {
    if (this.deaf || this.person.sending) return;
    if (!this.person.at) return this.leave();
    this.person.at -= 1;
    return this.ask();
  }

  leave() {
    if (this.person.sending) return; // it is being laid down: nobody may be told that it is not
    if (!Object.keys(this.person.answers).length) this.wipe();
    else this.draw('leaving', screens.leaving(this));
  }

  warn(left) {
    if (this.person && this.person.sending) return undefined;
    if (!this.person || ['thanks', 'not-kept'].includes(this.kind)) return this.wipe();
    this.left = left;
    this.reading.turn(false);
    this.draw('still', screens.still(this));
    document.getElementById('said').textContent = say('still_spoken', { count: GRACE });
    document.getElementById('stay').focus();
    return undefined;
  }

  count(left) {
    const place = document.getElementById('left');
    if (place) place.textContent = String(left);
  }

  stay() {
    this.idle.again();
    this.reading.turn(this.look.aloud);
    this.ask();
  }

  turn(name) {
    this.look[name] = !this.look[name];
    if (name === 'aloud') this.reading.turn(this.look.aloud);
    this.redraw({ large: '.size', contrast: '.half', aloud: '.tool:last-child' }[name]);
  }

  /* Another language, for this person; the next one is met in the device's own. */
  tell(code) {
    this.look.language = code;
    this.speak(this.language);
    this.redraw(`[data-language="${code}"]`);
    document.getElementById('said').textContent = document.getElementById('heading').textContent;
  }

  redraw(pressed) {
    if (this.person) this.ask();
    else {
      this.idle.start(this.device.settings.idle); // whoever changed the look and left is forgotten too
      this.rest(true);
    }
    const found = document.querySelector(pressed);
    if (found) found.focus({ preventScroll: true });
  }

  async send() {
    if (this.deaf || this.person.sending) return;
    const { person } = this;
    const { settings, answers } = person;
    person.sending = true;
    this.idle.again();
    try {
      await this.device.answer(settings, said(settings.form.questions, answers), person.day);
    } catch (error) {
      if (!(error instanceof NoRoom)) console.error(error);
      Object.assign(this.device, { full: true, refused: true });
      if (this.person === person) this.end(settings, 'not-kept', screens.notKept);
      return;
    }
    if (this.person === person) this.end(settings, 'thanks', screens.thanks); // else another one stands here
    this.sender.now();
  }

  /* The answers are laid down or lost: of the person only the way of asking remains for this last screen. */
  end(settings, kind, drawn) {
    this.person = { settings, answers: {}, at: 0 };
    this.idle.start(THANKS);
    this.draw(kind, drawn(this));
  }

  /* Forget this person whole; then open the page anew, so that not even the script's memory outlives him. */
  wipe() {
    this.idle.stop();
    this.reading.turn(false);
    this.person = null;
    Object.assign(this, { look: { ...NO_LOOK }, kind: '' });
    if (document.activeElement) document.activeElement.blur();
    const selected = getSelection();
    if (selected) selected.removeAllRanges();
    scrollTo(0, 0);
    document.getElementById('screen').replaceChildren(); // a newer release may be put on before anything is drawn
    this.rest(true);
    if (!this.kind) setTimeout(() => { if (!this.kind) location.replace(addresses.index); }, RENEWED);
    // Only a page opened anew forgets how far it was enlarged; one that is not kept here must be there to be had.
    const needed = this.renewal.kept || (visualViewport.scale !== 1 && this.way === ONLINE);
    if (needed && !this.renewal.renewing) location.replace(addresses.index);
  }
}

function unable(name) {
  const page = { device: { settings: null } };
  document.getElementById('screen').replaceChildren(...screens.shut(name, page).nodes);
}

async function begin() {
  if (!able()) return unable('not_safe');
  try {
    const store = await openStore('nok-kiosk', { outdated: () => unable('outdated') });
    window.kiosk = new Page(store); // for whoever looks at it from the console or from a test
    await window.kiosk.start();
  } catch (error) {
    unable(error.constructor.name === 'Outdated' ? 'outdated' : 'no_store');
    console.error(error);
  }
  return undefined;
}

begin();
