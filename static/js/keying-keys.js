/* Keys of the keying screen (keying.js): what each does among the questions, and what is left to the browser. */

const BLANKS = new Set([' ', '0', '.', ',', '-']);
const DOUBLES = new Set(['*', '+', '/']);
const SEX = { м: 'male', m: 'male', v: 'male', ж: 'female', f: 'female', ';': 'female' };

export class Keys {
  /* `flow`: save(reason), enter(), escape(), fix(), astray(yes), touched(), the getter `busy`, and hold(key) while it is. */
  constructor(sheet, { flow, spoil, end, number }) {
    Object.assign(this, { sheet, flow, spoil, end, number });
    this.acts = {
      Enter: () => flow.enter(), Escape: () => flow.escape(), F2: () => flow.fix(),
      ArrowUp: () => sheet.go(sheet.now - 1), ArrowDown: () => sheet.go(sheet.now + 1),
      ArrowLeft: () => sheet.back(), ArrowRight: () => sheet.forward(),
      Backspace: () => this.rub(), '?': () => this.word(), F1: () => this.word(),
    };
    document.addEventListener('keydown', (event) => { if (!event.isComposing && !event.altKey && !event.metaKey) { this.down(event); } });
  }

  rub() {
    const box = this.sheet.here;
    if (box && box.years && box.answer) { box.set(box.answer.slice(0, -1) || undefined); this.sheet.draw(); } else { this.sheet.back(); }
  }

  word() {
    this.sheet.wording.hidden = !this.sheet.wording.hidden;
    this.sheet.draw();
  }

  /* A digit of an age: two are enough from 14 on, a third or Enter settles the rest. */
  age(box, digit) {
    const typed = `${box.answer || ''}${digit}`.slice(0, 3);
    box.set(typed);
    if (typed.length === 3 || (typed.length === 2 && Number(typed) >= 14)) { this.sheet.forward(); } else { this.sheet.draw(); }
  }

  digit(box, value) {
    if (box.years) { this.age(box, value); return; }
    const choice = box.choices[Number(value) - 1];
    if (choice) { box.set(choice.value); this.sheet.forward(); }
  }

  /* One key among the questions; true when it was ours. */
  press(pressed) {
    const box = this.sheet.here;
    if (this.spoil.open && /^[1-9]$/.test(pressed)) {
      const reason = this.spoil.querySelectorAll('button')[Number(pressed) - 1];
      if (reason) { this.flow.save(reason.value); }
      return true;
    }
    if (pressed !== 'Enter') { this.flow.touched(); }
    if (Object.hasOwn(this.acts, pressed)) { this.acts[pressed](); return true; }
    if (box && box.years && /^\d$/.test(pressed) && !(pressed === '0' && !box.answer)) { this.age(box, pressed); return true; }
    if (/^[1-9]$/.test(pressed)) { if (box) { this.digit(box, pressed); } return Boolean(box); }
    if (BLANKS.has(pressed) || DOUBLES.has(pressed)) {
      if (box) { box.set('', DOUBLES.has(pressed)); this.sheet.forward(); }
      return true;
    }
    const sex = box && box.element.dataset.profile === 'sex' && SEX[pressed.toLowerCase()];
    if (sex) { box.set(sex); this.sheet.forward(); return true; }
    return false;
  }

  /* Tab leads from the questions to the proposals, wherever the questions ended; past them it is an ordinary Tab. */
  tab(event) {
    const { sheet } = this;
    const among = Boolean(sheet.of(event.target)) || (event.target === this.end && !sheet.pastWords);
    if (event.shiftKey) { return; }
    sheet.pastWords = sheet.words.includes(event.target);
    if (!among || !sheet.words.length || sheet.words[0].disabled) { return; }
    event.preventDefault();
    this.flow.astray(false);
    sheet.words[0].focus();
  }

  /* Ctrl+Enter out of the proposals: back to the question that waits, or, when none does, the sheet is saved. */
  outOf(target) {
    const whole = this.sheet.done || !this.sheet.unanswered;
    if (this.sheet.words.includes(target) && !whole) { this.sheet.go(this.sheet.now); } else { this.flow.enter(); }
  }

  down(event) {
    const { key, target } = event;
    const typing = target === this.number || this.sheet.words.includes(target);
    if (key === 'Enter' && event.ctrlKey) {
      event.preventDefault();
      if (!this.flow.busy) { this.outOf(target); }
    } else if (key === 'Tab') {
      this.tab(event);
    } else if (event.ctrlKey) {
      return;
    } else if (typing) {
      if (key === 'Enter' && target === this.number) { event.preventDefault(); this.sheet.go(this.sheet.now); }
      if (key === 'Escape' || key === 'F2') { event.preventDefault(); this.sheet.go(this.sheet.now); this.acts[key](); }
    } else if (target.closest('a, summary, #told, #spoil button, .leave-row, .bar') && (key === 'Enter' || key === ' ')) {
      return;
    } else if (this.flow.busy) {
      if (key.length === 1 || key === 'Enter' || key === 'Backspace') { this.flow.hold(key); event.preventDefault(); }
    } else if (this.press(key)) {
      event.preventDefault();
      this.flow.astray(false);
    } else if (key.length === 1) {
      event.preventDefault();
      this.flow.astray(true);
    }
  }
}
