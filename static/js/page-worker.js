/* Answers for a page when there is no network. The server puts RELEASE (name, prefix, page, files) above.

   A release is taken whole or not at all, under a name of its own, so an old page never meets a new script. It waits
   until the page says that it may take over: nothing is torn from under somebody's hands. What was entered lies
   elsewhere (store.js) and is never touched here. */
const NAME = RELEASE.prefix + RELEASE.name;

async function take() {
  const cache = await caches.open(NAME);
  const wanted = [RELEASE.page, ...RELEASE.files];
  await Promise.all(wanted.map(async (address) => {
    const answer = await fetch(address, { cache: 'reload', credentials: 'same-origin' });
    // A signed-out phone is led to the sign-in: that page must not be kept in place of ours.
    if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }));
}

async function dropOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(RELEASE.prefix) && name !== NAME).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(request, address) {
  const cache = await caches.open(NAME);
  return (await cache.match(address)) || fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(take()));
self.addEventListener('activate', (event) => event.waitUntil(dropOlder()));
self.addEventListener('message', (event) => { if (event.data === 'take over') self.skipWaiting(); });
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname === RELEASE.page ? request.mode === 'navigate' : RELEASE.files.includes(pathname)) {
    event.respondWith(kept(request, pathname));
  }
});
