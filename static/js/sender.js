/* Sends what waits in the outbox (store.js), one entry at a time, each exactly once, however often it is tried.

   The server knows an entry by its key, so a repeat after a lost answer is told «repeated» and counts once.
   An answer is believed only if it is JSON that names the very key that was sent: a clinic's Wi-Fi that asks to be
   paid answers 200 to everything. Before each round the page asks who is signed in and for a fresh token: it may
   have been lying open for days, and the telephone may be in other hands.

   The host gives: `state` (address), `routes` kind → function(entry, owner) → {url, body, headers?},
   `owner()` → whose entries are sent, `kept(entry, answer)` → what stays on the device of an entry that was taken,
   `ours(entry, theirs)` → is what the server holds only what this device sent before it was corrected here? */

export const ONLINE = 'online'; // what `said` holds; the other states of the way to the server:
export const OFFLINE = 'offline';
export const SIGNED_OUT = 'signed-out';
export const SOMEBODY_ELSE = 'somebody-else';
export const NOT_ALLOWED = 'not-allowed';
export const DOWN = 'down';

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 300000;
const PATIENCE = 180000; // a photograph over the worst of mobile networks
const HEARTBEAT = 60000; // how old «there is a network» may grow while somebody looks at the page
const LAP = 4; // entries that the server may choke on in one round before the whole of it is held for down

/* 2, 4, 8 … 300 seconds, each shaken by a fifth, so that fifty phones of one team do not knock together. */
export function pause(tries, chance = Math.random()) {
  return Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE) * (0.8 + 0.4 * chance);
}

export class Sender {
  constructor(store, { state, routes, owner, kept = () => null, ours = () => false, said = () => {}, patience = PATIENCE }) {
    Object.assign(this, { store, state, routes, owner, kept, ours, said, patience });
    this.failures = 0;
    this.timer = 0;
    this.asked = false; // for another round
    this.running = null;
  }

  /* Starts by itself: at once, when the network comes back, when the page is looked at again, and after pauses. */
  start() {
    addEventListener('online', () => this.now());
    addEventListener('offline', () => this.said(OFFLINE));
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.now(); });
    return this.now();
  }

  /* Sends whatever may be sent. One round at a time in all tabs: a second one has nothing to do. Whoever asks while
     a round goes on is given one more after it: what he has laid down may have come too late for the first. */
  now() {
    clearTimeout(this.timer);
    this.asked = true;
    this.running ||= this.rounds();
    return this.running;
  }

  async rounds() {
    let way;
    try {
      while (this.asked) {
        clearTimeout(this.timer);
        this.asked = false;
        way = await this.alone(() => this.round());
      }
    } finally {
      this.running = null; // in the same breath: who asks from here on begins another
    }
    return way;
  }

  async alone(round) {
    if (!navigator.locks) return round();
    return navigator.locks.request(`sender ${this.store.database.name}`, { ifAvailable: true }, async (lock) => (
      lock ? round() : undefined));
  }

  async round() {
    let way = await this.meet();
    let choked = 0;
    while (way === ONLINE) {
      const owner = this.owner();
      const entry = owner && await this.store.next(owner);
      if (!entry) break;
      if (entry.key === this.last) break; // it was changed while it was on its way: next round
      this.last = entry.key;
      way = await this.send(entry);
      if (way === DOWN && (choked += 1) < LAP) way = ONLINE;
    }
    this.last = null;
    if (way === ONLINE && choked) way = DOWN;
    await this.plan(way);
    this.said(way);
    return way;
  }

  /* The next try by itself: after the pause, or when the first postponed entry is due; else a look now and then. */
  async plan(way) {
    this.failures = way === ONLINE ? 0 : this.failures + 1;
    const owner = this.owner();
    const waiting = owner ? await this.store.entries(owner, ['waiting']) : [];
    const due = Math.min(...waiting.map((entry) => entry.due)) - Date.now();
    const soon = waiting.length ? Math.max(due, FIRST_PAUSE) : HEARTBEAT;
    const pressed = way === OFFLINE || way === DOWN;
    this.timer = setTimeout(() => {
      if (waiting.length || !document.hidden) this.now();
    }, pressed ? pause(this.failures) : way === ONLINE ? soon : HEARTBEAT);
  }

  /* Who is signed in, and a fresh token. `who` is left as it was when nobody could be asked. */
  async meet() {
    const heard = await this.ask(this.state, {});
    if (heard.way !== ONLINE) return heard.way;
    if (!heard.told || !heard.told.token || !heard.told.user) return OFFLINE;
    this.token = heard.told.token;
    this.who = heard.told.user;
    this.met = heard.told;
    const owner = this.owner();
    return owner && owner !== this.who.id ? SOMEBODY_ELSE : ONLINE;
  }

  async send(light, again = true) {
    const entry = await this.store.get(light.key);
    if (!entry) return ONLINE;
    const { url, body, headers = {} } = this.routes[entry.kind](entry, this.owner());
    const heard = await this.ask(url, { method: 'POST', body, headers: { ...headers, 'X-CSRFToken': this.token } });
    if (heard.way !== ONLINE && heard.way !== DOWN) return heard.way;
    const told = heard.told || {};
    if (told.outcome === 'token' && again) {
      const way = await this.meet();
      return way === ONLINE ? this.send(light, false) : way;
    }
    return this.settle(entry, heard, told);
  }

  async settle(entry, heard, told) {
    const { key, revision } = entry;
    if (told.key === key && (told.outcome === 'sent' || told.outcome === 'repeated') && heard.status < 300) {
      await this.store.markSent(key, revision, { version: told.version, kept: this.kept(entry, told) });
      return ONLINE;
    }
    if (told.key === key && told.outcome === 'conflict') {
      await (this.ours(entry, told.theirs) ? this.store.rebase(key, revision, told.theirs.version)
        : this.store.keepForReview(key, revision, told.theirs));
      return ONLINE;
    }
    if (told.outcome === 'refused' && (told.key === key || heard.status === 413)) { // too large to be read at all
      await this.store.refuse(key, revision, told.reasons);
      return ONLINE;
    }
    if (heard.status < 300) return OFFLINE; // not our server's words
    await this.store.postpone(key, revision, Date.now() + (heard.later || pause(entry.tries)));
    return DOWN;
  }

  /* {way, status, told, later}: one question to the server, and what its answer means for the way to it. */
  async ask(url, options) {
    if (navigator.onLine === false) return { way: OFFLINE };
    let answer;
    let told = null;
    try {
      answer = await fetch(url, {
        credentials: 'same-origin', cache: 'no-store', signal: timeLimit(this.patience), ...options,
        headers: { Accept: 'application/json', ...options.headers },
      });
      if ((answer.headers.get('Content-Type') || '').startsWith('application/json')) told = await answer.json();
    } catch {
      return { way: OFFLINE };
    }
    if (answer.redirected) return { way: new URL(answer.url).pathname === '/sign-in' ? SIGNED_OUT : OFFLINE };
    if (answer.status === 403) return { way: NOT_ALLOWED };
    if (answer.ok && told === null) return { way: OFFLINE };
    const later = 1000 * Number(answer.headers.get('Retry-After')) || 0;
    const down = answer.status >= 500 || answer.status === 429;
    return { way: down || (!answer.ok && told === null) ? DOWN : ONLINE, status: answer.status, told, later };
  }
}

function timeLimit(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
