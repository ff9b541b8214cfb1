/* The page's own files on the phone: taken once, taken anew when the server has others, put on when the person says so. */
import { addresses, button, h, say } from '../dom.js';

export async function registered(page) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const had = Boolean(workers.controller);
  workers.addEventListener('controllerchange', () => {
    if (had && page.renewing) location.reload();
  });
  try {
    const registration = await workers.register(addresses.worker, { scope: addresses.index, updateViaCache: 'none' });
    offer(page, registration);
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming.addEventListener('statechange', () => { if (coming.state === 'installed') offer(page, registration); });
    });
    addEventListener('online', () => registration.update().catch(() => null));
    if (navigator.onLine && had) registration.update().catch(() => null);
  } catch { /* signed out, or no network: the release that is here goes on */ }
  const active = await Promise.race([workers.ready, new Promise((resolve) => { setTimeout(resolve, 30000); })]);
  page.ready = Boolean(active);
  await page.draw();
}

/* A newer release waits for its turn: every tap is on the phone already, so putting it on loses nothing. */
function offer(page, registration) {
  if (!registration.waiting || !navigator.serviceWorker.controller) return;
  const renew = () => {
    page.renewing = true;
    registration.waiting.postMessage('take over');
  };
  document.getElementById('newer').replaceChildren(
    h('div', { class: 'notice' }, h('p', {}, say('newer')), button(say('renew'), renew, { class: 'button second', id: 'renew' })));
}
