/* Fields of the visit that are written as they are typed: after half a second of rest, and whenever one is left. */
import { h } from '../dom.js';

const REST = 500;
let ids = 0;

function field(form, name, label, control, again = 'value') {
  const id = control.id || `f${ids += 1}`;
  control.id = id;
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    if ((form.read(name) || '') !== control[again]) form.write(name, control[again]);
  };
  control.addEventListener('change', save);
  control.addEventListener('blur', save);
  control.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(save, REST); });
  return h('div', { class: 'field' }, h('label', { for: id }, label), control);
}

export function words(form, name, label, { rows = 0, type = 'text', id = '' } = {}) {
  const value = form.read(name) || '';
  const found = id || `i-${name.split(' ').pop()}`;
  const control = rows ? h('textarea', { rows, id: found, maxlength: 4000 }) : h('input', { type, id: found, maxlength: 300 });
  control.value = value;
  return field(form, name, label, control);
}

export function number(form, name, label) {
  const control = h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', id: `i-${name.split(' ').pop()}`, maxlength: 12 });
  control.value = form.read(name) ?? '';
  return field(form, name, label, control);
}

export function choice(form, name, label, options, { after = () => {} } = {}) {
  const control = h('select', {}, options.map(([value, text]) => h('option', { value }, text)));
  control.value = form.read(name) || options[0][0];
  const id = `f${ids += 1}`;
  control.id = id;
  control.addEventListener('change', async () => { await form.write(name, control.value); after(); });
  return h('div', { class: 'field' }, h('label', { for: id }, label), control);
}
