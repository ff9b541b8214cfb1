/* A screen that holds more than the glass shows is turned by a big button and not scrolled: fingers find no edge to
   pull, and a switch has none. What does not stand whole on this page is not there. */
import { h, say } from '../dom.js';

const BLOCKS = ['.phone', ...['h1', 'p', 'img', 'button', '.facts div'].map((one) => `:not(.phone) > ${one}`)].join();

const OVERLAP = 0.85;

export function folded(place) {
  const middle = place.querySelector('.middle');
  if (!middle || middle.scrollHeight <= middle.clientHeight) return;
  const turn = h('button', { type: 'button', class: 'big plain', id: 'further', onclick: () => turned(middle, turn) });
  middle.after(h('div', { class: 'fold' }, turn));
  shown(middle, turn, 0);
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
  const below = cut.map(({ at }) => at.top - top).filter((distance) => distance > 1);
  const step = Math.min(...below, height * OVERLAP); // one taller than the page is read page by page
  return { rest, top, bottom, next: cut.length ? middle.scrollTop + step : null };
}

function shown(middle, turn, from) {
  middle.querySelectorAll(BLOCKS).forEach((block) => block.classList.remove('beyond'));
  middle.scrollTop = from === null ? 0 : from;
  const { rest, top, bottom, next } = page(middle);
  rest.forEach(({ block, at }) => {
    const tall = at.height > bottom - top;
    block.classList.toggle('beyond', !tall && (at.bottom > bottom + 1 || at.top < top - 1));
  });
  turn.textContent = next === null ? say('upward') : say('further');
}
