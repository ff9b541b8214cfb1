/* Elements in one line each, and the words of the page, which the server gives with it (wording.py of its package). */
const given = JSON.parse(document.getElementById('words').textContent);
const root = document.documentElement;
const first = { code: root.lang, words: given.words, forms: new Intl.PluralRules(root.lang) };
let spoken = first;

export const { addresses, release } = given; // the release is told to the kiosk alone

/* From here on the page speaks this language; what `words` lack is said as the page came. */
export function speak({ code, direction, words }) {
  spoken = code === first.code ? first : { code, words, forms: new Intl.PluralRules(code) };
  Object.assign(root, { lang: code, dir: direction });
}

/* The language of a text, where it is not the page's own. */
export function tongueOf(name) {
  return name in spoken.words ? null : first.code;
}

/* A text by its name; a counted one by the right plural of `told.count`. */
export function say(name, told = {}) {
  const { words, forms } = name in spoken.words ? spoken : first;
  const found = words[name];
  if (found === undefined) throw new Error(`no words for ${name}`);
  const text = typeof found === 'string' ? found : found[forms.select(told.count)] || found.many;
  return text.replace(/\{(\w+)\}/g, (whole, part) => (part in told ? told[part] : whole));
}

/* «21 ноября, 9:15» of a moment, «21 ноября» of a day. */
export function moment(value) {
  const whole = { day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' };
  return new Intl.DateTimeFormat(document.documentElement.lang, whole).format(new Date(value));
}

export function day(value) {
  const parts = { day: 'numeric', month: 'long' };
  return new Intl.DateTimeFormat(document.documentElement.lang, parts).format(new Date(`${value}T12:00`));
}

/* «1,5 МБ», «10,7 ГБ» */
export function size(bytes) {
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return bytes < 1e9 ? say('megabytes', { count: number.format(bytes / 1e6) }) : say('gigabytes', { count: number.format(bytes / 1e9) });
}

/* h('button', {class: 'button', onclick: f}, 'Отправить') */
export function h(tag, told = {}, ...inside) {
  const made = document.createElement(tag);
  Object.entries(told).forEach(([name, value]) => {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (name in made && typeof value === 'boolean') made[name] = value;
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  });
  made.append(...inside.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== false));
  return made;
}

export function button(text, press, told = {}) {
  return h('button', { type: 'button', class: 'button', onclick: press, ...told }, text);
}

export function badge(text, kind = '') {
  return h('span', { class: `badge ${kind}` }, text);
}
