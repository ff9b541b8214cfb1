/* The sheet that is being keyed (keying.js): its questions, which of them are asked, where the keyer stands. */

/* One question: `answer` is undefined until it is met, '' when there is no answer on the paper. */
class Box {
  constructor(element) {
    this.element = element;
    this.id = element.dataset.q;
    this.when = Object.entries(JSON.parse(element.dataset.when || '{}'));
    this.radios = [...element.querySelectorAll('input[type=radio]')];
    this.choices = this.radios.filter((radio) => radio.value !== '');
    this.years = element.querySelector('.age');
    this.bands = this.years && JSON.parse(this.years.dataset.bands || 'null');
    this.band = element.querySelector('.band');
    this.note = element.querySelector('.note');
    this.name = (this.years || this.radios[0]).name;
    this.fields = this.years ? [this.years] : this.radios;
    this.read();
  }

  read() {
    const chosen = this.radios.find((radio) => radio.checked);
    this.double = false;
    this.answer = this.years ? this.years.value || undefined : chosen && chosen.value;
  }

  set(answer, double = false) {
    this.answer = answer;
    this.double = double;
    if (this.years) { this.years.value = answer || ''; }
    this.radios.forEach((radio) => { radio.checked = answer !== undefined && radio.value === answer; });
  }

  get field() { return this.years || this.radios.find((radio) => radio.checked) || this.radios[0]; }

  draw(onPath, now, say) {
    this.element.classList.toggle('off', !onPath);
    this.element.classList.toggle('now', now);
    if (this.band && this.bands) {
      const found = this.answer ? this.bands.filter(([from]) => from <= Number(this.answer)).pop() : null;
      this.band.textContent = found ? found[1] : this.answer === '' ? say.blank : say.years;
    }
    const note = !onPath ? (this.answer ? say.offMarked : say.off) : this.double ? say.double : '';
    if (this.note.textContent !== note) { this.note.textContent = note; }
  }
}

export class Sheet {
  /* `end` is what stands past the last question: Enter there saves. `say` holds the page's words. */
  constructor(form, { say, end, number, wording }) {
    Object.assign(this, { say, end, number, wording });
    this.boxes = [...form.querySelectorAll('.box')].map((element) => new Box(element));
    this.words = [...form.querySelectorAll('textarea')];
    this.byId = new Map(this.boxes.map((box) => [box.id, box]));
    this.now = 0; // boxes.length: past the last question
    this.pastWords = false; // Tab led out of the proposals: it leads on, not back into them
  }

  onPath(box) {
    return box.when.every(([id, value]) => {
      const filter = this.byId.get(id);
      return filter && filter.answer === value && this.onPath(filter);
    });
  }

  get here() { return this.boxes[this.now]; }

  get done() { return this.now >= this.boxes.length; }

  get asked() { return this.boxes.filter((box) => this.onPath(box)); }

  get unanswered() { return this.asked.filter((box) => box.answer === undefined).length; }

  get begun() { return this.boxes.some((box) => box.answer !== undefined) || this.words.some((area) => area.value); }

  get empty() { return !this.asked.some((box) => box.answer) && !this.words.some((area) => area.value.trim()); }

  get fields() {
    const fields = [['number', this.number.value], ...this.boxes.map((box) => [box.name, box.answer || ''])];
    return [...fields, ...this.words.filter((area) => !area.disabled).map((area) => [area.name, area.value])];
  }

  of(element) { return this.boxes.find((box) => box.element.contains(element)); }

  draw() {
    this.boxes.forEach((box, place) => box.draw(this.onPath(box), place === this.now, this.say));
    if (this.wording.hidden) { return; }
    this.wording.textContent = this.here ? document.querySelector(`[data-wording="${this.here.id}"]`).textContent : '';
  }

  go(place) {
    this.now = Math.max(0, Math.min(this.boxes.length, place));
    this.pastWords = false;
    this.boxes.forEach((box, at) => box.fields.forEach((field) => { field.tabIndex = at === this.now && field === box.field ? 0 : -1; }));
    const target = this.here ? this.here.field : this.end;
    target.focus({ preventScroll: this.now === 0 });
    this.draw();
  }

  forward() {
    let place = this.now + 1;
    while (place < this.boxes.length && !this.onPath(this.boxes[place])) { place += 1; }
    this.go(place);
  }

  back() {
    let place = this.now - 1;
    while (place > 0 && !this.onPath(this.boxes[place])) { place -= 1; }
    this.go(place);
  }

  stand(box) { this.now = this.boxes.indexOf(box); }

  clear() {
    this.boxes.forEach((box) => box.set(undefined));
    this.words.forEach((area) => { area.value = ''; area.disabled = false; });
    this.go(0);
  }

  restore(fields) {
    const values = new Map(fields);
    this.number.value = values.get('number');
    this.boxes.forEach((box) => box.set(values.get(box.name) || undefined));
    this.words.forEach((area) => { area.value = values.get(area.name) || ''; area.disabled = false; });
    const empty = this.boxes.findIndex((box) => this.onPath(box) && box.answer === undefined);
    this.go(empty < 0 ? this.boxes.length : empty);
  }

  /* What was left open on a saved sheet is blank on the paper. */
  settle() { this.boxes.forEach((box) => { if (box.answer === undefined && this.onPath(box)) { box.set(''); } }); }
}
