/* What is keyed and not yet saved: kept on this device, one item a sheet, until the service has it.
   One sheet goes at a time, in the order of keying; a failed one is tried again until it is answered.
   The review of scans sends its decisions by it too, kept in memory alone (`stored: false`). */

const PREFIX = 'nok-keying/';
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 20000;

export class Post {
  /* `heard(entry, answer)` for each answer; `changed()` whenever what waits or how it waits has changed. */
  constructor({ stateAddress, batch, user, token, refusal, heard, changed, stored = true }) {
    Object.assign(this, { stateAddress, batch, user, token, refusal, heard, changed, stored });
    this.queue = [];
    this.trouble = ''; // '', 'offline', 'signed-out'
    this.keeps = stored; // the device lets us store
    this.wait = FIRST_WAIT;
    this.timer = 0;
    this.busy = false;
    this.restore();
    window.addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) { this.hurry(); } });
    window.addEventListener('beforeunload', (event) => { if (!this.keeps && this.queue.length) { event.preventDefault(); } });
  }

  name(entry) { return `${PREFIX}${this.user}/${this.batch}/${entry.id}`; }

  restore() {
    this.others = new Map(); // "user/batch" → how many sheets of somebody else or of another stack wait here
    if (!this.stored) { return; }
    try {
      for (let place = 0; place < localStorage.length; place += 1) {
        const name = localStorage.key(place);
        if (!name.startsWith(PREFIX)) { continue; }
        const [user, batch] = name.slice(PREFIX.length).split('/');
        if (user === this.user && batch === this.batch) {
          this.queue.push(JSON.parse(localStorage.getItem(name)));
        } else {
          this.others.set(`${user}/${batch}`, (this.others.get(`${user}/${batch}`) || 0) + 1);
        }
      }
    } catch { this.keeps = false; }
    this.queue.sort((one, other) => one.at - other.at);
  }

  keep(entry) {
    if (!this.stored) { return; }
    try { localStorage.setItem(this.name(entry), JSON.stringify(entry)); } catch { this.keeps = false; }
  }

  add(entry) {
    this.queue.push(entry);
    this.keep(entry);
    this.send();
  }

  change(entry) {
    this.keep(entry);
    this.send();
  }

  drop(entry) {
    this.queue = this.queue.filter((one) => one !== entry);
    try { if (this.stored) { localStorage.removeItem(this.name(entry)); } } catch { this.keeps = false; }
    this.changed();
  }

  /* Those that wait for the network, not for a decision of the keyer. */
  get waiting() { return this.queue.filter((entry) => !entry.question); }

  hurry() {
    this.wait = FIRST_WAIT;
    this.send();
  }

  async send() {
    if (this.busy) { return; }
    this.busy = true;
    clearTimeout(this.timer);
    let entry = this.waiting[0];
    while (entry) {
      const answer = await this.ask(entry);
      if (!answer) { break; }
      this.trouble = '';
      this.wait = FIRST_WAIT;
      if (answer.outcome === 'saved' || answer.outcome === 'repeated') { this.drop(entry); } else { entry.question = answer; this.keep(entry); }
      this.heard(entry, answer);
      entry = this.waiting[0];
    }
    this.busy = false;
    this.changed();
    if (this.waiting.length) {
      this.timer = setTimeout(() => this.send(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }
  }

  /* The answer, or nothing while there is none; a token that has grown old is renewed and the sheet sent again. */
  async ask(entry, renewed = false) {
    try {
      const body = new URLSearchParams([['csrf_token', this.token], ...entry.fields]);
      const answer = await fetch(entry.address, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'manual' });
      if ((answer.headers.get('Content-Type') || '').startsWith('application/json')) { return await answer.json(); }
      if (answer.status === 400 && !renewed && await this.renew()) { return await this.ask(entry, true); }
      if (answer.status >= 404 && answer.status < 500) { return { outcome: 'refused', text: this.refusal }; }
      this.trouble = answer.type === 'opaqueredirect' || this.trouble === 'signed-out' ? 'signed-out' : 'offline';
    } catch { this.trouble = 'offline'; }
    return null;
  }

  async renew() {
    const answer = await fetch(this.stateAddress, { headers: { Accept: 'application/json' }, redirect: 'manual' });
    if (answer.type === 'opaqueredirect') { this.trouble = 'signed-out'; }
    if (!answer.ok) { return false; }
    const state = await answer.json();
    if (String(state.user) !== this.user) { this.trouble = 'signed-out'; return false; }
    this.token = state.token;
    return true;
  }
}
