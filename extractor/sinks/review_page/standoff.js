// @ts-check
// The gold format: a record as places in the text, without its words; the same file that the project itself writes.

const LINE_WIDTH = 120;

/**
 * The annotation of a record as its file holds it.
 * @param {{ name: string, sha256: string, length: number }} source
 * @param {{ guideline: string, annotator: string, split: string }} head
 * @param {any} record
 * @param {NoticeText} text
 */
function annotationOf(source, head, record, text) {
  const { source: _, provenance, issues, unassigned, ...content } = record;
  return {
    guideline: head.guideline,
    annotator: head.annotator,
    split: head.split,
    schema: "notice",
    source: { name: source.name.split(/[\\/]/).pop() || "notice", sha256: source.sha256, length: source.length },
    record: withoutWords(content, text),
  };
}

/** @param {any} node @param {NoticeText} text @returns {any} */
function withoutWords(node, text) {
  if (Array.isArray(node)) return node.map((item) => withoutWords(item, text));
  if (!node || typeof node !== "object") return node;
  if (node.spans) return placed(text, tidySpans(text, node.spans));
  if ("title" in node && "number" in node) return documentWithoutWords(node, text);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutWords(value, text)]));
}

/** @param {NoticeText} text @param {number[][]} spans */
function placed(text, spans) {
  return { spans, edges: edgesOf(quoteText(text, spans)) };
}

/** @param {any} node @param {NoticeText} text */
function documentWithoutWords(node, text) {
  const title = placeOfTitle(node);
  const number = node.number === null ? -1 : placeOfNumber(node);
  return {
    title: part(node.quote, title, node.title, text),
    number: number < 0 ? null : part(node.quote, number, node.number, text),
    quote: withoutWords(node.quote, text),
  };
}

/** Where in its quote the title of a document stands; -1 where it does not. @param {any} node */
function placeOfTitle(node) {
  const quoted = node.quote.text.indexOf(`《${node.title}》`);
  return quoted >= 0 ? quoted + 1 : node.quote.text.indexOf(node.title);
}

/** Where in its quote, outside of the title, the number stands; -1 where it does not. @param {any} node */
function placeOfNumber(node) {
  const quote = node.quote.text;
  const title = placeOfTitle(node);
  let place = quote.indexOf(node.number);
  while (place >= 0 && place > title - node.number.length && place < title + node.title.length) {
    place = quote.indexOf(node.number, place + 1);
  }
  return place;
}

/** A part of a quote, by its place in the quote's text. @param {Quote} quote @param {number} start @param {string} words */
function part(quote, start, words, /** @type {NoticeText} */ text) {
  const before = quote.text.slice(0, start);
  // blanks that the quote keeps have no place among those of its words
  const wordsBefore = Array.from(before).filter((character) => !IS_SPACE.test(character)).length;
  const size = Array.from(words).filter((character) => !IS_SPACE.test(character)).length;
  const places = wordPlaces(text, quote.spans).slice(wordsBefore, wordsBefore + size);
  return { spans: spansOf(text, places), edges: edgesOf(words) };
}

/**
 * JSON of which a difference reads well: what fits into a line stands on one, the rest is broken up.
 * @param {any} value
 * @param {number} [indent]
 * @param {string} [prefix]
 * @returns {string}
 */
function annotationJson(value, indent = 0, prefix = "") {
  const line = jsonLine(value);
  const isShort = pointsOf(prefix) + indent + pointsOf(line) <= LINE_WIDTH;
  if (isShort || !value || typeof value !== "object" || !Object.keys(value).length) return line;
  const isList = Array.isArray(value);
  const inner = " ".repeat(indent + 1);
  const lines = Object.entries(value).map(([key, item]) => {
    const name = isList ? "" : `${JSON.stringify(key)}: `;
    return inner + name + annotationJson(item, indent + 1, name);
  });
  const [opening, closing] = isList ? "[]" : "{}";
  return `${opening}\n${lines.join(",\n")}\n${" ".repeat(indent)}${closing}`;
}

/** @param {any} value @returns {string} */
function jsonLine(value) {
  if (Array.isArray(value)) return `[${value.map(jsonLine).join(", ")}]`;
  if (!value || typeof value !== "object") return JSON.stringify(value ?? null);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${jsonLine(item)}`);
  return `{${members.join(", ")}}`;
}
