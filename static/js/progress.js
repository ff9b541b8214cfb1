/* Keeps a long job's bar and words fresh, and leads on when it ends. Without this file the page asks again by itself. */
(function () {
  'use strict';
  const box = document.querySelector('[data-job]');
  const bar = box && box.querySelector('progress');
  const words = box && box.querySelector('.job-text');
  let pause = 300;

  function draw(job) {
    if (words.textContent !== job.text) { words.textContent = job.text; }
    if (!bar) { return; }
    if (job.total) { bar.max = job.total; bar.value = job.done; }
  }

  async function ask() {
    try {
      const answer = await fetch(box.dataset.job, { headers: { Accept: 'application/json' } });
      if (answer.redirected || answer.status === 404) { location.reload(); return; }
      const job = await answer.json();
      draw(job);
      if (job.ended) {
        if (job.leads_to && !job.failed) { location.replace(job.leads_to); } else { location.reload(); }
        return;
      }
      pause = Math.min(pause * 1.25, 3000);
    } catch (lost) {
      pause = 5000;
    }
    setTimeout(ask, pause);
  }

  if (bar) {
    const again = box.querySelector('.job-again');
    if (again) { again.parentNode.hidden = true; }
    setTimeout(ask, pause);
  }
}());
