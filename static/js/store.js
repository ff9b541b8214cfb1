/* An outbox that lives through closed pages, crashes and months without a network (docs/decisions/0016).

   What a person enters is an *entry*: written here first, sent later by somebody else (sender.js); nothing of
   HTTP is known in this file, and nothing of what an entry means. The inspector's phone and the kiosk share it.

   An entry: key      random, made here once; the server takes an entry with a known key for the same entry
             owner    whose it is; nobody is shown, sends or exports what is another's
             kind     how the sender sends it ('visit', 'photo', …); `rank` orders kinds, `after` names the entry
                      that must be taken by the server before this one
             state    open (being written) → waiting → sent | refused | conflict
             base     the version of the server's copy that it was written on, 0 where there was none
             revision grows with each change, so that an answer about an older one is not taken for the newer
             brief    the little that a list shows; the body, which may be a photograph, lies apart

   Writes are `strict`: a promise is kept only when the bytes are on the disk, so that a telephone that dies
   in the pocket loses nothing that was shown as written. */
import { openDB } from './vendor/idb.js';

export const STATES = ['open', 'waiting', 'sent', 'refused', 'conflict'];
export const UNSENT = ['open', 'waiting', 'refused', 'conflict'];
const STRICT = { durability: 'strict' };
const LAST = '\uffff';

/* One step a version of the schema, never edited once released: a telephone may come back after half a year. */
export const STEPS = [
  function first(database) {
    const entries = database.createObjectStore('entries', { keyPath: 'key' });
    entries.createIndex('mine', ['owner', 'state', 'rank', 'at']);
    entries.createIndex('group', ['owner', 'after']);
    database.createObjectStore('bodies');
    database.createObjectStore('shelf');
  },
];

/* The storage has no room left: what was being written is not written, everything before is. */
export class NoRoom extends Error {}
/* Another tab runs a newer release and has changed the schema: this page must be opened anew. */
export class Outdated extends Error {}

export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/* Opens the store, bringing an older one up to date; `outdated` is called when a newer tab needs it closed. */
export async function openStore(name, { steps = STEPS, outdated = () => {} } = {}) {
  let store = null;
  try {
    const database = await openDB(name, steps.length, {
      upgrade(opened, from, to, transaction) {
        steps.slice(from).forEach((step) => step(opened, transaction));
      },
      blocking() {
        store.close();
        outdated();
      },
      terminated() { outdated(); },
    });
    store = new Store(database);
    return store;
  } catch (error) {
    if (error.name === 'VersionError') throw new Outdated(name);
    throw worded(error);
  }
}

function worded(error) {
  return error.name === 'QuotaExceededError' ? new NoRoom(error.message) : error;
}

export class Store {
  constructor(database) {
    this.database = database;
    this.listeners = new Set();
    this.channel = 'BroadcastChannel' in self ? new BroadcastChannel(`store ${database.name}`) : null;
    if (this.channel) this.channel.onmessage = (event) => this.tell(event.data);
  }

  close() {
    this.database.close();
    if (this.channel) this.channel.close();
  }

