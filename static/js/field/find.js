/* For whoever was assigned to nothing: find an organisation while there is a network, and take it along. */
import { addresses, button, h, say } from '../dom.js';

export async function find(page) {
  const results = h('div', { 'aria-live': 'polite' });
  const input = h('input', { type: 'search', id: 'search', autocomplete: 'off', maxlength: 200 });
  const form = h('form', { class: 'search', role: 'search' }, h('label', { for: 'search' }, say('find_label')),
    h('div', { class: 'row' }, input, h('button', { class: 'button second' }, say('find_do'))));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    results.replaceChildren(...await found(page, input.value.trim()));
  });
  return { title: say('find'), nodes: [h('p', {}, h('a', { class: 'way', href: '#' }, say('to_list'))), form, results] };
}

async function found(page, words) {
  if (!words) return [];
  let told;
  try {
    const answer = await fetch(`${addresses.find}?q=${encodeURIComponent(words)}`, { cache: 'no-store' });
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
    told = (await answer.json()).found;
  } catch {
    return [h('p', { class: 'errors' }, say('find_needs_network'))];
  }
  if (!told.length) return [h('p', {}, say('found_nothing'))];
  const taken = new Set(await page.visits.chosen(page.owner));
  return [h('ul', { class: 'places' }, told.map((one) => h('li', { class: 'place card' },
    h('h2', {}, one.name), h('p', { class: 'quiet small' }, [one.address, one.campaign_title].filter(Boolean).join(' · ')),
    taken.has(one.assessment) ? h('p', {}, say('chosen'))
      : button(say('choose'), (event) => choose(page, one, event.target), { class: 'button second' }))))];
}

async function choose(page, one, pressed) {
  const chosen = await page.visits.chosen(page.owner);
  await page.store.lay(page.owner, 'chosen', [...new Set([...chosen, one.assessment])]);
  pressed.replaceWith(h('p', { role: 'status' }, say('chosen')));
  await page.take();
}
