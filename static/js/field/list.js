/* The first screen: what was taken along, and what became of each visit. */
import { badge, button, day, h, moment, say } from '../dom.js';
import { isOf } from './visits.js';

export async function list(page) {
  const { bag } = page;
  const visits = (await page.store.entries(page.owner)).filter((entry) => entry.kind === 'visit');
  const cards = (bag ? bag.places : []).map((place) => [place, latest(visits, place)]);
  cards.sort(([, one], [, other]) => urgency(one) - urgency(other));
  const shown = new Set(cards.map(([, entry]) => entry && entry.key));
  const rest = visits.filter((entry) => !shown.has(entry.key));
  return {
    title: say('title'),
    nodes: [
      luggage(page),
      cards.length ? h('ul', { class: 'places' }, cards.map(([place, entry]) => card(page, place, entry))) : empty(page),
      rest.length ? [h('h2', { class: 'part' }, say('other_visits')), h('ul', { class: 'places' }, rest.map((entry) => (
        card(page, { ...entry.brief, kind: entry.brief.list, address: '' }, entry))))] : null,
      h('p', { class: 'ways' }, h('a', { class: 'way', href: '#find' }, say('find')),
        h('a', { class: 'way', href: '#phone' }, say('phone'))),
    ],
  };
}

/* What needs a person comes first, what is over comes last. */
function urgency(entry) {
  return entry ? ['conflict', 'refused', 'open', 'waiting', '', 'sent'].indexOf(entry.state) + (entry.brief.done ? 1 : 0) : 4;
}

function latest(visits, place) {
  return visits.filter((entry) => isOf(entry, place)).sort((one, other) => other.changed - one.changed)[0];
}

function luggage(page) {
  const { bag } = page;
  const text = bag ? say('taken', { when: moment(bag.taken) }) : say('not_taken');
  const first = bag && bag.places.length;
  return h('div', { class: 'luggage' },
    h('p', { class: 'quiet small' }, say('as', { name: page.who.name }), h('br'), text, ' ', page.ready ? say('works_offline') : say('not_yet_offline')),
    button(first ? say('take_again') : say('take'), () => page.take(),
      { id: 'take', class: first ? 'button second' : 'button', disabled: page.taking || !page.owner }));
}

function empty(page) {
  return h('div', { class: 'card empty' }, h('h2', {}, say(page.bag ? 'nothing_assigned' : 'bag_empty')),
    h('p', {}, say(page.bag ? 'nothing_assigned_text' : 'bag_empty_text')));
}

function card(page, place, entry) {
  const address = entry && entry.state === 'conflict' ? `#conflict/${entry.key}` : entry ? `#visit/${entry.key}` : null;
  const name = place.name.replace(/№ /g, '№\u00a0');
  const heading = address ? h('a', { href: address }, name)
    : h('button', { type: 'button', class: 'link', onclick: () => page.begin(place) }, name);
  return h('li', { class: 'place card' },
    h('h2', {}, heading),
    h('p', { class: 'quiet small' }, [place.address, place.due && say('due', { day: day(place.due) })].filter(Boolean).join(' · ')),
    h('p', { class: 'state' }, place.kind === 'mystery' ? [badge(say('mystery')), ' '] : null, ...state(page, entry)),
    entry && entry.state === 'refused' ? h('ul', { class: 'reasons' }, entry.reasons.map((reason) => h('li', {}, reason))) : null);
}

function state(page, entry) {
  if (!entry) return [badge(say('not_begun'))];
  const { answered, all, done } = entry.brief;
  const photos = page.photosOf(entry.key);
  const pictures = photos.length ? [' ', h('span', { class: 'quiet small' }, say('photos', { count: photos.length }))] : [];
  const unsent = photos.filter((photo) => photo.state !== 'sent').length;
  const told = {
    open: () => badge(say('begun', { answered, all }), 'warn'),
    waiting: () => badge(say('waiting'), 'warn'),
    sent: () => (unsent ? badge(say('sent_but_photos', { count: unsent }), 'warn')
      : badge(done ? say('sent') : say('sent_draft', { answered, all }), done ? 'ok' : '')),
    refused: () => badge(say('refused'), 'bad'),
    conflict: () => badge(say('conflict'), 'bad'),
  };
  return [told[entry.state](), ...pictures];
}
