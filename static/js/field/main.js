/* The inspector's page: who it is, what lies on the phone, how the way to the server is; the screens are drawn by
   list, form, conflict, find and phone. The address's part after # names the screen. */
import { openStore, UNSENT } from '../store.js';
import { DOWN, NOT_ALLOWED, OFFLINE, ONLINE, Sender, SIGNED_OUT, SOMEBODY_ELSE } from '../sender.js';
import { addresses, button, h, say } from '../dom.js';
import { conflict } from './conflict.js';
import { find } from './find.js';
import { form } from './form.js';
import { list } from './list.js';
import { phone } from './phone.js';
import { kept, ours, routes, Visits } from './visits.js';
import { registered } from './releases.js';

const SCREENS = { '': list, visit: form, conflict, find, phone };
const LIVE = [list]; // drawn anew by themselves when something on the phone changes
const LEFT = /(?:^|; )left=1/; // a cookie that signing out leaves for this page, which may have no network to ask

class Page {
  constructor(store) {
    Object.assign(this, { store, visits: new Visits(store), way: ONLINE, photos: [], ready: false, taking: false });
    this.sender = new Sender(store, {
      state: addresses.state, routes, kept, ours, owner: () => this.owner, said: (way) => this.heard(way),
    });
  }

  get owner() {
    return this.who ? this.who.id : null;
  }

  async start() {
    this.who = (await this.store.laid('', 'who')) || null;
    if (LEFT.test(document.cookie)) await this.forgetWho();
    await this.look();
    this.store.watch(() => this.changed());
    addEventListener('hashchange', () => this.draw(true));
    document.getElementById('leave').addEventListener('click', () => this.leave());
    if (navigator.onLine === false) this.way = OFFLINE;
    await this.draw();
    registered(this);
    await this.sender.start();
  }

  /* What is told of the way to the server after each round. */
  async heard(way) {
    const { who, met } = this.sender;
    this.release = met && met.release;
    if (way === SIGNED_OUT) await this.store.lay('', 'leaving', null); // told, though the answer got lost on the way
    if (who && way !== OFFLINE && await this.stillLeaving(who)) way = SIGNED_OUT;
    else if (who && (way === ONLINE || way === SOMEBODY_ELSE || way === DOWN) && who.id !== this.owner) await this.meet(who, way);
    this.way = way === SOMEBODY_ELSE ? ONLINE : way;
    await this.draw();
  }

  /* Whoever signs in here is the one whose work is shown. */
  async meet(who, way) {
    document.cookie = `left=; Max-Age=0; Path=${addresses.index}`;
    await this.store.lay('', 'who', who);
    Object.assign(this, { who, drawn: null });
    this.sender.who = null;
    await this.look();
    if (!this.bag && way !== DOWN) await this.take();
    setTimeout(() => this.sendNow());
  }

  /* Somebody pressed «Выйти» without a network: the server is told before anybody else may be taken for him. */
  async stillLeaving(who) {
    if (this.owner || who.id !== await this.store.laid('', 'leaving')) return false;
    const form = { method: 'POST', headers: { 'X-CSRFToken': this.sender.token } };
    const answer = await fetch(addresses.signOut, form).catch(() => null);
    if (answer && answer.ok) await this.store.lay('', 'leaving', null);
    this.sender.who = null;
    return true;
  }

  sendNow() {
    return this.sender.now();
  }

  persist() {
    if (!this.asked) this.asked = this.store.persist();
  }

  /* Reads what the screens show: the bag and, light, all photographs. */
  async look() {
    this.bag = this.owner ? await this.visits.bag(this.owner) : undefined;
    await this.count();
  }

  async count() {
    const all = this.owner ? await this.store.entries(this.owner) : [];
    this.photos = all.filter((entry) => entry.kind === 'photo');
    this.unsent = all.filter((entry) => UNSENT.includes(entry.state));
  }

  photosOf(key) {
    return this.photos.filter((photo) => photo.after === key);
  }

  /* Many changes in a row are one drawing. */
  changed() {
    clearTimeout(this.soon);
    this.soon = setTimeout(async () => {
      await this.count();
      this.drawWay();
      if (LIVE.includes(this.screen)) await this.draw();
    }, 80);
  }

