/* One visit by its check-list: each tap is written to the phone before anything else happens. */
import { NoRoom } from '../store.js';
import { asked, MATERIALS, progress, unfinished } from './checks.js';
import { button, h, say } from '../dom.js';
import { choice, number, words } from './fields.js';
import { item, named } from './item.js';

const MOST_SHOWN = 5;

export async function form(page, key) {
  const opened = page.bag && await page.visits.open(page.owner, key, page.bag);
  if (!opened || !opened.list) return { title: say('visit_gone'), nodes: [h('p', {}, say('visit_gone_text')), back()] };
  if (opened.entry.state === 'conflict') { location.hash = `#conflict/${key}`; return null; }
  const made = new Form(page, key, opened);
  await made.countPhotos();
  return made.view();
}

function back() {
  return h('p', {}, h('a', { class: 'way', href: '#' }, say('to_list')));
}

class Form {
  constructor(page, key, { entry, place, list }) {
    Object.assign(this, { page, key, entry, place: place || {}, list, body: entry.body });
    this.counter = h('strong');
    this.bar = h('progress', { 'aria-label': say('progress') });
    this.saved = h('span', { class: 'saved' });
    this.trouble = h('div', { role: 'alert' });
    this.summary = h('div', { role: 'alert', tabindex: '-1' });
    this.sections = h('div');
  }

  view() {
    this.drawSections();
    this.told();
    return {
      title: this.entry.brief.name.replace(/№ /g, '№\u00a0'),
      nodes: [
        back(),
        h('p', { class: 'quiet small' }, `${this.list.title}.`, this.list.unverified ? ` ${say('unverified')}` : ''),
        this.before(),
        h('div', { class: 'far' }, h('div', {}, this.counter, this.saved), this.bar),
        this.trouble,
        h('form', { onsubmit: (event) => event.preventDefault() },
          h('div', { class: 'block' }, words(this, 'visited_on', say('day'), { type: 'date' })),
          this.sections,
          h('div', { class: 'block' }, words(this, 'note', say('visit_note'), { rows: 3 }))),
        this.summary,
        button(say('finish'), () => this.finish(), { id: 'finish' }),
      ],
    };
  }

  before() {
    const { state, reasons } = this.entry;
    if (state === 'refused') {
      return h('div', { class: 'errors' }, h('h2', {}, say('refused')), h('ul', {}, reasons.map((reason) => h('li', {}, reason))));
    }
    const name = { sent: 'sent_hint', waiting: 'waiting_hint' }[state];
    return name ? h('p', { class: 'notice' }, say(name)) : null;
  }

  async countPhotos() {
    this.photos = await this.page.visits.photos(this.page.owner, this.key);
  }

  drawSections() {
    const blocks = this.list.blocks.map((block) => this.section(block));
    this.sections.replaceChildren(...blocks, ...(this.place.waiting ? [this.wait()] : []));
  }

  section(block) {
    const inspects = MATERIALS.includes(block.code) && this.list.kind === 'inspection';
    const shown = asked(this.body, this.list).includes(block);
    return h('section', { class: 'lot', id: named(block.code) },
      h('h2', {}, block.title),
      inspects ? this.way(block.code) : null,
      shown ? block.items.map((one) => item(this, block, one)) : null);
  }

  /* The stand or the site: by our list, by the operator's own (two counts), or there is none. */
  way(place) {
    const redraw = () => this.drawSections();
    const ways = ['list', 'own', 'none'].map((way) => [way, say(way === 'none' ? `no_${place}` : `by_${way}`)]);
    const how = choice(this, `counts ${place}`, say('how_checked'), ways, { after: redraw });
    const common = this.place.common_norm && place === 'stand'
      ? number(this, 'counts information_required', say('information_required')) : null;
    if (this.body.counts[place] !== 'own') return h('div', { class: 'block' }, how, common);
    return h('div', { class: 'block' }, how,
      h('div', { class: 'pair' }, number(this, `counts ${place}_present`, say('present')),
        number(this, `counts ${place}_required`, say('required'))),
      this.firstOwn() === place ? words(this, 'counts own_list', say('own_list')) : null, common);
  }

