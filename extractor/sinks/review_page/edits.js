// @ts-check
// Changing a record: every change gives a new record and leaves the old one as it was, so that it can be undone.

/** The edits of one record, forwards and backwards. */
class Edits {
  /** @param {any} record */
  constructor(record) {
    this.record = record;
    this.saved = record;
    /** @type {{ record: any, name: string }[]} */
    this.past = [];
    /** @type {{ record: any, name: string }[]} */
    this.future = [];
  }

  /** @param {any} record @param {string} name what was done, as people call it */
  change(record, name) {
    if (record === this.record) return;
    this.past.push({ record: this.record, name });
    this.future = [];
    this.record = record;
  }

  /** Gives the name of what was undone. */
  undo() {
    return this.step(this.past, this.future);
  }

  /** Gives the name of what was done again. */
  redo() {
    return this.step(this.future, this.past);
  }

  /** @param {{ record: any, name: string }[]} from @param {{ record: any, name: string }[]} to */
  step(from, to) {
    const last = from.pop();
    if (!last) return null;
    to.push({ record: this.record, name: last.name });
    this.record = last.record;
    return last.name;
  }

  get isSaved() {
    return this.saved === this.record;
  }
}

/**
 * The same object or list with another value at a path.
 * @param {any} holder
 * @param {(string | number)[]} steps
 * @param {any} value
 * @returns {any}
 */
function withValue(holder, steps, value) {
  if (!steps.length) return value;
  const [first, ...rest] = steps;
  const copy = Array.isArray(holder) ? [...holder] : { ...holder };
  copy[first] = withValue(holder[first], rest, value);
  return copy;
}

/** @param {any} record @param {string} path @param {any} value */
function changed(record, path, value) {
  return withValue(record, stepsOf(path), value);
}

/** The record without an item of a list. @param {any} record @param {string} path of the list @param {number} place */
function withoutItem(record, path, place) {
  return changed(record, path, valueAt(record, path).toSpliced(place, 1));
}

/** @param {any} record @param {string} path of the list @param {number} place @param {number} by */
function withItemMoved(record, path, place, by) {
  const items = [...valueAt(record, path)];
  const [item] = items.splice(place, 1);
  items.splice(place + by, 0, item);
  return changed(record, path, items);
}

/** A list with another item where the text has it. @param {any[]} items @param {any} item */
function withItem(items, item) {
  const start = quoteOf(item)?.spans[0][0] ?? Infinity;
  const place = items.findIndex((each) => (quoteOf(each)?.spans[0][0] ?? -1) > start);
  return items.toSpliced(place < 0 ? items.length : place, 0, item);
}

/** A finding of which nothing is known. @returns {any} */
function emptyFinding() {
  return {
    [ID]: Symbol("finding"),
    path: [],
    focus_area: null,
    focus: "other",
    topic: null,
    statement: null,
    stated_as: "problem",
    rectification: null,
    status: { value: "not_stated", quote: null },
    measures: [],
    remaining: null,
    follow_up: null,
    deadline: null,
    documents: [],
    amounts: [],
    responsible: [],
    accountability: [],
  };
}

/** The record with every finding given an identity. @param {any} record */
function identified(record) {
  return {
    ...record,
    findings: record.findings.map((/** @type {any} */ each) => ({ [ID]: Symbol("finding"), ...each })),
  };
}

/**
 * What code has read out of a passage: the readings of that kind that lie within it.
 * @param {any} readings
 * @param {string} kind
 * @param {number[][]} spans
 * @returns {any[][]}
 */
function readingsIn(readings, kind, spans) {
  return (readings[kind] ?? []).filter((/** @type {any[]} */ [start, end]) =>
    spans.some(([left, right]) => left <= start && end <= right),
  );
}

/**
 * The value that a field gets from a chosen passage.
 * @param {string} type of the field or of the item of its list
 * @param {Quote} quote
 * @param {any} readings
 * @param {NoticeText} text
 * @returns {any}
 */
function valueFrom(type, quote, readings, text) {
  const last = (/** @type {string} */ kind) => readingsTouching(readings, kind, quote.spans).pop()?.[2] ?? "";
  if (type === "date") return { value: last("dates"), quote };
  if (type === "deadline") return { value: last("deadlines"), quote };
  if (type === "measure") return { marker: markerBefore(text, quote.spans[0][0]), quote };
  if (type === "amount") return { value: last("amounts") || null, currency: "CNY", quote };
  if (type === "accountability") return { kind: "other", quote };
  if (type === "document") {
    const [, , title, number] = readingsTouching(readings, "documents", quote.spans).pop() ?? [];
    const inside = (/** @type {any} */ part) => (part && quote.text.includes(part) ? part : null);
    return { title: inside(title) ?? quote.text.replace(/^.*?《|》.*$/g, ""), number: inside(number), quote };
  }
  return quote;
}

/** @param {any} readings @param {string} kind @param {number[][]} spans @returns {any[][]} */
function readingsTouching(readings, kind, spans) {
  return (readings[kind] ?? []).filter((/** @type {any[]} */ [start, end]) =>
    spans.some(([left, right]) => left < end && start < right),
  );
}

/** The list mark that stands right before a place. @param {NoticeText} text @param {number} place */
function markerBefore(text, place) {
  const before = text.slice(Math.max(0, place - 12), place);
  const number = "[一二三四五六七八九十\\d]{1,3}";
  const mark = new RegExp(
    `(${number}是|[①-⑳]|[（(]${number}[）)]|${number}[.、．]|首先|其次|再次|最后)[，,、：:]?\\s*$`,
    "u",
  );
  return mark.exec(before)?.[1] ?? null;
}

/** Documents and sums as code reads them out of a finding's passages. @param {any} finding @param {any} readings */
function reread(finding, readings, /** @type {NoticeText} */ text) {
  const spans = ["statement", "rectification", "follow_up"].flatMap((name) => finding[name]?.spans ?? []);
  const quote = (/** @type {number} */ start, /** @type {number} */ end) => quoteAt(text, [[start, end]]);
  const documents = new Map();
  for (const [start, end, title, number] of readingsIn(readings, "documents", spans)) {
    if (!documents.has(title)) documents.set(title, { title, number, quote: quote(start, end) });
  }
  const amounts = readingsIn(readings, "amounts", spans).map(([start, end, value]) => {
    return { value, currency: "CNY", quote: quote(start, end) };
  });
  return { ...finding, documents: [...documents.values()], amounts };
}
