/* Visits and their photographs as entries of the outbox; what is taken along lies on its shelf. */
import { addresses } from '../dom.js';
import { differences, progress, unfinished } from './checks.js';
import { reduced } from './photos.js';

const FORMAT = 1; // of a visit's body; a later one reads the earlier ones in `readable`
const ATTEMPTS = 3; // earlier finished versions, by which a lost answer is known again
const DAY = 86400000;
const REMEMBERED = 60 * DAY; // how long what was sent stays on the list

/* The visit is another's, or is not on this phone: nothing was read and nothing written. */
export class NotOwn extends Error {}

export class Visits {
  constructor(store) {
    this.store = store;
  }

  /* What was taken along: {taken, today, places, lists, visits}, or undefined. */
  async bag(owner) {
    return this.store.laid(owner, 'bag');
  }

  async chosen(owner) {
    return (await this.store.laid(owner, 'chosen')) || [];
  }

  /* Asks the server for the bag anew and brings one's own visits on it up to date. Throws when it is not given. */
  async pack(owner) {
    const also = (await this.chosen(owner)).map((id) => `also=${id}`).join('&');
    const answer = await fetch(`${addresses.work}?${also}`, { cache: 'no-store', headers: { Accept: 'application/json' } });
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
    const bag = await answer.json();
    if (bag.who !== owner) throw new Error('somebody else');
    await this.store.lay(owner, 'bag', bag);
    for (const visit of bag.visits) await this.bring(owner, bag, visit);
    await this.store.forgetSent(owner, Date.now() - REMEMBERED);
    return bag;
  }

  /* A visit that the server holds: kept as sent, to be opened and gone on with; never over what is unsent here. */
  async bring(owner, bag, visit) {
    const place = bag.places.find((one) => one.assessment === visit.assessment && one.kind === visit.kind);
    if (!place) return;
    const body = { ...fresh(place, bag), ...visit, format: FORMAT, done: visit.state !== 'draft' };
    const brief = { ...briefly(place), ...told(body, bag.lists[body.checklist_sha256]) };
    const known = await this.store.get(visit.key);
    if (!known) {
      await this.store.put({ owner, kind: 'visit', key: visit.key, state: 'sent', base: visit.version, body, brief });
    } else if (known.state === 'sent' && known.base < visit.version) {
      await this.store.change(visit.key, (_, entry) => { Object.assign(entry, { base: visit.version, brief }); return body; });
    }
  }

  /* The key of the visit to this place: begun before, or begun now. */
  async begin(owner, bag, place) {
    const mine = (await this.store.entries(owner)).filter((entry) => isOf(entry, place));
    const [found] = mine.sort((one, other) => other.changed - one.changed);
    if (found) return found.key;
    const body = fresh(place, bag);
    const brief = { ...briefly(place), ...told(body, bag.lists[place.list]) };
    return this.store.put({ owner, kind: 'visit', body, brief });
  }

  /* One's own visit with a body that this release understands, by the list that is in force; null for another's,
     whose address may stand in the history of a shared phone. */
  async open(owner, key, bag) {
    const entry = await this.own(owner, key).catch(() => null);
    if (!entry || entry.kind !== 'visit') return null;
    const body = readable(entry.body);
    const place = bag.places.find((one) => isOf(entry, one));
    const list = bag.lists[place ? place.list : body.checklist_sha256];
    return { entry: { ...entry, body }, place, list };
  }

  async own(owner, key) {
    const entry = await this.store.get(key);
    if (!entry || !owner || entry.owner !== owner) throw new NotOwn(key);
    return entry;
  }

  /* Alters one's own entry; the owner is looked at inside the transaction that writes. */
  async change(owner, key, alter) {
    const changed = await this.store.change(key, (body, entry) => {
      if (!owner || entry.owner !== owner) throw new NotOwn(key);
      return alter(body, entry);
    });
    if (!changed) throw new NotOwn(key);
    return changed;
  }

  /* One tap: alters the body in the store itself, so that two tabs keep each its own taps. */
  async tap(owner, key, list, alter) {
    return this.change(owner, key, (stored, entry) => {
      const body = readable(stored);
      alter(body);
      setAside(body, list);
      entry.state = 'open'; // whatever became of it before, it is in the person's hands again
      body.checklist = list.id;
      body.checklist_sha256 = list.sha256 || body.checklist_sha256;
      Object.assign(entry.brief, told(body, list));
      return body;
    });
  }

