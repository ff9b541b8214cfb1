/* The page's own files on the device: a newer release waits until nobody stands before the screen. */
export class Renewal {
  constructor(addresses, release) {
    Object.assign(this, { addresses, release, registration: null, renewing: false });
  }

  get kept() {
    return Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);
  }

  async start() {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    workers.addEventListener('controllerchange', () => { if (this.renewing) location.replace(this.addresses.index); });
    try {
      this.registration = await workers.register(this.addresses.worker, { scope: this.addresses.index, updateViaCache: 'none' });
    } catch { /* no network: the release that is here goes on */ }
  }

  /* The service says which release it has. */
  async heard(release) {
    if (release !== this.release && this.registration) await this.registration.update().catch(() => null);
  }

  /* Nobody is here: put the newer one on, if there is one. True when the page is about to be opened anew. */
  freshen() {
    const waiting = this.kept && this.registration && this.registration.waiting;
    if (!waiting || this.renewing) return this.renewing;
    this.renewing = true;
    waiting.postMessage('take over');
    return true;
  }
}
