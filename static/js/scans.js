/* Scans. The upload: files may be dropped on their box, what is too large is told before it is sent, and what was
   chosen is listed. A sheet: turned and enlarged where it stands, decided by keys. Both work without this file. */
(function () {
  'use strict';

  function upload(input) {
    const box = input.closest('.dropping');
    const list = box.querySelector('.chosen');
    const told = input.dataset;

    function size(bytes) {
      const mega = bytes / 1048576;
      return (mega < 10 ? mega.toFixed(1).replace('.', ',') : Math.round(mega)) + '\u202f' + 'МБ';
    }
    function weigh() {
      const files = Array.from(input.files);
      const whole = files.reduce(function (sum, file) { return sum + file.size; }, 0);
      let wrong = '';
      if (files.length > Number(told.files)) { wrong = told.many; }
      else if (files.some(function (file) { return file.size > Number(told.most); })) { wrong = told.large; }
      else if (whole > Number(told.whole)) { wrong = told.heavy; }
      input.setCustomValidity(wrong);
      list.textContent = '';
      files.slice(0, 12).forEach(function (file) {
        const line = document.createElement('li');
        line.textContent = file.name + ' · ' + size(file.size);
        list.appendChild(line);
      });
      if (files.length > 12) {
        const rest = document.createElement('li');
        rest.textContent = '… +' + (files.length - 12);
        list.appendChild(rest);
      }
      if (wrong) { input.reportValidity(); }
    }
    function over(event) {
      event.preventDefault();
      box.classList.add('over');
    }
    input.addEventListener('change', weigh);
    box.addEventListener('dragover', over);
    box.addEventListener('dragleave', function () { box.classList.remove('over'); });
    box.addEventListener('drop', function (event) {
      event.preventDefault();
      box.classList.remove('over');
      if (event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        weigh();
      }
    });
  }

  function scan(figure) {
    const picture = figure.querySelector('img');
    const turner = figure.querySelector('[data-turn]');
    const zoomer = figure.querySelector('[data-zoom]');
    if (!picture) { return; }

    function turned(address) {
      const url = new URL(address, location.href);
      url.searchParams.set('turn', String((Number(url.searchParams.get('turn')) + 90) % 360));
      return url.href;
    }
    turner.addEventListener('click', function (event) {
      event.preventDefault();
      picture.src = turned(picture.src);
      picture.dataset.whole = turned(picture.dataset.whole);
      zoomer.href = picture.dataset.whole;
    });
    zoomer.addEventListener('click', function (event) {
      event.preventDefault();
      const large = picture.parentElement.classList.toggle('large');
      const url = new URL(picture.dataset.whole, location.href);
      if (!large) { url.searchParams.delete('whole'); }
      picture.src = url.href;
    });
  }

  /* The scan that the reader looks at: the one he stands in, or the first that is in sight. */
  function current(figures) {
    return figures.find(function (one) { return one.contains(document.activeElement); }) ||
      figures.find(function (one) { return one.getBoundingClientRect().bottom > 120; }) || figures[0];
  }

  function keys(figures) {
    document.addEventListener('keydown', function (event) {
      const typing = event.target.closest('input:not([type=radio]), textarea, select');
      if (typing || event.altKey || event.ctrlKey || event.metaKey || event.repeat) { return; }
      const key = event.code.replace(/^(Key|Digit|Numpad)/, '');
      const found = figures.length && current(figures);
      const wanted = key === 'R' ? found && found.querySelector('[data-turn]')
        : key === 'Z' ? found && found.querySelector('[data-zoom]')
          : document.querySelector('[data-key="' + (/^\w$/.test(key) ? key : '-') + '"]');
      if (wanted) {
        event.preventDefault();
        wanted.click();
      }
    });
  }

  const input = document.querySelector('.upload input[type=file]');
  if (input) { upload(input); }
  const figures = Array.from(document.querySelectorAll('.scan'));
  figures.forEach(scan);
  if (document.querySelector('.sheet-desk')) { keys(figures); }
}());
