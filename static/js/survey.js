/* Two courtesies of the survey page, which is whole without them: a thin bar that shows how much is
   answered, and the focus on the summary of errors when there is one. */
(function () {
  'use strict';
  var form = document.getElementById('survey');
  var bar = document.querySelector('progress.progress');
  var summary = document.querySelector('.errors');

  function isAsked(question) { return question.offsetParent !== null; }
  function isAnswered(question) {
    return form.querySelector('input[name="' + question.getAttribute('data-asked') + '"]:checked') !== null;
  }
  function draw() {
    var asked = Array.prototype.filter.call(form.querySelectorAll('[data-asked]'), isAsked);
    bar.max = asked.length || 1;
    bar.value = asked.filter(isAnswered).length;
    bar.hidden = false;
  }

  if (summary) { summary.focus(); }
  if (form && bar) {
    form.addEventListener('change', draw);
    window.addEventListener('pageshow', draw);
    draw();
  }
}());
