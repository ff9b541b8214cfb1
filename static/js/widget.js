/* Given to other people's sites: the picture of the widget becomes the same in words, of today. The service calls what
   stands here with those words (council/widget/views.py). No request, no storage, no cookie, no markup out of strings;
   what it cannot do it leaves as it is. */
(function (said) {
  'use strict';
  const DRAWING = 'http://www.w3.org/2000/svg';

  function made(kind, words) {
    const element = document.createElement('span');
    element.className = kind;
    element.textContent = words;
    return element;
  }

  function code() {
    const drawing = document.createElementNS(DRAWING, 'svg');
    drawing.setAttribute('viewBox', `0 0 ${said.side} ${said.side}`);
    drawing.setAttribute('class', 'code');
    drawing.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(DRAWING, 'path');
    path.setAttribute('d', said.path);
    drawing.append(path);
    return drawing;
  }

  function colour(picture) {
    if (picture.parentNode.localName === 'picture') { return 'auto'; }
    return /dark/.test(picture.getAttribute('src')) ? 'dark' : 'light';
  }

  function spoken(picture) {
    const box = document.createElement('span');
    const inside = box.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(said.styles);
    inside.adoptedStyleSheets = [sheet];
    const shape = Number(picture.getAttribute('width')) < 400 ? 'tall' : 'wide';
    const card = made(`card ${shape} ${colour(picture)}`, '');
    const words = made('words', '');
    words.append(made('heading', said.heading), made('name', said.name), made('label', said.label));
    if (said.figure) { words.append(made('figure', said.figure)); }
    if (said.demo) { words.append(made('demo', said.demo)); }
    words.append(made('unseen', said.tab));
    card.append(code(), words);
    inside.append(card);
    return box;
  }

  function begin() {
    if (!('adoptedStyleSheets' in Document.prototype) || !('replaceSync' in CSSStyleSheet.prototype)) { return; }
    Array.from(document.links).filter((link) => link.href === said.survey).forEach((link) => {
      const picture = link.querySelector('img');
      if (!picture) { return; }
      const whole = picture.parentNode.localName === 'picture' ? picture.parentNode : picture;
      whole.replaceWith(spoken(picture));
    });
  }

  if (document.readyState === 'loading') { document.addEventListener('DOMContentLoaded', begin); } else { begin(); }
})
