/* Two versions of one visit side by side: the person chooses item by item, or leaves both to the verifier. */
import { differences, merged } from './checks.js';
import { button, day, h, say } from '../dom.js';

export async function conflict(page, key) {
  const opened = page.bag && await page.visits.open(page.owner, key, page.bag);
  if (!opened || opened.entry.state !== 'conflict') { location.hash = '#'; return null; }
  return new Conflict(page, key, opened).view();
}

class Conflict {
  constructor(page, key, { entry, list }) {
    Object.assign(this, { page, key, entry, list, mine: entry.body, theirs: entry.theirs });
    this.parts = differences(this.mine, this.theirs);
    this.titles = Object.fromEntries(list.blocks.flatMap((block) => block.items).map((one) => [one.code, one.title]));
    this.trouble = h('div', { role: 'alert' });
    this.choices = this.parts.map((part, number) => this.choice(part, number));
  }

  view() {
    const all = (side) => () => this.choices.forEach(({ radios }) => { radios[side].checked = true; });
    return {
      title: say('conflict_title'),
      nodes: [
        h('p', {}, h('a', { class: 'way', href: '#' }, say('to_list'))),
        h('p', {}, h('strong', {}, this.entry.brief.name)),
        h('p', {}, say('conflict_text', { count: this.parts.length })),
        h('div', { class: 'actions' }, button(say('all_mine'), all('mine'), { class: 'button second' }),
          button(say('all_theirs'), all('theirs'), { class: 'button second' })),
        this.choices.map(({ node }) => node),
        this.trouble,
        button(say('send_chosen'), () => this.send(), { id: 'send-chosen' }),
        h('p', { class: 'quiet' }, say('both_text')),
        button(say('both'), () => this.both(), { class: 'button second', id: 'both' }),
      ],
    };
  }

  choice({ name, mine, theirs }, number) {
    const radios = {};
    const side = (which, value) => {
      const id = `d${number}-${which}`;
      radios[which] = h('input', { type: 'radio', name: `d${number}`, id });
      return [radios[which], h('label', { for: id }, h('span', { class: 'small quiet' }, say(which)), h('span', {}, this.told(name, value)))];
    };
    const node = h('fieldset', { class: 'line' }, h('legend', {}, this.named(name)),
      h('div', { class: 'two' }, side('mine', mine), side('theirs', theirs)));
    return { name, radios, node };
  }

  named(name) {
    const [part, code] = name.split(' ');
    if (part === 'item') return this.titles[code] || code;
    if (part === 'counts') return say(`counts_${code}`);
    return say(part === 'note' ? 'visit_note' : 'day');
  }

  told(name, value) {
    if (value === undefined || value === '') return say('nothing');
    const [part, code] = name.split(' ');
    if (part === 'visited_on') return day(value);
    if (part === 'counts') {
      const known = { list: 'by_list', own: 'by_own', none: 'no_place', days: 'days', hours: 'hours' }[value];
      return known ? say(known) : String(value);
    }
    if (part !== 'item' || !code) return String(value);
    const { value: answer, reason, tried, note } = value;
    return [answer ? say(answer) : say('nothing'), answer === 'na' && reason, tried && say(tried.how), note].filter(Boolean).join('. ');
  }

  async send() {
    const undecided = this.choices.find(({ radios }) => !radios.mine.checked && !radios.theirs.checked);
    if (undecided) {
      this.trouble.replaceChildren(h('p', { class: 'errors' }, say('choose_all')));
      undecided.radios.mine.focus();
      return;
    }
    const chosen = this.choices.filter(({ radios }) => radios.theirs.checked).map(({ name }) => name);
    const body = merged(this.mine, this.theirs, chosen);
    await this.settle(() => this.page.visits.choose(this.page.owner, this.key, this.list, body, this.theirs.version));
  }

  both() {
    return this.settle(() => this.page.visits.keepBoth(this.page.owner, this.key, this.theirs));
  }

  async settle(work) {
    try {
      await work();
    } catch {
      this.trouble.replaceChildren(h('p', { class: 'errors' }, say('not_saved')));
      return;
    }
    location.hash = '#';
    this.page.sendNow();
  }
}
