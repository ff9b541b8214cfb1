/* Every screen as a piece of the page. A screen knows nothing of timers, storage or the network: it is given what it
   shows and what to call. */
import { h, say, size, tongueOf } from '../dom.js';
import { offered, worded } from './tongues.js';

/* A button of at least 20 mm, for a finger, a key or a switch. */
function big(text, press, kind = '', told = {}) {
  return h('button', { type: 'button', class: `big ${kind}`, onclick: press, ...told }, text);
}

/* Words of the page; what its language lacks is Russian and says so. */
function wording(name, told) {
  const lang = tongueOf(name);
  return lang ? h('span', { lang }, say(name, told)) : say(name, told);
}

function heading(text, lang = null) {
  return h('h1', { tabindex: '-1', id: 'heading', lang }, text);
}

const LONG = 110; // characters of a name that three lines of a tablet hold

function whom(settings) {
  if (!settings) return null;
  return h('p', { class: settings.organization.length > LONG ? 'whom long' : 'whom', id: 'whom', lang: 'ru' }, settings.organization, settings.place ? h('span', {}, settings.place) : null);
}

/* Each language by its own name and in its own voice; of one alone nothing is said. */
function languages(page) {
  const found = offered(page.settings);
  if (found.length < 2) return null;
  return h('div', { class: 'languages', role: 'group', 'aria-label': say('languages') },
    found.map(({ code, name, direction }) => big(name, () => page.tell(code), 'language',
      { lang: code, dir: direction, 'data-language': code, 'aria-pressed': String(code === page.language.code) })));
}

function shell({ settings, steps, leave, body, tools, tongues }) {
  const end = leave && big(wording('leave'), leave, 'plain', { id: 'leave' });
  return [
    h('header', { class: 'top' }, whom(settings), end, tongues),
    settings && settings.demo ? h('p', { class: 'demo' }, wording('demo')) : null,
    steps || null,
    h('div', { class: 'middle' }, h('div', { class: 'inner' }, body)),
    tools ? h('footer', { class: 'tools' }, tools) : null,
  ].filter(Boolean);
}

function picture(svg) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/* The code for one's own phone: there the survey speaks as the screen does now. */
function phone(page, settings, text = wording('by_phone')) {
  return h('section', { class: 'phone' },
    h('h2', {}, text),
    h('img', { src: picture(page.language.qr || settings.qr), alt: settings.address, width: '300', height: '300' }),
    h('p', { class: 'quiet' }, wording('by_phone_hint'), ' ', h('b', { class: 'address' }, settings.address)));
}

/* Look and voice: what the next person finds as if nobody had touched it. */
export function looks(page) {
  const { look } = page;
  return [
    big(wording(look.large ? 'smaller' : 'larger'), () => page.turn('large'), 'tool size', { 'aria-pressed': String(look.large) }),
    big(wording(look.contrast ? 'contrast_off' : 'contrast'), () => page.turn('contrast'), 'tool half', { 'aria-pressed': String(look.contrast) }),
    page.voiced ? big(wording(look.aloud ? 'hush' : 'aloud'), () => page.turn('aloud'), 'tool', { 'aria-pressed': String(look.aloud) }) : null,
  ];
}

export function attract(page) {
  const { settings } = page.device;
  const invitation = say('invitation', { count: settings.form.total });
  const body = [
    h('div', { class: 'invitation' }, heading(wording('title')),
      h('p', { class: 'lead' }, wording('invitation', { count: settings.form.total })),
      page.language.awaits_review ? h('p', { class: 'quiet' }, wording('awaits_review')) : null,
      big(wording('start'), () => page.begin(), 'main', { id: 'start' })),
    phone(page, settings),
  ];
  return { nodes: shell({ settings, body, tools: looks(page), tongues: languages(page) }), spoken: `${say('title')} ${invitation}` };
}

export function question(page) {
  const { person } = page;
  const { asked, number, now } = person;
  const given = person.answers[now.id];
  const { caption, hint, choices: texts } = worded(page.language, now);
  const choice = (one, place) => big(one.text, () => page.choose(one.value),
    `choice ${['unsure', 'not_used'].includes(one.value) ? 'aside' : ''} ${given === one.value ? 'chosen' : ''}`,
    { 'aria-pressed': String(given === one.value), lang: one.lang, 'data-value': one.value, 'data-digit': String(place + 1) });
  const choices = texts.map(choice);
  if (!now.required) choices.push(big(wording('skip'), () => page.choose(null), 'choice aside', { id: 'skip' }));
  const steps = h('div', { class: 'progress-row' },
    h('p', { class: 'count' }, wording('progress', { number, count: asked.length })),
    h('div', { class: 'steps', 'aria-hidden': 'true' }, asked.map((_, place) => h('span', { class: place < number ? 'done' : '' }))));
  const body = [
    h('div', { class: 'asked' }, heading(caption.text, caption.lang),
      hint ? h('p', { class: 'lead', lang: hint.lang }, hint.text) : null),
    h('div', { class: `choices n${now.choices.length}`, role: 'group', 'aria-labelledby': 'heading' }, choices),
  ];
  const tools = [big(wording('back'), () => page.back(), 'tool arrow', { id: 'back' }), ...looks(page)];
  const spoken = [caption, hint, ...texts].filter(Boolean).map((one) => one.text).join('. ');
  const tongues = person.at ? null : languages(page);
  return { nodes: shell({ settings: person.settings, steps, leave: () => page.leave(), body, tools, tongues }), spoken };
}