  async finish(owner, key, list, done) {
    await this.tap(owner, key, list, (body) => { body.done = done; });
    await this.change(owner, key, (body, entry) => {
      entry.finished = [...(entry.finished || []), structuredClone(body)].slice(-ATTEMPTS);
    });
    await this.store.release(key);
  }

  async snap(owner, key, item, file) {
    const { bytes, thumb } = await reduced(file);
    await this.own(owner, key);
    const brief = { item };
    const body = { bytes, thumb, day: today() };
    return this.store.put({ owner, kind: 'photo', rank: 1, after: key, body, brief });
  }

  /* The person has chosen between two versions: `body` goes over the server's version that he has seen. */
  async choose(owner, key, list, body, version) {
    await this.tap(owner, key, list, (stored) => { Object.assign(stored, body); });
    await this.change(owner, key, (_, entry) => { entry.base = version; });
    await this.store.release(key);
  }

  /* Nobody chooses here: the phone's version goes to the verifier as a visit of its own, the photographs with it. */
  async keepBoth(owner, key, theirs) {
    const { body, brief } = await this.own(owner, key);
    const second = await this.store.put({ owner, kind: 'visit', body, brief });
    for (const photo of await this.photos(owner, key)) {
      if (photo.state !== 'sent') await this.change(owner, photo.key, (_, one) => { one.after = second; });
    }
    await this.change(owner, key, (_, one) => {
      Object.assign(one, { state: 'sent', base: theirs.version, sent: Date.now() });
      return { ...body, ...theirs };
    });
    await this.store.release(second);
  }

  async photos(owner, key) {
    const found = (await this.store.following(owner, key)).filter((entry) => entry.kind === 'photo');
    return Promise.all(found.map(async (entry) => ({ ...entry, thumb: ((await this.store.get(entry.key)).body || {}).thumb })));
  }
}

export function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

export function isOf(entry, place) {
  return entry.kind === 'visit' && entry.brief.assessment === place.assessment && entry.brief.list === place.kind;
}

function briefly(place) {
  return { assessment: place.assessment, list: place.kind, name: place.name, code: place.code };
}

function told(body, list) {
  if (!list) return {};
  const [answered, all] = progress(body, list);
  return { answered, all, left: unfinished(body, list).length, done: body.done };
}

function fresh(place, bag) {
  const counts = place.kind === 'inspection' ? { stand: 'list', site: 'list' } : {};
  return {
    format: FORMAT, assessment: place.assessment, kind: place.kind, checklist: bag.lists[place.list].id,
    checklist_sha256: place.list, visited_on: today(), items: {}, counts, note: '', done: false,
  };
}

/* A body written by an earlier release, as this one writes it; unknown parts stay where they are. */
export function readable(body) {
  return { ...body, items: body.items || {}, counts: body.counts || {}, note: body.note || '' };
}

/* Answers to lines that the list no longer has are not sent, and not lost either. */
function setAside(body, list) {
  const known = new Set(list.blocks.flatMap((block) => block.items).map((item) => item.code));
  Object.keys(body.items).filter((code) => !known.has(code)).forEach((code) => {
    body.aside = { ...body.aside, [code]: body.items[code] };
    delete body.items[code];
  });
}

/* How each kind goes to the server. */
export const routes = {
  visit(entry) {
    const { body, key, base } = entry;
    const payload = { ...body, client_key: key, version: base };
    const headers = { 'Content-Type': 'application/json' };
    return { url: addresses.visit, body: JSON.stringify(payload), headers };
  },
  photo(entry) {
    const form = new FormData();
    form.append('key', entry.key);
    form.append('visit', entry.after);
    form.append('item', entry.brief.item);
    form.append('day', entry.body.day);
    form.append('file', new Blob([entry.body.bytes], { type: 'image/jpeg' }), 'photo.jpg');
    return { url: addresses.photo, body: form };
  },
};

/* An answer was lost, and the visit was corrected before the next try: the server holds our own earlier version. */
export function ours(entry, theirs) {
  return (entry.finished || []).some((earlier) => differences(readable(earlier), theirs).length === 0);
}

/* A sent visit may be opened again; a photograph leaves only its little picture. */
export function kept(entry) {
  return entry.kind === 'visit' ? entry.body : { thumb: entry.body.thumb };
}
