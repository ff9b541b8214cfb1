/* The upload: a file may be dropped on its box, and one that is too large is told before it is sent.
   Without this file the page works by the ordinary field. */
(function () {
  'use strict';
  const input = document.querySelector('.upload input[type=file]');
  if (!input) { return; }
  const box = input.closest('.dropping');

  function weigh() {
    const file = input.files[0];
    input.setCustomValidity(file && file.size > Number(input.dataset.most) ? input.dataset.large : '');
    input.reportValidity();
  }
  function over(event) {
    event.preventDefault();
    box.classList.add('over');
  }
  function away() { box.classList.remove('over'); }

  input.addEventListener('change', weigh);
  box.addEventListener('dragover', over);
  box.addEventListener('dragleave', away);
  box.addEventListener('drop', function (event) {
    event.preventDefault();
    away();
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      weigh();
    }
  });
}());
