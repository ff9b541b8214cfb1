/* A button under every text that is there to be copied. Without this file it is selected by hand. */
(function () {
  'use strict';
  if (!navigator.clipboard) { return; }
  document.querySelectorAll('[data-copy]').forEach((text) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button second';
    button.textContent = text.dataset.copy;
    const said = document.createElement('span');
    said.className = 'unseen';
    said.setAttribute('role', 'status');
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text.value);
        said.textContent = text.dataset.copied;
        button.textContent = text.dataset.copied;
        setTimeout(() => { button.textContent = text.dataset.copy; said.textContent = ''; }, 3000);
      } catch (refused) {
        text.focus();
        text.select();
      }
    });
    text.after(button, said);
  });
}());