export function review(page) {
  const { person } = page;
  const body = h('div', { class: 'alone' }, heading(wording('review_title')), h('p', { class: 'lead' }, wording('review_text')),
    big(wording('send'), () => page.send(), 'main', { id: 'send' }));
  const tools = [big(wording('back'), () => page.back(), 'tool arrow', { id: 'back' }), ...looks(page)];
  return { nodes: shell({ settings: person.settings, leave: () => page.leave(), body, tools }), spoken: say('review_text') };
}

export function thanks(page) {
  const { settings } = page.person;
  const body = [
    h('div', { class: 'invitation' }, heading(wording('thanks')), h('p', { class: 'lead' }, wording('thanks_text')),
      big(wording('ready'), () => page.wipe(), 'main', { id: 'ready' })),
    phone(page, settings, wording('thanks_words')),
  ];
  return { nodes: shell({ settings, body }), spoken: `${say('thanks')} ${say('thanks_text')}` };
}

export function notKept(page) {
  const { settings } = page.person;
  const body = [
    h('div', { class: 'invitation' }, heading(wording('not_kept')), h('p', { class: 'lead' }, wording('not_kept_text')),
      big(wording('ready'), () => page.wipe(), 'main', { id: 'ready' })),
    phone(page, settings),
  ];
  return { nodes: shell({ settings, body }), spoken: `${say('not_kept')}. ${say('not_kept_text')}` };
}

/* A question of two buttons that hides everything else: whoever comes up meanwhile reads nothing of another's. */
function asking(name, { yes, no, more = null }) {
  const body = h('div', { class: 'alone', role: 'alertdialog', 'aria-labelledby': 'heading', 'aria-describedby': 'told' },
    heading(wording(`${name}_${name === 'still' ? 'here' : 'title'}`)), h('p', { class: 'lead', id: 'told' }, wording(`${name}_text`)), more,
    h('div', { class: 'two' }, yes, no));
  return { nodes: shell({ body }), spoken: '' };
}

export function still(page) {
  return asking('still', {
    more: h('p', { class: 'left', id: 'left', 'aria-hidden': 'true' }, String(page.left)),
    yes: big(wording('still_yes'), () => page.stay(), 'main', { id: 'stay' }),
    no: big(wording('still_no'), () => page.wipe(), 'plain', { id: 'anew' }),
  });
}

export function leaving(page) {
  return asking('leave', {
    yes: big(wording('leave_no'), () => page.stay(), 'main', { id: 'stay' }),
    no: big(wording('leave_yes'), () => page.wipe(), 'plain', { id: 'erase' }),
  });
}

/* Nothing is asked now, and why; one's own phone may still do. */
export function shut(name, page, told = {}) {
  const { settings } = page.device;
  const words = h('div', { class: 'invitation' }, heading(wording(`${name}_title`)), h('p', { class: 'lead' }, wording(`${name}_text`, told)));
  const reachable = settings && ['hours', 'full'].includes(name);
  return { nodes: shell({ settings, body: [words, reachable ? phone(page, settings) : null], tongues: languages(page) }), spoken: '' };
}

/* Six digits for the administrator, and the same ones for the camera of his phone. */
export function pairing(page) {
  const { shown, device } = page;
  const name = device.revoked ? 'revoked' : 'pair';
  const code = shown ? h('p', { class: 'code', id: 'code' }, `${shown.code.slice(0, 3)} ${shown.code.slice(3)}`) : null;
  const body = h('div', { class: 'alone' }, heading(say(`${name}_title`)), code,
    h('p', { class: 'lead' }, say(shown ? 'pair_text' : 'pair_offline')),
    shown && shown.qr ? h('img', { class: 'scanned', src: picture(shown.qr), alt: say('pair_qr'), width: '240', height: '240' }) : null,
    shown ? h('p', { class: 'quiet' }, say('pair_minutes', { count: shown.minutes })) : null,
    device.waiting + device.stuck ? h('p', { class: 'lead', id: 'queue' }, say('pair_kept', { count: device.waiting + device.stuck })) : null);
  return { nodes: shell({ settings: device.settings, body }), spoken: '' };
}

/* For the one who looks after the device: nothing here opens an answer. */
export function service(page, caretaker, notice) {
  const { device } = page;
  const line = (name, value) => h('div', {}, h('dt', {}, say(name)), h('dd', {}, String(value)));
  const body = h('div', { class: 'alone' }, heading(say('service')),
    h('dl', { class: 'facts' },
      line('service_name', device.settings ? device.settings.name : '—'),
      line('service_waiting', device.waiting), line('service_stuck', device.stuck),
      line('service_way', say(`way_${page.way}`)), line('service_release', device.release),
      line('service_room', device.room ? `${size(device.used)} / ${size(device.room)}` : '—'),
      line('service_kept', say(device.kept ? 'service_yes' : 'service_no'))),
    notice ? h('p', { class: 'lead', role: 'status' }, notice) : null,
    h('div', { class: 'two three' },
      big(say('service_save'), () => caretaker.save(), 'plain', { id: 'save' }),
      big(say('service_send'), () => caretaker.send(), 'plain', { id: 'send-now' }),
      big(say('service_close'), () => page.wipe(), 'main', { id: 'close' })));
  return { nodes: shell({ settings: device.settings, body }), spoken: '' };
}
