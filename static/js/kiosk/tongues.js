/* Languages of the screen. One is chosen for the person who stands before it: in memory, told to nobody, kept nowhere. */
const RUSSIAN = { code: 'ru', name: 'Русский', direction: 'ltr', words: {}, questions: {} };

/* Those that the device offers, its first one first. Settings that an older release wrote down know none. */
export function offered(settings) {
  const found = (settings && settings.languages) || [];
  return found.length ? found : [RUSSIAN];
}

export function chosen(settings, code) {
  const found = offered(settings);
  return found.find((one) => one.code === code) || found[0];
}

/* For staff: their pages are Russian, and so is what the screen says to them. */
export const STAFF = RUSSIAN;

/* The texts of a question: `text` and, where there is no translation, `lang`. Values and order stay as they are. */
export function worded(language, { id, caption, hint, choices }) {
  const own = language.questions[id] || { choices: {} };
  const text = (translated, russian) => ({ text: translated || russian, lang: translated ? null : RUSSIAN.code });
  return {
    caption: text(own.caption, caption),
    hint: hint ? text(own.hint, hint) : null,
    choices: choices.map((one) => ({ value: one.value, ...text(own.choices[one.value], one.text) })),
  };
}
