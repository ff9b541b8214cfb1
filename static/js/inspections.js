/* The check-list in a hand: how many lines are answered, the next one without an answer, keys 1, 2 and 3,
   and a word before unsaved answers are left. The page works whole without this file. */
const form = document.querySelector("form.visit");

if (form) {
  const tally = form.querySelector("[data-tally]");
  const next = form.querySelector("[data-next]");
  let unsaved = false;

  const shown = () => [...form.querySelectorAll(".check")].filter((line) => line.offsetParent !== null);
  const empty = (line) => !line.querySelector(".three > input:checked");

  const count = () => {
    const lines = shown();
    const left = lines.filter(empty).length;
    if (tally) tally.textContent = form.dataset.words.replace("{n}", lines.length - left).replace("{of}", lines.length);
    if (next) next.hidden = left === 0;
  };

  const go = (line) => {
    if (!line) return;
    line.scrollIntoView({ block: "center" });
    line.querySelector(".three > input").focus({ preventScroll: true });
  };

  form.addEventListener("change", (event) => {
    unsaved = true;
    /* A way is tried on the day of the visit unless told otherwise. */
    const line = event.target.closest(".check");
    const on = line && event.target.name.startsWith("how:") ? line.querySelector("input[type=date]") : null;
    if (on && !on.value) on.value = form.querySelector("#visited_on").value;
    count();
  });

  form.addEventListener("keydown", (event) => {
    const place = "123".indexOf(event.key);
    if (place < 0 || event.ctrlKey || event.altKey || event.metaKey || event.target.type !== "radio") return;
    const line = event.target.closest(".check");
    if (!line) return;
    const choice = line.querySelectorAll(".three > input")[place];
    event.preventDefault();
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    const needsMore = place === 2 || (line.querySelector(".tried") && place === 0);
    if (needsMore) line.querySelector(place === 2 ? ".why select" : ".tried select").focus();
    else go(shown()[shown().indexOf(line) + 1]);
  });

  if (next) {
    next.addEventListener("click", () => go(shown().find(empty)));
  }
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  count();
}
