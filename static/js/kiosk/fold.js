/* A screen that holds more than the glass shows is turned by a big button and not scrolled: fingers find no edge to
   pull, and a switch has none. What does not stand whole on this page is not there. */
import { h, say } from '../dom.js';

const BLOCKS = 'h1, h2, p, img, button, .facts div';

const OVERLAP = 0.85;
const LEAST = 1 / 3; // of a page: a press that moves less is taken for one that did nothing

export function folded(place) {
  const middle = place.querySelector('.middle');
  if (!middle) return;
  const held = document.activeElement;
  place.querySelector('.fold')?.remove();
  place.classList.remove('tight');
  middle.querySelectorAll('.beyond').forEach((block) => block.classList.remove('beyond'));
  middle.scrollTop = 0;
  const turn = fits(middle) ? null : folding(place, middle);
  if (held.id === 'further') (turn || document.getElementById('heading')).focus({ preventScroll: true });
  for (let { next } = page(middle); turn && held.closest('.beyond') && next !== null; { next } = page(middle)) shown(middle, turn, next);
}

/* The glass was turned or the letters came: the same screen, folded anew around whoever holds the focus. */
export function refolded(place) {
  addEventListener('resize', () => folded(place));
  document.fonts.addEventListener('loadingdone', () => folded(place));
}

function fits(middle) {
  return middle.scrollHeight <= middle.clientHeight;
}

function folding(place, middle) {
  place.classList.add('tight');
  if (fits(middle)) return null;
  const turn = h('button', { type: 'button', class: 'big plain', id: 'further', onclick: () => turned(middle, turn) });
  middle.after(h('div', { class: 'fold' }, turn));
  shown(middle, turn, 0);
  return turn;
}

function turned(middle, turn) {
  const { next } = page(middle);
  shown(middle, turn, next);
  turn.focus({ preventScroll: true });
}

/* Where the next page begins: at the first block that does not stand whole on this one; null: this is the last. */
function page(middle) {
  const { top, bottom } = middle.getBoundingClientRect();
  const height = bottom - top;
  const rest = [...middle.querySelectorAll(BLOCKS)].map((block) => ({ block, at: block.getBoundingClientRect() }));
  const cut = rest.filter(({ at }) => at.bottom > bottom + 1);
  const tops = cut.map(({ at }) => ({ tall: at.height > height, from: at.top - top }))
    .filter(({ tall, from }) => from > (tall ? height * LEAST : 1)).map(({ from }) => from);
  const step = Math.min(...tops, height * OVERLAP); // one taller than the page is read page by page
  return { rest, top, bottom, next: cut.length ? middle.scrollTop + step : null };
}

function shown(middle, turn, from) {
  middle.querySelectorAll(BLOCKS).forEach((block) => block.classList.remove('beyond'));
  middle.scrollTop = from === null ? 0 : from;
  const { rest, top, bottom, next } = page(middle);
  rest.forEach(({ block, at }) => {
    const tall = at.height > bottom - top && block.tagName !== 'IMG'; // half a code leads nowhere
    block.classList.toggle('beyond', !tall && (at.bottom > bottom + 1 || at.top < top - 1));
  });
  turn.textContent = next === null ? say('upward') : say('further');
}
