/* Reviews people's words by keys: a number does what stands beside it. The page is whole without this file. */
(function () {
  'use strict';
  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('select, textarea, input[type=text]')) { return; }
    const asked = document.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
    if (!asked) { return; }
    event.preventDefault();
    asked.focus();
    if (asked.tagName !== 'SELECT') { asked.click(); }
  });
})();
