/* What is filled in of a visit, what is left, and where two versions of it differ: no storage, no page.

   The rules are those of operator_app/inspections/visiting.py, which has the last word. */
export const MATERIALS = ['stand', 'site'];
const FIELDS = ['visited_on', 'note'];

/* The blocks that are looked at: a stand or a site counted by another list, or absent, has no lines. */
export function asked(body, list) {
  return list.blocks.filter(({ code }) => !MATERIALS.includes(code) || (body.counts[code] || 'list') === 'list');
}

export function progress(body, list) {
  const items = asked(body, list).flatMap((block) => block.items);
  return [items.filter((item) => (body.items[item.code] || {}).value).length, items.length];
}

/* [[item's code or field's name, the name of the words about it], …] */
export function unfinished(body, list) {
  const left = [];
  asked(body, list).forEach((block) => {
    const answers = block.items.map((item) => body.items[item.code] || {});
    if (MATERIALS.includes(block.code) && list.kind === 'inspection' && answers.every(({ value }) => value === 'na')) {
      left.push([block.code, 'left_all_na']);
    }
    block.items.forEach((item, number) => {
      const { value, reason, tried } = answers[number];
      if (!value) left.push([item.code, 'left_answer']);
      else if (value === 'na' && !reason) left.push([item.code, 'left_reason']);
      else if (item.tried && value === 'yes' && !(tried && tried.how)) left.push([item.code, 'left_tried']);
    });
  });
  if (!body.visited_on) left.push(['visited_on', 'left_day']);
  return [...left, ...ownCounts(body), ...waited(body)];
}

function ownCounts(body) {
  const { counts } = body;
  const own = MATERIALS.filter((place) => counts[place] === 'own');
  const left = own.filter((place) => !counts[`${place}_present`] || !counts[`${place}_required`])
    .map((place) => [`${place}_present`, 'left_counts']);
  const over = own.filter((place) => Number(counts[`${place}_present`]) > Number(counts[`${place}_required`]))
    .map((place) => [`${place}_present`, 'left_over']);
  return [...left, ...over, ...(own.length && !counts.own_list ? [['own_list', 'left_own_list']] : [])];
}

function waited({ counts }) {
  const { waiting_mean: mean = '', waiting_term: term = '' } = counts;
  if (Boolean(mean) !== Boolean(term)) return [[mean ? 'waiting_term' : 'waiting_mean', 'left_wait']];
  return [];
}

/* What differs between two versions: [{name, mine, theirs}], name = 'item <code>', 'counts <name>' or a field. */
export function differences(mine, theirs) {
  const pairs = [
    ...both(mine.items, theirs.items).map((code) => [`item ${code}`, mine.items[code], theirs.items[code]]),
    ...both(mine.counts, theirs.counts).map((name) => [`counts ${name}`, mine.counts[name], theirs.counts[name]]),
    ...FIELDS.map((name) => [name, mine[name], theirs[name]]),
  ];
  return pairs.filter(([, one, other]) => plain(one) !== plain(other))
    .map(([name, one, other]) => ({ name, mine: one, theirs: other }));
}

function both(one, other) {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

/* Empty parts do not make a difference, nor does their order. */
function plain(value) {
  if (value === null || typeof value !== 'object') return String(value ?? '');
  const told = Object.entries(value).map(([name, part]) => [name, plain(part)]).filter(([, part]) => part !== '');
  return told.length ? JSON.stringify(told.sort()) : '';
}

/* Mine, but for what was chosen of theirs: `chosen` is a set of names from `differences`. */
export function merged(mine, theirs, chosen) {
  const made = structuredClone({ ...mine });
  chosen.forEach((name) => {
    const [part, code] = name.split(' ');
    const [to, from, field] = code
      ? [part === 'item' ? made.items : made.counts, part === 'item' ? theirs.items : theirs.counts, code]
      : [made, theirs, part];
    if (from[field] === undefined) delete to[field];
    else to[field] = from[field];
  });
  return made;
}
