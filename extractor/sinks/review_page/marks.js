// @ts-check
// The text of the notice with every quote of a record marked in it.

/** @typedef {{ mark: Mark, span: number }} Cover a mark, and which of its spans */

/**
 * The quotes of a record as marks: one for all fields that hold the same passage as the same kind of thing.
 * @param {any} record
 * @returns {Mark[]}
 */
function marksOf(record) {
  /** @type {Map<string, Mark>} */
  const marks = new Map();
  for (const { kind, path, finding, quote } of quotesOf(record)) {
    const key = `${kind} ${quote.spans}`;
    if (!marks.has(key)) marks.set(key, { kind, spans: quote.spans, text: quote.text, owners: [] });
    marks.get(key)?.owners.push({ path, finding });
  }
  for (const issue of record.issues) {
    // what no field took is marked as that already
    if (!issue.spans.length || issue.kind === "unassigned_text") continue;
    marks.set(`issue ${marks.size}`, { kind: "issue", spans: issue.spans, text: "", owners: [] });
  }
  return [...marks.values()];
}

/**
 * The text cut wherever a mark or a line begins or ends.
 * @param {NoticeText} text
 * @param {Mark[]} marks
 * @param {number[]} cuts where it is cut besides
 * @returns {{ start: number, end: number, covers: Cover[] }[]} each with the marks, and their spans, over it
 */
function segmentsOf(text, marks, cuts) {
  const edges = [...cuts, text.length].map((place) => ({ place, begins: false, cover: /** @type {any} */ (null) }));
  for (const mark of marks) {
    for (const [span, [start, end]] of mark.spans.entries()) {
      if (start < 0 || start >= end || end > text.length) continue;
      const cover = { mark, span };
      edges.push({ place: start, begins: true, cover }, { place: end, begins: false, cover });
    }
  }
  edges.sort((left, right) => left.place - right.place);
  /** @type {Set<Cover>} */
  const open = new Set();
  const segments = [];
  let position = 0;
  for (const { place, begins, cover } of edges) {
    if (place > position) segments.push({ start: position, end: place, covers: [...open] });
    position = place;
    if (begins) open.add(cover);
    else open.delete(cover);
  }
  return segments;
}

/**
 * The marked text as elements: a block for each line, in it a span for each segment.
 * @param {NoticeText} text
 * @param {Mark[]} marks
 * @param {Differences} differences
 */
function markedText(text, marks, differences) {
  const fragment = document.createDocumentFragment();
  let block = null;
  let size = 0;
  for (const segment of segmentsOf(text, marks, differences.cuts)) {
    const kinds = new Set(segment.covers.map(({ mark }) => mark.kind));
    const isDifferent = differences.isAt(segment.start, kinds);
    for (const [start, end] of piecesOf(text, segment)) {
      const piece = text.slice(start, end);
      if (block && size >= LONGEST_BLOCK) block = fragment.appendChild(element("div", { class: "line continued" }));
      else block ??= fragment.appendChild(element("div", { class: "line" }));
      size = block.childNodes.length ? size + end - start : end - start;
      block.append(segmentElement(piece, start, end, segment.covers, kinds, isDifferent));
      if (piece.endsWith("\n")) block = null;
    }
  }
  return fragment;
}

/** Lines beyond this many characters are shown in several blocks: a browser lays out one block after the other. */
const LONGEST_BLOCK = 4000;

/** A segment cut behind the ends of lines, and into pieces of bearable length. @returns {Generator<[number, number]>} */
function* piecesOf(/** @type {NoticeText} */ text, /** @type {{ start: number, end: number }} */ segment) {
  let start = segment.start;
  for (const line of text.slice(segment.start, segment.end).split(/(?<=\n)/)) {
    const end = start + pointsOf(line);
    for (; start < end; start = Math.min(end, start + LONGEST_BLOCK))
      yield [start, Math.min(end, start + LONGEST_BLOCK)];
  }
}

/**
 * @param {string} piece
 * @param {number} start
 * @param {number} end
 * @param {Cover[]} covers
 * @param {Set<string>} kinds
 * @param {boolean} isDifferent
 */
function segmentElement(piece, start, end, covers, kinds, isDifferent) {
  const built = document.createElement("span");
  built.textContent = piece;
  built.className = ["seg", ...[...kinds].map((kind) => `k-${kind}`)].join(" ");
  if (isDifferent && piece.trim()) built.classList.add("differs");
  if (covers.some(({ mark }) => mark.kind === "measures" && mark.spans[0][0] === start)) {
    built.classList.add("starts-measure");
  }
  return Object.assign(built, { place: { start, end, covers } });
}

/** A text beyond this is laid out only where it is looked at. */
const LARGE = 60_000;

/** The text that is shown, and which elements show which mark. */
class MarkedPane {
  /** @param {HTMLElement} pane */
  constructor(pane) {
    this.pane = pane;
    /** @type {Map<Mark, any[]>} */
    this.elements = new Map();
    this.shown = "";
  }

  /**
   * Show a text with its marks; only where they are not those that are shown already.
   * @param {NoticeText} text
   * @param {Mark[]} marks
   * @param {Differences} differences
   */
  show(text, marks, differences) {
    const shown = JSON.stringify([text.string, marks, differences.cuts]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.pane.classList.toggle("large", text.length > LARGE);
    const scroll = this.pane.scrollTop;
    this.pane.replaceChildren(markedText(text, marks, differences));
    this.elements = new Map(marks.map((mark) => [mark, []]));
    for (const each of this.segments()) {
      for (const { mark } of each.place.covers) this.elements.get(mark)?.push(each);
    }
    this.pane.scrollTop = scroll;
  }

  /** @returns {any} */
  segments() {
    return this.pane.querySelectorAll(".seg");
  }

  /**
   * Set off all marks of a finding, and above them that of one field; gives the element where that begins.
   * @param {number} finding
   * @param {string} path
   */
  highlight(finding, path) {
    for (const each of this.pane.querySelectorAll(".current, .active")) each.classList.remove("current", "active");
    let first = null;
    for (const [mark, elements] of this.elements) {
      const isActive = mark.owners.some((owner) => owner.path === path);
      const isCurrent = finding >= 0 && mark.owners.some((owner) => owner.finding === finding);
      for (const each of elements) {
        if (isCurrent) each.classList.add("current");
        if (isActive) each.classList.add("active");
      }
      // where the passage begins as it is read, wherever in the file that is
      if (isActive) first = elements.find((each) => each.place.start === mark.spans[0][0]) ?? null;
    }
    return first;
  }

  /** The element that shows a place of the text. @param {number} place @returns {HTMLElement | null} */
  at(place) {
    for (const each of this.segments()) {
      if (each.place.start <= place && place < each.place.end) return each;
    }
    return null;
  }
}

/**
 * What fields hold the text of a segment, the shortest passage first, those of the finding given before others.
 * @param {any} segment
 * @param {number} finding
 * @returns {{ path: string, finding: number }[]}
 */
function ownersAt(segment, finding) {
  const marks = segment.place.covers.map((/** @type {Cover} */ { mark }) => mark);
  marks.sort((/** @type {Mark} */ left, /** @type {Mark} */ right) => sizeOf(left.spans) - sizeOf(right.spans));
  return marks.flatMap((/** @type {Mark} */ mark) => {
    const own = mark.owners.filter((owner) => owner.finding === finding);
    return own.length ? own : mark.owners.slice(0, 1);
  });
}

/** @param {number[][]} spans */
function sizeOf(spans) {
  return spans.reduce((size, [start, end]) => size + end - start, 0);
}
