/* Sends sealed answers, many at once, and tells the service how the device is. Stands on sender.js; here entries
   need no order and no person, and what was taken is forgotten at once. */
import { DOWN, OFFLINE, ONLINE, pause, Sender } from '../sender.js';

export const OWNER = 'kiosk'; // of every entry: the envelope itself says which device wrote it
export const REVOKED = 'revoked';
const MOST = 100;
const HEARTBEAT = 60000;

export class Batches extends Sender {
  /* `device()` → {token}; `report()` → what the device says of itself; `heard(told)`: what the service answered. */
  constructor(store, { addresses, device, report, heard, said }) {
    super(store, { state: addresses.state, routes: {}, owner: () => OWNER, said });
    Object.assign(this, { addresses, device, report, heard });
  }

  async post(url, told, token = '') {
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    return this.ask(url, { method: 'POST', body: JSON.stringify(told), headers });
  }

  async round() {
    let way = DOWN;
    try {
      way = await this.meet();
      while (way === ONLINE) {
        const batch = await this.store.entries(OWNER, ['waiting'], MOST);
        if (!batch.length) break;
        way = await this.sendAll(batch);
      }
    } catch (error) { // a disk that fails must not end the sending: the next round tries again
      console.warn(error);
    }
    this.plan(way);
    await this.said(way);
    return way;
  }

  plan(way) {
    const pressed = way === OFFLINE || way === DOWN;
    this.failures = pressed ? this.failures + 1 : 0;
    this.timer = setTimeout(() => this.now(), pressed ? pause(this.failures) : HEARTBEAT);
  }

  async meet() {
    const { token } = this.device();
    if (!token) return REVOKED;
    const heard = await this.post(this.state, await this.report(), token);
    if (heard.way !== ONLINE) return heard.way;
    if (heard.status === 401) return heard.told.outcome === 'unknown' ? REVOKED : OFFLINE;
    if (!heard.told || !heard.told.today) return OFFLINE; // not our server's words
    // No room to write down what was told: the answers go all the same, and make room.
    await this.heard(heard.told).catch((error) => console.warn(error));
    return ONLINE;
  }

  async sendAll(batch) {
    const whole = await Promise.all(batch.map((entry) => this.store.get(entry.key)));
    const answers = whole.filter(Boolean).map((entry) => ({ key: entry.key, sealed: entry.body }));
    const heard = await this.post(this.addresses.answers, { answers }, this.device().token);
    if (heard.way !== ONLINE) return heard.way;
    if (heard.status === 401) return heard.told.outcome === 'unknown' ? REVOKED : OFFLINE;
    const told = heard.told && heard.told.told;
    if (!told) return heard.status < 300 ? OFFLINE : DOWN;
    return await this.settleAll(whole.filter(Boolean), told) ? ONLINE : DOWN;
  }

  /* How many left the queue. What differs from what was counted lies with the service now, until a person has decided;
     what it would not have at all stays on the device, with the reason. */
  async settleAll(entries, told) {
    const outcome = (entry) => told[entry.key] && told[entry.key].outcome;
    const taken = entries.filter((entry) => ['counted', 'repeated', 'differs'].includes(outcome(entry)));
    if (taken.length) await this.store.drop(taken.map((entry) => entry.key));
    let left = taken.length;
    for (const entry of entries) {
      const reasons = told[entry.key] && [told[entry.key].reason];
      if (!['refused', 'closed'].includes(outcome(entry))) continue;
      await this.store.refuse(entry.key, entry.revision, reasons);
      left += 1;
    }
    return left;
  }
}
