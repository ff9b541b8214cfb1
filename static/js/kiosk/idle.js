/* Whoever says nothing is asked once whether he is still here, and then forgotten.

   Two clocks are looked at, and the later one counts: the steady one stops while the device sleeps, the other may
   jump. A person forgotten too early starts anew; one forgotten too late is read by a stranger. */
export const GRACE = 20;
const LOOK = 500;

export class Idle {
  constructor({ warned, counted, gone }) {
    Object.assign(this, { warned, counted, gone, timer: 0, seconds: 0, asking: false });
    document.addEventListener('visibilitychange', () => this.look());
    ['pointerdown', 'keydown'].forEach((kind) => addEventListener(kind, (event) => this.stirred(event), true));
  }

  start(seconds) {
    this.seconds = seconds;
    this.again();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.look(), LOOK);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.asking = false;
  }

  again() {
    this.asking = false;
    this.since = [performance.now(), Date.now()];
  }

  get silent() {
    return Math.max(performance.now() - this.since[0], Date.now() - this.since[1]) / 1000;
  }

  /* A touch counts as a sign of life until the question was asked; then only its own button does. */
  stirred(event) {
    if (!this.timer) return;
    const asked = this.asking;
    this.look();
    if (!this.timer || this.asking !== asked) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!asked) this.again();
  }

  look() {
    if (!this.timer) return;
    const left = Math.ceil(this.seconds + GRACE - this.silent);
    if (left <= 0) {
      this.stop();
      this.gone();
    } else if (left <= GRACE && !this.asking) {
      this.asking = true;
      this.warned(left);
    } else if (this.asking) this.counted(left);
  }
}
