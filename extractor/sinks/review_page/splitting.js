// @ts-check
// Findings split and merged.

const REPORT_LABEL = /^[\s【（(]*整改(?:落实|进展|完成)?情况[\s】）)]*[:：】]?\s*/u;
const NUMBER_BEFORE =
  /(?:[（(]\s*([一二三四五六七八九十百\d]{1,4})\s*[）)]|([一二三四五六七八九十百\d]{1,4})\s*[、.．)）])\s*$/u;

/**
 * A finding split in two at a chosen passage, which is the statement of the second: in the first one's statement, or
 * in its report where a number was overlooked. Null where the passage lies in neither, or nothing would be left.
 * @param {any} finding
 * @param {number} start
 * @param {number} end
 * @param {NoticeText} text
 * @param {any} readings
 * @returns {[any, any] | null}
 */
function splitFinding(finding, start, end, text, readings) {
  const number = numberBefore(text, start);
  const cut = number ? number.start : start;
  const path = number && finding.path.length ? [...finding.path.slice(0, -1), number.value] : finding.path;
  const second = { ...finding, [ID]: Symbol("finding"), path };
  if (holds(finding.statement, start)) {
    const before = clipped(text, finding.statement, 0, cut);
    if (!before) return null;
    const rest = clipped(text, finding.statement, start, Infinity);
    // both are answered by the one report, so both carry it
    return [
      reread({ ...finding, statement: before }, readings, text),
      reread({ ...second, statement: rest }, readings, text),
    ];
  }
  if (!holds(finding.rectification, start)) return null;
  const report = clipped(text, finding.rectification, 0, cut);
  const label = REPORT_LABEL.exec(text.slice(end, end + 40));
  const rest = clipped(text, finding.rectification, end + (label ? pointsOf(label[0]) : 0), Infinity);
  if (!report) return null;
  const statement = quoteAt(text, [[start, end]]);
  return [
    reread(partOf({ ...finding, rectification: report }, finding, 0, cut, text), readings, text),
    reread(partOf({ ...second, statement, rectification: rest }, finding, end, Infinity, text), readings, text),
  ];
}

/** @param {NoticeText} text @param {number} place */
function numberBefore(text, place) {
  const before = text.slice(Math.max(0, place - 10), place);
  const match = NUMBER_BEFORE.exec(before);
  return match ? { value: match[1] ?? match[2], start: place - pointsOf(match[0]) } : null;
}

/** @param {Quote | null} quote @param {number} place */
function holds(quote, place) {
  return Boolean(quote?.spans.some(([start, end]) => start <= place && place < end));
}

/**
 * What of a quote lies within bounds; null where nothing does.
 * @param {NoticeText} text
 * @param {Quote | null} quote
 * @param {number} from
 * @param {number} to
 */
function clipped(text, quote, from, to) {
  const spans = (quote?.spans ?? [])
    .map(([start, end]) => [Math.max(start, from), Math.min(end, to)])
    .filter(([start, end]) => start < end);
  return spans.length ? quoteAt(text, spans) : null;
}

/**
 * A finding that keeps of what was reported on another one only what lies within bounds.
 * @param {any} finding
 * @param {any} whole
 * @param {number} from
 * @param {number} to
 * @param {NoticeText} text
 */
function partOf(finding, whole, from, to, text) {
  const inside = (/** @type {Quote | null} */ quote) => Boolean(quote && clipped(text, quote, from, to));
  const measures = whole.measures.flatMap((/** @type {any} */ each) => {
    const quote = clipped(text, each.quote, from, to);
    return quote ? [{ ...each, quote }] : [];
  });
  const status = inside(whole.status.quote) ? whole.status : { value: "not_stated", quote: null };
  return {
    ...finding,
    measures,
    status,
    remaining: inside(whole.remaining) ? whole.remaining : null,
    deadline: inside(whole.deadline?.quote) ? whole.deadline : null,
    responsible: whole.responsible.filter(inside),
    accountability: whole.accountability.filter((/** @type {any} */ each) => inside(each.quote)),
  };
}

/**
 * Two findings as one: passages joined, lists put behind each other, single values from the first that has one.
 * @param {any} first
 * @param {any} second
 * @param {NoticeText} text
 * @param {any} readings
 */
function mergedFindings(first, second, text, readings) {
  const joined = (/** @type {string} */ name) => joinedQuotes(first[name], second[name], text);
  const listed = (/** @type {string} */ name) => withoutRepeats([...first[name], ...second[name]]);
  const merged = {
    ...first,
    focus_area: first.focus_area ?? second.focus_area,
    topic: first.topic ?? second.topic,
    statement: joined("statement"),
    rectification: joined("rectification"),
    status: first.status.value === "not_stated" ? second.status : first.status,
    measures: listed("measures"),
    remaining: joined("remaining"),
    follow_up: joined("follow_up"),
    deadline: first.deadline ?? second.deadline,
    responsible: listed("responsible"),
    accountability: listed("accountability"),
  };
  return reread(merged, readings, text);
}

/** @param {Quote | null} first @param {Quote | null} second @param {NoticeText} text */
function joinedQuotes(first, second, text) {
  if (!first || !second || String(first.spans) === String(second.spans)) return first ?? second;
  const known = new Set(wordPlaces(text, first.spans));
  const added = wordPlaces(text, second.spans).filter((place) => !known.has(place));
  return quoteAt(text, [...first.spans, ...spansOf(text, added)]);
}

/** @param {any[]} items */
function withoutRepeats(items) {
  const known = new Set();
  return items.filter((item) => !known.has(JSON.stringify(item)) && known.add(JSON.stringify(item)));
}
