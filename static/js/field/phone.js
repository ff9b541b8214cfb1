/* The phone's own matters: how much room there is, the way out by a file, and leaving nothing behind. */
import { UNSENT } from '../store.js';
import { button, h, moment, say, size } from '../dom.js';

export async function phone(page) {
  const { used, room, kept } = await page.store.room();
  const unsent = await page.store.entries(page.owner, UNSENT);
  const exported = await page.store.laid(page.owner, 'exported');
  const safe = unsent.every((entry) => exported && entry.changed <= exported);
  const others = await page.store.ofOthers(page.owner);
  return {
    title: say('phone'),
    nodes: [
      h('p', {}, h('a', { class: 'way', href: '#' }, say('to_list'))),
      h('div', { class: 'block' }, h('h2', {}, say('room')),
        used === null ? null : h('p', {}, say('room_text', { used: size(used), room: size(room) })),
        h('p', {}, say(kept ? 'kept' : 'not_kept')),
        kept ? null : button(say('ask_keep'), async () => { await page.store.persist(); await page.redraw(); }, { class: 'button second' })),
      h('div', { class: 'block' }, h('h2', {}, say('export')), h('p', {}, say('export_text')),
        h('p', {}, page.unsentWords(unsent)), exported ? h('p', { class: 'quiet' }, say('exported', { when: moment(exported) })) : null,
        unsent.length ? button(say('export_do'), () => save(page), { id: 'export' }) : null),
      h('div', { class: 'block' }, h('h2', {}, say('erase')), h('p', {}, say(safe ? 'erase_text' : 'erase_after_export')),
        safe ? erase(page) : null),
      others ? h('p', { class: 'quiet' }, say('others', { count: others })) : null,
      h('p', { class: 'quiet small' }, say('release', { release: page.release || '—' })),
    ],
  };
}

async function save(page) {
  const written = Date.now();
  const parts = await page.store.exportUnsent(page.owner, { name: page.who.name, written: new Date(written).toISOString() });
  const address = URL.createObjectURL(new Blob(parts, { type: 'application/x-ndjson' }));
  const link = h('a', { href: address, download: say('export_name', { day: new Date(written).toISOString().slice(0, 10) }) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  await page.store.lay(page.owner, 'exported', written);
  await page.redraw();
}

/* Asks once more on the same place before anything is lost. */
function erase(page) {
  const place = h('div', {});
  const ask = () => place.replaceChildren(h('p', { role: 'alert' }, h('strong', {}, say('erase_sure'))),
    button(say('erase_yes'), async () => {
      const all = await page.store.entries(page.owner);
      await page.store.drop(all.map((entry) => entry.key));
      for (const name of ['bag', 'chosen', 'exported']) await page.store.lay(page.owner, name, undefined);
      await page.look();
      location.hash = '#';
    }, { id: 'erase-yes' }));
  place.append(button(say('erase'), ask, { class: 'button second', id: 'erase' }));
  return place;
}