  /* One name for one's own list, asked once. */
  firstOwn() {
    return MATERIALS.find((place) => this.body.counts[place] === 'own');
  }

  wait() {
    const units = [['days', say('days')], ['hours', say('hours')]];
    return h('section', { class: 'lot', id: 'i-waiting' }, h('h2', {}, say('wait')),
      h('div', { class: 'block' },
        h('div', { class: 'pair' }, number(this, 'counts waiting_mean', say('waiting_mean')),
          number(this, 'counts waiting_term', say('waiting_term'))),
        h('div', { class: 'pair' }, choice(this, 'counts waiting_unit', say('waiting_unit'), units),
          number(this, 'counts waiting_points', say('waiting_points')))));
  }

  /* Reads «items stand.hours», «counts stand», «note» of the visit. */
  read(name) {
    const [part, field] = name.split(' ');
    return field ? this.body[part][field] : this.body[part];
  }

  /* Writes it on the phone; what the page shows is changed at once, whether it is written is told apart. */
  async write(name, value) {
    const [part, field] = name.split(' ');
    const alter = (body) => {
      const into = field ? body[part] : body;
      if (value === undefined || value === '') delete into[field || part];
      else into[field || part] = value;
      body.note = body.note || '';
    };
    alter(this.body);
    this.told();
    await this.keeping(() => this.page.visits.tap(this.page.owner, this.key, this.list, alter));
  }

  /* Does what writes, and says whether it was written. */
  async keeping(work) {
    try {
      await work();
      const now = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }).format(new Date());
      this.saved.textContent = say('saved', { time: now });
      this.trouble.replaceChildren();
      this.page.persist();
      return true;
    } catch (error) {
      this.saved.textContent = '';
      const text = error instanceof NoRoom ? 'no_room' : error.constructor.name === 'NotAPicture' ? 'not_a_picture' : 'not_saved';
      this.trouble.replaceChildren(h('p', { class: 'errors' }, say(text)));
      this.trouble.scrollIntoView({ block: 'center' });
      return false;
    }
  }

  told() {
    const [answered, all] = progress(this.body, this.list);
    this.counter.textContent = say('begun_short', { answered, all });
    this.bar.max = all || 1;
    this.bar.value = answered;
  }

  async finish() {
    const left = unfinished(this.body, this.list);
    if (!left.length) { await this.send(true); return; }
    const titles = Object.fromEntries(this.list.blocks.flatMap((block) => block.items).map((one) => [one.code, one.title]));
    const shown = left.slice(0, MOST_SHOWN).map(([code, text]) => h('li', {},
      h('a', { href: `#${named(code)}`, onclick: (event) => this.lead(event, code) }, `${titles[code] || say('field')}: ${say(text)}`)));
    this.summary.replaceChildren(h('div', { class: 'errors' },
      h('h2', {}, say('left', { count: left.length })), h('ul', {}, shown),
      left.length > shown.length ? h('p', {}, say('and_more', { count: left.length - shown.length })) : null,
      button(say('send_draft'), () => this.send(false), { class: 'button second', id: 'send-draft' })));
    this.summary.focus({ preventScroll: true });
    this.summary.firstChild.scrollIntoView();
  }

  /* To the place that is left, without leaving the page: the address's own part names the screen. */
  lead(event, code) {
    event.preventDefault();
    const place = document.getElementById(named(code));
    if (!place) return;
    place.scrollIntoView({ block: 'center' });
    (place.matches('input, select, textarea') ? place : place.querySelector('input, select, textarea') || place).focus();
  }

  async send(done) {
    if (!await this.keeping(() => this.page.visits.finish(this.page.owner, this.key, this.list, done))) return;
    location.hash = '#';
    this.page.sendNow();
  }
}
