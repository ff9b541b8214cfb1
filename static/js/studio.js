/* Draws the poster anew when something else is chosen, and offers the files that it comes as. */
(function () {
  'use strict';
  const form = document.getElementById('look');
  const picture = document.getElementById('preview');
  const told = document.getElementById('told');
  const files = document.getElementById('files');
  if (!form || !picture) { return; }
  const kinds = JSON.parse(files.dataset.kinds);
  let waiting = null;

  function offer() {
    const known = kinds[form.elements.format.value].split(' ');
    files.querySelectorAll('[data-kind]').forEach(function (button) {
      if (button.dataset.kind === 'first') { button.value = known[0]; return; }
      button.hidden = known.indexOf(button.value) < 1;
    });
  }

  function draw() {
    const asked = new URLSearchParams(new FormData(form));
    asked.delete('csrf_token');
    picture.classList.add('old');
    told.textContent = told.dataset.wait;
    picture.src = form.dataset.preview + '?' + asked.toString();
  }

  picture.addEventListener('load', function () { picture.classList.remove('old'); told.textContent = ''; });
  picture.addEventListener('error', function () { told.textContent = told.dataset.lost; });
  form.addEventListener('change', function () { offer(); clearTimeout(waiting); draw(); });
  form.elements.place.addEventListener('input', function () {
    clearTimeout(waiting);
    waiting = setTimeout(draw, 600);
  });
  document.getElementById('show').hidden = true;
  offer();
}());
