/* The screen without a finger: digits choose, arrows walk, Escape goes back; and what a browser would do with zoom,
   menus and dragged pictures does not happen in a hall. */
const HOLD = 5000; // ms on the organisation's name: the service screen, for whoever knows
const FOR_BROWSERS = /^(F[13-9]|F1[0-2]|Browser\w+|Launch\w+)$/; // but for F2, our own
const NEXT = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export function guarded(serve) {
  addEventListener('keydown', (event) => pressed(serve, event));
  addEventListener('wheel', (event) => { if (event.ctrlKey) event.preventDefault(); }, { passive: false });
  ['contextmenu', 'dragstart', 'gesturestart'].forEach((kind) => addEventListener(kind, (event) => event.preventDefault()));
  let held = 0;
  addEventListener('pointerdown', (event) => {
    clearTimeout(held);
    if (event.target.closest('#whom')) held = setTimeout(serve, HOLD);
  });
  ['pointerup', 'pointercancel'].forEach((kind) => addEventListener(kind, () => clearTimeout(held)));
}

function pressed(serve, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || FOR_BROWSERS.test(event.key)) {
    event.preventDefault(); // zoom would outlive the person; a new window, the history or a source text lead out of the page
    return;
  }
  if (event.key === 'F2') serve();
  else if (event.key === 'Escape') document.getElementById('back')?.click();
  else if (/^[1-9]$/.test(event.key)) standing(`[data-digit="${event.key}"]`)[0]?.click();
  else if (event.key in NEXT) walk(NEXT[event.key]);
  else return;
  event.preventDefault();
}

/* What is on another page of a folded screen is neither walked to nor pressed. */
function standing(what) {
  return [...document.querySelectorAll(`#screen :is(${what})`)].filter((one) => !one.closest('.beyond'));
}

function walk(step) {
  const buttons = standing('button');
  const here = buttons.indexOf(document.activeElement);
  const [first = standing('#further')[0]] = standing('.choice, .main');
  const next = here < 0 ? first || buttons[0] : buttons[(here + step + buttons.length) % buttons.length];
  if (next) next.focus();
}
