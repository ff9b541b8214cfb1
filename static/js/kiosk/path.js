/* Which questions this person is asked, in order: the same rule as surveys/questionnaire.py, path(). */
export function path(questions, answers) {
  const known = {};
  return questions.filter((question) => {
    const asked = Object.entries(question.when).every(([other, value]) => known[other] === value);
    if (asked && question.id in answers) known[question.id] = answers[question.id];
    return asked;
  });
}

/* What is sent: answers to the questions that were asked, and nothing that stood beside the way. */
export function said(questions, answers) {
  return Object.fromEntries(path(questions, answers)
    .filter((question) => question.id in answers)
    .map((question) => [question.id, answers[question.id]]));
}
