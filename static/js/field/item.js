/* One line of a check-list: есть, нет, неприменимо with its reason; how a way was tried; a note; pictures. */
import { button, h, say } from '../dom.js';

const VALUES = ['yes', 'no', 'na'];
const TRIES = ['called', 'wrote', 'opened'];
const OTHER = 'other';
/* What is seen on a screen is shown by a screenshot; what is seen in a building, by the camera. */
const ON_A_SCREEN = ['site', 'remote_ways'];

export function named(code) {
  return `i-${code}`;
}

export function item(form, block, one) {
  return new Item(form, block, one).node;
}

class Item {
  constructor(form, block, one) {
    Object.assign(this, { form, block, one });
    this.more = h('div', { class: 'more' });
    this.pictures = h('ul', { class: 'pictures' });
    this.node = h('fieldset', { class: 'line', id: named(one.code) },
      h('legend', {}, one.title),
      h('details', {}, h('summary', {}, h('span', {}, say('how'))), h('p', {}, one.how)),
      h('div', { class: 'three' }, VALUES.map((value) => this.radio(value))),
      this.more, this.tools());
    this.draw();
    this.drawPictures();
  }

  get answer() {
    return this.form.body.items[this.one.code] || {};
  }

  write(changed) {
    return this.form.write(`items ${this.one.code}`, { ...this.answer, ...changed });
  }

  radio(value) {
    const id = `${named(this.one.code)}-${value}`;
    const control = h('input', { type: 'radio', name: this.one.code, id, value, checked: this.answer.value === value });
    control.addEventListener('change', async () => {
      await this.write({ value });
      this.draw();
    });
    return [control, h('label', { for: id }, say(value))];
  }

  draw() {
    const { value } = this.answer;
    this.more.replaceChildren(...[
      value === 'na' ? this.reason() : null,
      this.one.tried && value === 'yes' ? this.tried() : null,
      this.answer.note !== undefined ? this.note() : null].flat().filter(Boolean));
  }

  /* The usual reasons and one's own words. */
  reason() {
    const { reasons } = this.form.list;
    const { reason = '' } = this.answer;
    const own = reason !== '' && !reasons.includes(reason);
    const options = [['', say('choose_reason')], ...reasons.map((text) => [text, text]), [OTHER, say('other_reason')]];
    const select = this.select(say('reason'), options, own ? OTHER : reason);
    const text = this.text(say('other_reason'), own ? reason : '', (typed) => this.write({ reason: typed }));
    text.hidden = !own;
    const whole = h('p', { class: 'small quiet chosen' }, own ? '' : reason); // a narrow list cuts what was chosen
    select.control.addEventListener('change', () => {
      whole.textContent = select.control.value === OTHER ? '' : select.control.value;
      text.hidden = select.control.value !== OTHER;
      this.write({ reason: select.control.value === OTHER ? '' : select.control.value });
    });
    return [select.node, whole, text];
  }

  tried() {
    const { how = '' } = this.answer.tried || {};
    const usual = [this.one.tried, ...TRIES.filter((one) => one !== this.one.tried)];
    const select = this.select(say('tried'), [['', say('choose_tried')], ...usual.map((one) => [one, say(one)])], how);
    select.control.addEventListener('change', () => {
      const chosen = select.control.value;
      this.write({ tried: chosen ? { how: chosen, on: this.form.body.visited_on } : undefined });
    });
    return select.node;
  }

  note() {
    return this.text(say('note'), this.answer.note, (note) => this.write({ note }));
  }

  select(label, options, value) {
    const id = `${named(this.one.code)}-${options.length}s`;
    const control = h('select', { id }, options.map(([name, text]) => h('option', { value: name }, text)));
    control.value = value;
    return { control, node: h('div', { class: 'field' }, h('label', { for: id }, label), control) };
  }

  text(label, value, save) {
    const id = `${named(this.one.code)}-${label.length}t`;
    const control = h('input', { type: 'text', id, maxlength: 300, autocomplete: 'off' });
    control.value = value;
    let timer = 0;
    control.addEventListener('change', () => { clearTimeout(timer); save(control.value); });
    control.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => save(control.value), 500); });
    return h('div', { class: 'field' }, h('label', { for: id }, label), control);
  }

  tools() {
    const id = `${named(this.one.code)}-file`;
    const camera = ON_A_SCREEN.includes(this.block.code) ? {} : { capture: 'environment' };
    const file = h('input', { type: 'file', accept: 'image/*', id, class: 'unseen', ...camera });
    file.addEventListener('change', () => this.snap(file));
    const note = button(say('note'), () => this.addNote(), { class: 'tool', 'aria-label': say('note_of', { title: this.one.title }) });
    return h('div', { class: 'tools' }, file, h('label', { for: id, class: 'tool' }, say('snap'),
      h('span', { class: 'unseen' }, `: ${this.one.title}`)), note, this.pictures);
  }

  addNote() {
    if (this.answer.note === undefined) this.form.body.items[this.one.code] = { ...this.answer, note: '' };
    this.draw();
    const fields = this.more.querySelectorAll('input');
    if (fields.length) fields[fields.length - 1].focus();
  }

  async snap(control) {
    const [file] = control.files;
    if (!file) return;
    const { page, key } = this.form;
    await this.form.keeping(() => page.visits.snap(page.owner, key, this.one.code, file));
    control.value = '';
    await this.form.countPhotos();
    this.drawPictures();
  }

  drawPictures() {
    const mine = this.form.photos.filter((photo) => photo.brief.item === this.one.code);
    this.pictures.replaceChildren(...mine.map((photo, number) => h('li', {},
      h('img', { src: photo.thumb, alt: say('picture', { number: number + 1 }) }),
      photo.state === 'sent' ? h('span', { class: 'small' }, say('picture_sent'))
        : button(say('remove'), () => this.remove(photo.key), { class: 'tool', 'aria-label': say('remove_picture', { number: number + 1 }) }),
      photo.state === 'refused' ? h('span', { class: 'small error' }, photo.reasons.join(' ')) : null)));
  }

  async remove(key) {
    await this.form.keeping(() => this.form.page.store.drop([key]));
    await this.form.countPhotos();
    this.drawPictures();
  }
}