  /* Calls `listener(key)` after each change, of this tab or of another; returns how to stop. */
  watch(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(key) {
    this.listeners.forEach((listener) => listener(key));
  }

  /* Runs `work(entries, bodies)` in one transaction that is on the disk when the promise is kept. */
  async write(work, changed) {
    let result;
    try {
      const transaction = this.database.transaction(['entries', 'bodies'], 'readwrite', STRICT);
      const done = transaction.done;
      done.catch(() => {}); // told below, where it is awaited
      try {
        result = await work(transaction.objectStore('entries'), transaction.objectStore('bodies'));
      } catch (error) {
        try { transaction.abort(); } catch { /* it has aborted itself */ }
        throw error;
      }
      await done;
    } catch (error) {
      throw worded(error);
    }
    this.tell(changed);
    if (this.channel) this.channel.postMessage(changed);
    return result;
  }

  /* A new entry; gives its key. An entry whose key is here already is left as it is.
     `at` stands for the moment where that must not be kept. */
  async put({ owner, kind, body, key = randomKey(), state = 'open', base = 0, rank = 0, after = '', brief = {}, at = Date.now() }) {
    const entry = { key, owner, kind, state, base, rank, after, brief, at, changed: at, revision: 1, tries: 0, due: 0 };
    await this.write(async (entries, bodies) => {
      if (await entries.getKey(key)) return;
      await entries.add(entry);
      await bodies.add(body, key);
    }, key);
    return key;
  }

  /* Reads, alters and writes an entry in one transaction, so that two tabs never write over each other.
     `alter(body, entry)` gives the new body, or nothing when it altered the one that it was given. */
  async change(key, alter) {
    return this.write(async (entries, bodies) => {
      const entry = await entries.get(key);
      if (!entry) return null;
      const body = await bodies.get(key);
      const altered = alter(body, entry);
      Object.assign(entry, { changed: Date.now(), revision: entry.revision + 1 });
      await bodies.put(altered === undefined ? body : altered, key);
      await entries.put(entry);
      return entry;
    }, key);
  }

  /* The entry with its body, or undefined. */
  async get(key) {
    const transaction = this.database.transaction(['entries', 'bodies']);
    const entry = await transaction.objectStore('entries').get(key);
    return entry && { ...entry, body: await transaction.objectStore('bodies').get(key) };
  }

  /* The owner's entries without their bodies, in the order of sending; of each state the first `most`, if told. */
  async entries(owner, states = STATES, most = undefined) {
    const found = await Promise.all(states.map((state) => (
      this.database.getAllFromIndex('entries', 'mine', IDBKeyRange.bound([owner, state], [owner, state, []]), most))));
    return found.flat();
  }

  /* What waits for this entry: a visit's photographs. */
  async following(owner, key) {
    return this.database.getAllFromIndex('entries', 'group', [owner, key]);
  }

  /* How many entries each state holds; counted by the index, so ten thousand cost no more than ten. */
  async counts(owner, states = STATES) {
    const counted = await Promise.all(states.map((state) => (
      this.database.countFromIndex('entries', 'mine', IDBKeyRange.bound([owner, state], [owner, state, []])))));
    return Object.fromEntries(states.map((state, number) => [state, counted[number]]));
  }

  /* How many unsent entries others have here: told as a number, never shown. */
  async ofOthers(owner) {
    let count = 0;
    const index = this.database.transaction('entries').store.index('mine');
    for (let cursor = await index.openKeyCursor(); cursor;) {
      const [whose, state] = cursor.key;
      if (whose === owner) {
        cursor = await cursor.continue([owner, LAST]);
      } else {
        if (state !== 'sent') count += 1;
        cursor = await cursor.continue();
      }
    }
    return count;
  }

  /* The oldest waiting entry whose hour has come and whose forerunner has been taken; undefined when there is none. */
  async next(owner, now = Date.now()) {
    const entries = this.database.transaction('entries').store;
    let cursor = await entries.index('mine').openCursor(IDBKeyRange.bound([owner, 'waiting'], [owner, 'waiting', []]));
    for (; cursor; cursor = await cursor.continue()) {
      const { after, due } = cursor.value;
      if (due > now) continue;
      const before = after ? await entries.get(after) : null;
      if (!before || before.state === 'sent') return cursor.value;
    }
    return undefined;
  }

  /* Open, refused or in conflict → waiting: the person says «отправить». A key's followers go with it. */
  async release(key) {
    return this.write(async (entries) => {
      const first = await entries.get(key);
      if (!first) return;
      const all = [first, ...await entries.index('group').getAll([first.owner, key])];
      for (const entry of all.filter((one) => one.state !== 'sent')) {
        await entries.put({ ...entry, state: 'waiting', tries: 0, due: 0, reasons: [], revision: entry.revision + 1 });
      }
    }, key);
  }

  /* Back into the person's hands. False when the server has it already. */
  async reopen(key) {
    return this.write(async (entries) => {
      const entry = await entries.get(key);
      if (!entry || entry.state === 'sent') return false;
      await entries.put({ ...entry, state: 'open', revision: entry.revision + 1 });
      return true;
    }, key);
  }

  /* The server has it as `version`. The body goes, `kept` stays; what was changed meanwhile remains open. */
  async markSent(key, revision, { version = 1, kept = null } = {}) {
    return this.write(async (entries, bodies) => {
      const entry = await entries.get(key);
      if (!entry) return;
      if (entry.revision !== revision) {
        await entries.put({ ...entry, base: version });
        return;
      }
      await entries.put({ ...entry, state: 'sent', base: version, sent: Date.now(), reasons: [] });
      await (kept === null ? bodies.delete(key) : bodies.put(kept, key));
    }, key);
  }

  /* The server will not have it as it is: `reasons` say why, in words for the person. */
  async refuse(key, revision, reasons) {
    return this.settle(key, revision, { state: 'refused', reasons });
  }

  /* The server has something else under this name: `theirs` is kept beside, nothing is written over. */
  async keepForReview(key, revision, theirs) {
    return this.settle(key, revision, { state: 'conflict', theirs });
  }

  /* The server's copy is this device's own earlier one: what is here now goes over it. */
  async rebase(key, revision, version) {
    return this.settle(key, revision, { base: version });
  }

  /* Not now: try again at `due`. */
  async postpone(key, revision, due) {
    return this.settle(key, revision, { due }, true);
  }

  async settle(key, revision, told, again = false) {
    return this.write(async (entries) => {
      const entry = await entries.get(key);
      if (!entry || entry.revision !== revision || entry.state !== 'waiting') return;
      await entries.put({ ...entry, ...told, tries: again ? entry.tries + 1 : 0 });
    }, key);
  }

  /* Forgets entries for good. */
  async drop(keys) {
    return this.write(async (entries, bodies) => {
      await Promise.all(keys.flatMap((key) => [entries.delete(key), bodies.delete(key)]));
    }, null);
  }

  /* Forgets what was sent before `moment`. */
  async forgetSent(owner, moment) {
    const sent = await this.entries(owner, ['sent']);
    const old = sent.filter((entry) => entry.sent < moment).map((entry) => entry.key);
    if (old.length) await this.drop(old);
    return old.length;
  }

  /* The shelf: named things taken along, each its owner's ('' is the device itself). */
  async lay(owner, name, value) {
    try {
      const transaction = this.database.transaction('shelf', 'readwrite', STRICT);
      await Promise.all([transaction.store.put(value, [owner, name]), transaction.done]);
    } catch (error) {
      throw worded(error);
    }
    this.tell(null);
    if (this.channel) this.channel.postMessage(null);
  }

  async laid(owner, name) {
    return this.database.get('shelf', [owner, name]);
  }

  /* Every unsent entry as lines of JSON, bytes as base64: the way out when there will be no network.
     Gives parts of a Blob, one entry at a time, so that a phone full of photographs can do it. */
  async exportUnsent(owner, about = {}) {
    const unsent = await this.entries(owner, UNSENT);
    const lines = [`${JSON.stringify({ format: 1, owner, entries: unsent.length, ...about })}\n`];
    for (const entry of unsent) {
      const body = (await this.get(entry.key)).body;
      lines.push(new Blob([`${JSON.stringify({ ...entry, body: inText(body) })}\n`]));
    }
    return lines;
  }

  /* {used, room, kept}: bytes taken, bytes there may be, and whether the browser promised not to clear them. */
  async room() {
    const storage = navigator.storage;
    if (!storage || !storage.estimate) return { used: null, room: null, kept: false };
    const { usage, quota } = await storage.estimate();
    return { used: usage, room: quota, kept: storage.persisted ? await storage.persisted() : false };
  }

  /* Asks the browser never to clear this by itself; true when it agreed. */
  async persist() {
    return navigator.storage && navigator.storage.persist ? navigator.storage.persist() : false;
  }
}

/* A body fit for JSON: bytes become {base64}. */
function inText(body) {
  if (body instanceof ArrayBuffer) return { base64: base64(new Uint8Array(body)) };
  if (body === null || typeof body !== 'object') return body;
  if (Array.isArray(body)) return body.map(inText);
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, inText(value)]));
}

function base64(bytes) {
  let text = '';
  for (let from = 0; from < bytes.length; from += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  }
  return btoa(text);
}
