// @ts-check
// Two records of one notice: which findings answer each other, and in which fields they differ.

/**
 * Findings side by side: pairs by how much of the text they share, then what stands alone, in the order of the notice.
 * @param {any[]} left
 * @param {any[]} right
 * @returns {{ left: any, right: any }[]}
 */
function alignedFindings(left, right) {
  const partners = partnersOf(left, right);
  const taken = new Set(partners.values());
  const alone = right.filter((_, index) => !taken.has(index));
  const rows = left.map((finding, index) => {
    const partner = partners.get(index);
    return { left: finding, right: partner === undefined ? null : right[partner] };
  });
  for (const finding of alone) {
    const place = rows.findIndex((row) => startOf(row.left ?? row.right) > startOf(finding));
    rows.splice(place < 0 ? rows.length : place, 0, { left: null, right: finding });
  }
  return rows;
}

/** @param {any[]} left @param {any[]} right @returns {Map<number, number>} */
function partnersOf(left, right) {
  const candidates = [];
  for (const [index, finding] of left.entries()) {
    for (const [other, candidate] of right.entries()) {
      const shared = sharedText(finding, candidate);
      if (shared > 0) candidates.push({ index, other, shared });
    }
  }
  candidates.sort((a, b) => b.shared - a.shared || Math.abs(a.index - a.other) - Math.abs(b.index - b.other));
  const partners = new Map();
  const taken = new Set();
  for (const { index, other } of candidates) {
    if (partners.has(index) || taken.has(other)) continue;
    partners.set(index, other);
    taken.add(other);
  }
  return partners;
}

/** Shared statements count for more, as findings may share a report. @param {any} left @param {any} right */
function sharedText(left, right) {
  const statement = overlap(left.statement, right.statement);
  const samePath = String(left.path) === String(right.path) ? 1 : 0;
  const report = overlap(left.rectification, right.rectification);
  return statement || report ? 1000 * statement + report + samePath : 0;
}

/** @param {Quote | null} left @param {Quote | null} right */
function overlap(left, right) {
  let shared = 0;
  for (const [start, end] of left?.spans ?? []) {
    for (const [otherStart, otherEnd] of right?.spans ?? []) {
      shared += Math.max(0, Math.min(end, otherEnd) - Math.max(start, otherStart));
    }
  }
  return shared;
}

/** Where a finding stands. @param {any} finding */
function startOf(finding) {
  return (finding.statement ?? finding.rectification)?.spans[0][0] ?? 0;
}

/**
 * The fields in which two things differ.
 * @param {any} left
 * @param {any} right
 * @param {FieldSpec[]} fields
 */
function differingFields(left, right, fields) {
  if (!left || !right) return [];
  return fields.filter((field) => {
    return contentOf(valueAt(left, field.name)) !== contentOf(valueAt(right, field.name));
  });
}

/** What two values are compared by: all they say; the places of a quote count only where its text differs. */
function contentOf(/** @type {any} */ value) {
  return JSON.stringify(value ?? null, (key, part) => (key === "spans" ? undefined : part));
}

/**
 * Where in the text another record has other things than the one that is shown.
 * @typedef {{ cuts: number[], isAt: (place: number, kinds: Set<string>) => boolean }} Differences
 */

/** @type {Differences} */
const NO_DIFFERENCES = { cuts: [], isAt: () => false };

/**
 * @param {NoticeText} text
 * @param {Mark[]} others
 * @returns {Differences}
 */
function differencesFrom(text, others) {
  /** @type {Set<string>[]} */
  const kindsAt = Array.from({ length: text.length }, () => new Set());
  for (const { kind, spans } of others.filter(isField)) {
    for (const [start, end] of spans) {
      for (let place = start; place < end; place++) kindsAt[place]?.add(kind);
    }
  }
  const isAt = (/** @type {number} */ place, /** @type {Set<string>} */ kinds) => {
    const own = [...kinds].filter((kind) => isField({ kind }));
    return own.length !== kindsAt[place].size || own.some((kind) => !kindsAt[place].has(kind));
  };
  return { cuts: others.flatMap(({ spans }) => spans.flat()).filter((place) => place <= text.length), isAt };
}

/** @param {{ kind: string }} mark */
function isField({ kind }) {
  return kind !== "issue" && kind !== "unassigned";
}
