/* What the device knows of itself, and the answers that lie on it: all in the outbox (store.js), nothing elsewhere. */
import { randomKey } from '../store.js';
import { OWNER } from './batches.js';
import { sealed } from './sealing.js';

const RESERVE = 2e6; // bytes: with less the device takes no answers, for the next one might not fit
const PROBE = 8192; // bytes: a few answers
const MEGABYTE = 1e6;
const MINUTE = 60000;

export class Device {
  constructor(store, release) {
    Object.assign(this, { store, release, full: false, refused: false, known: {} });
  }

  async start() {
    this.known = (await this.store.laid('', 'device')) || {};
    // An earlier release kept here what differed from what was counted; now it goes to the service.
    for (const entry of await this.store.entries(OWNER, ['conflict'])) await this.store.release(entry.key);
    this.refused = true; // until it is tried: nobody shall answer a whole form in vain
    await this.look();
    this.store.persist();
  }

  get settings() { return this.known.settings || null; }

  get revoked() { return Boolean(this.known.revoked); }

  get token() { return this.known.token || ''; }

  async keep(changed) {
    const known = { ...this.known, ...changed };
    await this.store.lay('', 'device', known); // on the disk first: a token that was only in memory is lost in a power cut
    this.known = known;
  }

  /* The service knows this token no more; with a full disk that is known until the power goes. */
  async shutOut() {
    await this.keep({ revoked: true }).catch(() => { this.known.revoked = true; });
  }

  /* It is a device again: what the service would not have before is offered anew. */
  async paired(token) {
    await this.keep({ token, revoked: false });
    for (const entry of await this.store.entries(OWNER, ['refused'])) await this.store.release(entry.key);
  }

  async heard(told) {
    const changed = { ...(told.settings && { settings: told.settings }), ...(told.token && { token: told.token }) };
    const { today } = told;
    if (Object.keys(changed).length || today !== this.known.today || this.revoked) {
      await this.keep({ ...changed, today, revoked: false });
    }
  }

  /* The day by this device's clock, never before the last one that the service named: clocks forget. */
  day() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, '0');
    const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    return this.known.today > day ? this.known.today : day;
  }

  async look() {
    const counts = await this.store.counts(OWNER);
    Object.assign(this, { waiting: counts.waiting, stuck: counts.refused + counts.conflict });
    Object.assign(this, await this.store.room()); // used, room, kept
    if (this.refused) this.refused = !await this.writes();
    this.full = this.refused || (this.room !== null && this.room - this.used < RESERVE);
  }

  /* Is there room? A browser's estimate need not be true (Chromium adds gigabytes to whatever is used), a write is. */
  async writes() {
    const noise = crypto.getRandomValues(new Uint8Array(PROBE)); // nothing that a disk could press together
    return this.store.lay('', 'probe', noise).then(() => true, () => false);
  }

  /* Seals an answer and lays it down. Throws NoRoom: then it is not kept, and whoever gave it must hear that. */
  async answer(settings, answers, day = this.day()) {
    const key = randomKey();
    const { kiosk, proof, campaign, form, stands: place } = settings;
    const body = await sealed(settings.key, key, { kiosk, proof, campaign, form: form.sha256, place, day, answers });
    await this.store.put({ owner: OWNER, kind: 'answer', key, body, state: 'waiting', at: Date.parse(day) });
    if (day !== this.known.answered) await this.keep({ answered: day }).catch(() => null);
  }

  async report() {
    await this.look();
    const { waiting, stuck, full, release } = this;
    const megabytes = (bytes) => (bytes === null ? null : Math.round(bytes / MEGABYTE));
    return {
      waiting, stuck, full, release, used_mb: megabytes(this.used), room_mb: megabytes(this.room),
      answered_on: this.known.answered || null, have: this.settings ? this.settings.fingerprint : null,
    };
  }

  /* Each file holds the whole queue, and anybody may press: not more than one a minute. */
  get justSaved() { return Math.abs(Date.now() - (this.known.saved || 0)) < MINUTE; }

  /* The way out without a network: everything that was not counted, still sealed, as a file. */
  async file() {
    const about = { name: this.settings ? this.settings.name : '', kiosk: this.settings ? this.settings.kiosk : 0 };
    const lines = await this.store.exportUnsent(OWNER, about);
    const saved = Date.now();
    await this.keep({ saved }).catch(() => { this.known.saved = saved; });
    return { blob: new Blob(lines, { type: 'application/jsonl' }), name: `kiosk-${about.kiosk}-${this.day()}.jsonl` };
  }
}
