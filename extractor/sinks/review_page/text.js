// @ts-check
// The text of a notice, counted in code points as records do, and the contract's rules for quotes.

const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const CJK =
  "\\u2e80-\\u2fff\\u3001-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff01-\\uffee\\u{20000}-\\u{3ffff}";
const MARK = `\\*+|(?:^|(?<=[${SPACE}*]))[#>]+`;
const IS_CJK = new RegExp(`[${CJK}]`, "u");
const IS_SPACE = new RegExp(`[${SPACE}]`, "u");
const IS_IGNORED = new RegExp(`[${SPACE}#>*\\u200b\\ufeff]`, "u");
const MARKS = new RegExp(MARK, "gu");
const BLANKS = new RegExp(`[${SPACE}]+`, "gu");
const JUNK = new RegExp(`(?:[${SPACE}]+|${MARK})+`, "gu");
const NEEDS_CLEANING = new RegExp(`[${SPACE}*#>]`, "u");

/** A text whose places are code points. */
class NoticeText {
  /** @param {string} string */
  constructor(string) {
    this.string = string;
    // only a text with characters beyond the basic plane counts differently than JavaScript does
    this.points = /[\ud800-\udbff]/.test(string) ? Array.from(string) : null;
    this.length = this.points ? this.points.length : string.length;
  }

  /** @param {number} start @param {number} end */
  slice(start, end) {
    return this.points ? this.points.slice(start, end).join("") : this.string.slice(start, end);
  }

  /** @param {number} place */
  at(place) {
    return this.points ? this.points[place] : this.string[place];
  }
}

/** How many code points a string has. @param {string} string */
function pointsOf(string) {
  return /[\ud800-\udbff]/.test(string) ? Array.from(string).length : string.length;
}

/** The first and the last two characters of a quote's text. @param {string} quote */
function edgesOf(quote) {
  const points = Array.from(quote);
  return [points.slice(0, 2).join(""), points.slice(-2).join("")];
}

/**
 * The text of a quote by the contract's rule for white space and Markdown marks.
 * @param {NoticeText} text
 * @param {number[][]} spans
 */
function quoteText(text, spans) {
  const pieces = spans.map(([start, end]) => text.slice(start, end));
  const joined = pieces.join("");
  if (!NEEDS_CLEANING.test(joined)) return joined;
  const plain = pieces.map((piece) => piece.replace(MARKS, "")).join("");
  return plain.replace(BLANKS, (blank, offset) => {
    const left = Array.from(plain.slice(Math.max(0, offset - 2), offset)).pop();
    const right = Array.from(plain.slice(offset + blank.length, offset + blank.length + 2))[0];
    return !left || !right || IS_CJK.test(left) || IS_CJK.test(right) ? "" : " ";
  });
}

/**
 * The places of the characters that a quote keeps, without white space.
 * @param {NoticeText} text
 * @param {number[][]} spans
 */
function wordPlaces(text, spans) {
  const places = [];
  for (const [start, end] of spans) {
    const piece = text.slice(start, end);
    let position = 0;
    let place = start;
    for (const match of piece.matchAll(JUNK)) {
      const words = pointsOf(piece.slice(position, match.index));
      for (let step = 0; step < words; step++) places.push(place + step);
      place += words + pointsOf(match[0]);
      position = match.index + match[0].length;
    }
    for (; place < end; place++) places.push(place);
  }
  return places;
}

/**
 * The spans that hold these places, in their order; white space and Markdown marks part no span.
 * @param {NoticeText} text
 * @param {number[]} places
 */
function spansOf(text, places) {
  /** @type {number[][]} */
  const spans = [];
  for (const place of places) {
    const last = spans[spans.length - 1];
    if (last && last[1] <= place && isIgnored(text, last[1], place)) last[1] = place + 1;
    else spans.push([place, place + 1]);
  }
  return spans;
}

/** @param {NoticeText} text @param {number} start @param {number} end */
function isIgnored(text, start, end) {
  for (let place = start; place < end; place++) {
    if (!IS_IGNORED.test(text.at(place))) return false;
  }
  return true;
}

/** The passage in the one way the contract allows. @param {NoticeText} text @param {number[][]} spans */
function tidySpans(text, spans) {
  return spansOf(text, wordPlaces(text, spans));
}

/**
 * A quote of a passage, null where nothing is left of it.
 * @param {NoticeText} text
 * @param {number[][]} spans
 */
function quoteAt(text, spans) {
  const tidy = tidySpans(text, spans);
  return tidy.length ? { text: quoteText(text, tidy), spans: tidy } : null;
}
