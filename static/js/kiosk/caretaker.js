/* Whoever looks after the device: the service screen, and the way out for answers that find no network. */
import { say } from '../dom.js';
import * as screens from './screens.js';
import { STAFF } from './tongues.js';

const OPEN = 60; // seconds without a touch
const LATER = 60000; // ms: the browser has taken the file by then

export class Caretaker {
  constructor(page) {
    this.page = page;
  }

  async comes(notice = '') {
    const { page } = this;
    if (page.person) return;
    page.pairing.stop();
    await page.device.look();
    if (page.person) return; // somebody has begun meanwhile: the screen is his
    page.idle.start(OPEN);
    page.speak(STAFF);
    page.draw('service', screens.service(page, this, notice));
  }

  async save() {
    const { device } = this.page;
    if (!device.justSaved) {
      const { blob, name } = await device.file();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), LATER);
    }
    await this.comes(say('service_saved'));
  }

  async send() {
    const { page } = this;
    page.way = await page.sender.now() || page.way;
    await this.comes();
  }
}
