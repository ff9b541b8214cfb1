/* A screen that belongs to nobody shows six digits and asks, now and then, whether somebody has typed them. */
import { randomKey } from '../store.js';
import { ONLINE } from '../sender.js';

const ASK = 3000;

export class Pairing {
  /* `shown({code, minutes})`: digits to show, or none while there is no network; `paired(token)`: it is a device now. */
  constructor(sender, addresses, { shown, paired }) {
    Object.assign(this, { sender, addresses, shown, paired, timer: 0, going: false });
  }

  start() {
    if (this.going) return;
    this.going = true;
    this.claim = randomKey();
    this.code = null;
    this.step();
  }

  stop() {
    this.going = false;
    clearTimeout(this.timer);
  }

  async step() {
    try {
      await (this.code ? this.ask() : this.fetch());
    } catch (error) {
      console.error(error);
    }
    if (this.going) this.timer = setTimeout(() => this.step(), ASK);
  }

  async fetch() {
    const heard = await this.sender.post(this.addresses.code, { claim: this.claim });
    this.code = heard.way === ONLINE && heard.told ? heard.told.code : null;
    this.shown(this.code ? heard.told : null);
  }

  async ask() {
    const heard = await this.sender.post(this.addresses.claim, { claim: this.claim });
    if (heard.way !== ONLINE) return;
    if (heard.status === 404) {
      this.claim = randomKey();
      this.code = null;
    } else if (heard.told && heard.told.token) {
      this.stop();
      await this.paired(heard.told.token);
    }
  }
}