  async take() {
    this.taking = true;
    this.notice = '';
    await this.draw();
    try {
      await this.visits.pack(this.owner);
      this.persist();
    } catch (error) {
      this.notice = say(error.constructor.name === 'NoRoom' ? 'no_room' : 'not_taken_now');
    }
    this.taking = false;
    await this.look();
    await this.draw();
  }

  async begin(place) {
    this.persist();
    location.hash = `#visit/${await this.visits.begin(this.owner, this.bag, place)}`;
  }

  async leave() {
    await this.store.lay('', 'leaving', this.owner);
    await this.forgetWho();
    this.way = SIGNED_OUT;
    this.sendNow();
    location.hash = '#';
    await this.look();
    await this.draw();
  }

  async redraw() {
    this.drawn = null;
    await this.draw();
  }

  async forgetWho() {
    this.who = null;
    this.drawn = null;
    await this.store.lay('', 'who', null);
  }

  unsentWords(unsent) {
    const of = (kind) => unsent.filter((entry) => entry.kind === kind).length;
    const parts = [say('visits', { count: of('visit') })];
    if (of('photo')) parts.push(say('photos', { count: of('photo') }));
    return unsent.length ? say('written_here', { what: parts.join(', ') }) : say('nothing_unsent');
  }

  /* The line that tells the truth: is there a network, what lies here only, what was not taken. */
  drawWay() {
    const place = document.getElementById('way');
    const of = (state) => this.unsent.filter((entry) => entry.state === state && entry.kind === 'visit').length;
    const waiting = this.unsent.filter((entry) => entry.state === 'waiting').length;
    const lines = [h('p', {}, h('strong', {}, say(`way_${this.owner ? this.way : 'nobody'}`)), ' ',
      this.owner ? this.unsentWords(this.unsent) : '')];
    if (of('refused')) lines.push(h('p', { class: 'error' }, say('some_refused', { count: of('refused') })));
    if (of('conflict')) lines.push(h('p', { class: 'error' }, say('some_conflict', { count: of('conflict') })));
    if (this.notice) lines.push(h('p', { class: 'error' }, this.notice));
    if (waiting && (this.way === ONLINE || this.way === DOWN)) {
      lines.push(button(say('send_now'), () => this.sendNow(), { class: 'button second', id: 'send-now' }));
    }
    if (this.way === SIGNED_OUT) lines.push(h('p', {}, h('a', { class: 'button', href: addresses.signIn }, say('sign_in'))));
    place.className = `phone-way ${{ [ONLINE]: 'on', [NOT_ALLOWED]: 'bad' }[this.way] || 'off'}`;
    const made = h('div', {}, lines);
    if (place.innerHTML !== made.outerHTML) place.replaceChildren(made);
  }

  /* Draws the screen that the address names; `moved`: the reader came to it by a link. */
  async draw(moved = false) {
    const [name, key] = location.hash.slice(1).split('/');
    const turn = this.turn = {};
    this.screen = SCREENS[name] || list;
    document.getElementById('who').textContent = this.who ? this.who.name : '';
    document.getElementById('leave').hidden = !this.who;
    this.drawWay();
    if (!moved && this.drawn === location.hash && !LIVE.includes(this.screen)) return; // it draws itself
    const made = this.owner ? await this.screen(this, key) : { title: say('title'), nodes: [h('p', {}, say('nobody_text'))] };
    if (!made || turn !== this.turn) return;
    const focused = document.activeElement && document.activeElement.id;
    const heading = document.getElementById('heading');
    heading.textContent = made.title;
    document.title = made.title;
    document.getElementById('view').replaceChildren(...made.nodes.flat(Infinity).filter(Boolean));
    if (moved && this.drawn !== location.hash) {
      scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    } else if (focused && document.getElementById(focused)) {
      document.getElementById(focused).focus({ preventScroll: true });
    }
    this.drawn = this.owner ? location.hash : null;
  }
}

async function begin() {
  const view = document.getElementById('view');
  try {
    const store = await openStore('nok-field', { outdated: () => outdated() });
    window.field = new Page(store); // for whoever looks at it from the console or from a test
    await window.field.start();
  } catch (error) {
    view.replaceChildren(h('p', { class: 'errors' }, say(error.constructor.name === 'Outdated' ? 'outdated' : 'no_store')));
    console.error(error);
  }
}

function outdated() {
  const text = h('p', { class: 'errors', role: 'alert' }, say('outdated'));
  document.getElementById('view').replaceChildren(text, button(say('reload'), () => location.reload()));
}

begin();
