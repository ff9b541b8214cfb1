/* Keeps a thing in one pair of hands (operator_app/team/holds.py): renews the hold while its reader works,
   lets go when he leaves the page, and says so when somebody else has taken it. Without this file a hold simply ends
   in a quarter of an hour. */
(function () {
  'use strict';
  const EVERY = 4 * 60 * 1000;
  const box = document.querySelector('[data-hold]');
  if (!box) { return; }

  let active = true;
  let saving = false;

  function told(act) {
    const form = new FormData();
    form.append('subject', box.dataset.hold);
    form.append('act', act);
    form.append('csrf_token', box.dataset.token);
    return form;
  }

  /* With every answer comes a new token: a page that stood open for hours must still be able to save. */
  function freshen(token) {
    box.dataset.token = token;
    document.querySelectorAll('input[name=csrf_token]').forEach((field) => { field.value = token; });
  }

  async function renew() {
    if (!active) { return; }
    active = false;
    try {
      const answer = await fetch(box.dataset.address, { method: 'POST', body: told('renew'), credentials: 'same-origin' });
      if (!answer.ok) { return; }
      const state = await answer.json();
      box.textContent = state.held ? '' : state.text;
      box.classList.toggle('notice', !state.held);
      freshen(state.token);
    } catch {
      active = true; // no network: try again in time
    }
  }

  ['input', 'change', 'keydown', 'pointerdown', 'scroll'].forEach((kind) => {
    document.addEventListener(kind, () => { active = true; }, { passive: true, capture: true });
  });
  document.addEventListener('submit', () => { saving = true; });
  window.addEventListener('pagehide', () => {
    if (!saving) { navigator.sendBeacon(box.dataset.address, told('release')); }
  });
  window.addEventListener('pageshow', () => {
    saving = false;
    active = true;
    renew();
  });
  setInterval(renew, EVERY);
}());
