// @ts-check
// The passage that a person has chosen in the text, and what becomes of it.

/** The chosen passage in code points of the text; null where nothing of the text is chosen. */
function selectedRange() {
  const selection = window.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const pane = byId("text");
  if (!pane.contains(range.startContainer) || !pane.contains(range.endContainer)) return null;
  const start = placeOf(range.startContainer, range.startOffset);
  const end = placeOf(range.endContainer, range.endOffset);
  return start < end ? [start, end] : null;
}

/** The place in the text of a place in the page. @param {Node} node @param {number} offset @returns {number} */
function placeOf(node, offset) {
  if (node instanceof Text) {
    const segment = /** @type {any} */ (node.parentElement);
    return segment.place.start + pointsOf(node.data.slice(0, offset));
  }
  const following = node.childNodes[offset];
  if (following) return firstPlace(following);
  const next = nextOutside(node);
  return next ? firstPlace(next) : (workspace().text?.length ?? 0);
}

/** @param {any} node @returns {number} */
function firstPlace(node) {
  if (node instanceof Text) return placeOf(node, 0);
  return node.place ? node.place.start : firstPlace(node.firstChild);
}

/** @param {Node} node @returns {Node | null} */
function nextOutside(node) {
  const pane = byId("text");
  for (let each = node; each && each !== pane; each = /** @type {Node} */ (each.parentNode)) {
    if (each.nextSibling) return each.nextSibling;
  }
  return null;
}

/** Keep what is chosen, also when a button takes the focus away from it. */
function selectionChanged() {
  if (!state.editing) return;
  const range = selectedRange();
  if (!range) return;
  state.selection = range;
  showSelection();
}

/** The bar that says what is chosen and what it can become. */
function showSelection() {
  const bar = byId("selection");
  const { text } = workspace();
  const quote = state.editing && state.selection && text ? quoteAt(text, [state.selection]) : null;
  bar.hidden = !quote;
  if (!quote) return;
  const shown = quote.text.length > 60 ? `${quote.text.slice(0, 28)}…${quote.text.slice(-28)}` : quote.text;
  const [start, end] = [quote.spans[0][0], quote.spans[quote.spans.length - 1][1]];
  const use = choice("所选文字设为", selectionTargets(), "", useSelection, { "data-key": "use-selection" });
  bar.replaceChildren(
    element("span", { class: "chosen" }, `「${shown}」`),
    element("span", { class: "places" }, `${start}–${end}，${end - start} 字`),
    use,
    button("×", dropSelection, { "aria-label": "不选", "data-key": "drop-selection" }),
  );
}

/** @returns {string[][]} */
function selectionTargets() {
  const index = indexOfFinding(recordOf(), state.finding);
  const targets = (/** @type {FieldSpec[]} */ fields, /** @type {string} */ prefix) => {
    return fields
      .filter((field) => field.type !== "choice" && field.type !== "path")
      .map((field) => {
        const label = field.type === "list" ? `添加${field.label}` : field.label;
        return [prefix + field.name, label];
      });
  };
  const own = index < 0 ? [] : [...targets(FINDING_FIELDS, `findings[${index}].`), ["split", "拆分：此处起为另一条"]];
  return [
    ["", index < 0 ? "设为…" : `设为第 ${index + 1} 条的…`],
    ...own,
    ["new", "新的一条反馈问题"],
    ...targets(HEAD_FIELDS, ""),
  ];
}

/** @param {string} target */
function useSelection(target) {
  const index = indexOfFinding(recordOf(), state.finding);
  if (target === "new") addFinding();
  else if (target === "split") splitAt(index);
  else if (target) setTarget(target, index);
}

/** @param {string} path @param {number} index */
function setTarget(path, index) {
  const name = path.replace(/^findings\[\d+\]\./, "");
  const fields = path.startsWith("findings[") && index >= 0 ? FINDING_FIELDS : HEAD_FIELDS;
  const field = /** @type {FieldSpec} */ (fields.find((each) => each.name === name));
  if (field.type === "list") addFromSelection(field, path);
  else setFromSelection(field, field.type, path);
}

/** The chosen passage as a quote; says so where there is none. @returns {Quote | null} */
function chosenQuote() {
  const { text } = workspace();
  const quote = text && state.selection ? quoteAt(text, [state.selection]) : null;
  if (!quote) announce("请先在原文中选中文字");
  return quote;
}

function dropSelection() {
  state.selection = null;
  window.getSelection()?.removeAllRanges();
  showSelection();
}

/** @param {FieldSpec} field @param {string} type @param {string} path */
function setFromSelection(field, type, path) {
  const quote = chosenQuote();
  if (quote) setQuote(path, type, quote, `设定${field.label}`);
}

/** Torn passages are chosen piece by piece. @param {FieldSpec} field @param {string} type @param {string} path */
function extendFromSelection(field, type, path) {
  const added = chosenQuote();
  const quote = quoteOf(valueAt(recordOf(), path));
  const { text } = workspace();
  if (added && quote && text) setQuote(path, type, joinedQuotes(quote, added, text), `追加${field.label}`);
}

/** @param {FieldSpec} field @param {string} path of the list */
function addFromSelection(field, path) {
  const quote = chosenQuote();
  const { text, data } = workspace();
  if (!quote || !text) return;
  const item = valueFrom(String(field.item), quote, data.readings, text);
  edit(changed(recordOf(), path, withItem(valueAt(recordOf(), path), item)), `添加${field.label}`);
  dropSelection();
}

/**
 * Give a field another passage; a value that code reads from it is read again.
 * @param {string} path
 * @param {string} type
 * @param {Quote | null} quote
 * @param {string} name
 */
function setQuote(path, type, quote, name) {
  const { text, data } = workspace();
  if (!quote || !text) return;
  const before = valueAt(recordOf(), path);
  const fresh = type === "status" ? { ...before, quote } : valueFrom(type, quote, data.readings, text);
  const value = before && type !== "status" && type !== "quote" ? { ...before, ...readAgain(fresh) } : fresh;
  edit(changed(recordOf(), path, value), name);
  dropSelection();
}

/** What was read anew; what a person chose or typed stays where nothing was read. @param {any} fresh */
function readAgain(fresh) {
  const isRead = (/** @type {[string, any]} */ [name, value]) => name !== "kind" && value !== "" && value !== null;
  return Object.fromEntries(Object.entries(fresh).filter(isRead));
}

/** @param {string} path @param {string} type @param {number[][]} spans @param {string} name */
function setSpans(path, type, spans, name) {
  const { text } = workspace();
  const value = valueAt(recordOf(), path);
  if (!text) return;
  const isSound = !spanProblem(spans, text);
  const quote = isSound ? quoteAt(text, spans) : { text: quoteOf(value)?.text ?? "", spans };
  edit(changed(recordOf(), quotePath(value, path), quote), name);
}

/** @param {FieldSpec} field @param {string} type @param {string} path */
function clearQuote(field, type, path) {
  const value = type === "status" ? { value: "not_stated", quote: null } : null;
  edit(changed(recordOf(), path, value), `清除${field.label}`);
}
