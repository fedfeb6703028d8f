// @ts-check
// The chosen finding, or what the notice says of itself, as a form.

/** @type {Record<string, string>} */
const ITEM_TYPES = { quote: "条目", measure: "措施", document: "文件", amount: "金额", accountability: "问责" };

/** @param {any} finding @param {number} index @param {Problem[]} problems */
function findingForm(finding, index, problems) {
  const path = `findings[${index}]`;
  const rows = FINDING_FIELDS.map((field) =>
    fieldEditor(field, finding[field.name], `${path}.${field.name}`, problems),
  );
  return element("div", { class: "form" }, findingTools(index), ...rows);
}

/** What can be done with a finding as a whole. @param {number} index */
function findingTools(index) {
  const isLast = index + 1 === recordOf().findings.length;
  return element(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "整条问题的操作" },
    button("按所选文字拆分", () => splitAt(index), {
      title: "先在原文中选中第二条的反馈问题文字",
      "data-key": "split",
    }),
    button("与下一条合并", () => mergeWithNext(index), { disabled: isLast, "data-key": "merge" }),
    button("上移", () => moveFinding(index, -1), { disabled: index === 0, "data-key": "up" }),
    button("下移", () => moveFinding(index, 1), { disabled: isLast, "data-key": "down" }),
    button("重读文件与金额", () => rereadFinding(index), {
      title: "按反馈问题、整改情况、后续整改的文字重新读取",
      "data-key": "reread",
    }),
    button("删除此条", () => deleteFinding(index), { class: "danger", "data-key": "delete" }),
  );
}

/**
 * @param {FieldSpec} field
 * @param {any} value
 * @param {string} path
 * @param {Problem[]} problems
 */
function fieldEditor(field, value, path, problems) {
  const isList = field.type === "list";
  const own = problems.filter((each) => each.path === path || each.path.startsWith(`${path}${isList ? "[" : "."}`));
  const body = isList ? listEditor(field, value, path, problems) : [itemEditor(field, field.type, value, path)];
  return element(
    "div",
    { class: own.length ? "field wrong" : "field", role: "group", "aria-label": field.label },
    element("div", { class: "label" }, field.label, isList && `（${value.length}）`),
    element("div", { class: "controls" }, ...body, ...(isList ? [] : own.map(problemElement))),
  );
}

/** @param {Problem} problem */
function problemElement({ message }) {
  return element("p", { class: "problem", role: "alert" }, message);
}

/** @param {FieldSpec} field @param {any[]} items @param {string} path @param {Problem[]} problems */
function listEditor(field, items, path, problems) {
  const rows = items.map((item, place) => {
    const itemPath = `${path}[${place}]`;
    const own = problems.filter((each) => each.path === itemPath || each.path.startsWith(`${itemPath}.`));
    const tools = element(
      "span",
      { class: "item-tools" },
      button("↑", () => edit(withItemMoved(recordOf(), path, place, -1), `移动${field.label}`), {
        disabled: place === 0,
        "aria-label": `第 ${place + 1} 项上移`,
        "data-key": `${itemPath}.up`,
      }),
      button("删除", () => edit(withoutItem(recordOf(), path, place), `删除${field.label}`), {
        "aria-label": `删除第 ${place + 1} 项`,
        "data-key": `${itemPath}.delete`,
      }),
    );
    const editor = itemEditor(field, String(field.item), item, itemPath, tools);
    return element("li", {}, editor, ...own.map(problemElement));
  });
  const add = button(`＋ 用所选文字添加${ITEM_TYPES[String(field.item)]}`, () => addFromSelection(field, path), {
    class: "add",
    "data-key": `${path}.add`,
  });
  return [element("ol", { class: "items" }, ...rows), add];
}

/**
 * @param {FieldSpec} field
 * @param {string} type
 * @param {any} value
 * @param {string} path
 * @param {Node} [tools]
 */
function itemEditor(field, type, value, path, tools) {
  if (type === "path") return pathEditor(value, path);
  if (type === "choice")
    return choiceEditor(field.label, LABELS[String(field.labels)], value, path, headChoiceHasNone(field));
  const quote = quoteOf(value);
  const isOptional = type === "status" || !tools;
  const parts = [valueEditor(type, value, path, field), quoteEditor(field, type, quote, path, isOptional), tools];
  return element("div", { class: "item" }, ...parts.filter(isShown));
}

/** @param {FieldSpec} field */
function headChoiceHasNone(field) {
  return field.labels === "inspection";
}

/** What a value says besides its quote. @param {string} type @param {any} value @param {string} path @param {FieldSpec} field */
function valueEditor(type, value, path, field) {
  if (type === "status") return statusEditor(field.label, value, path);
  if (!value || type === "quote") return null;
  const input = (/** @type {string} */ label, /** @type {string} */ name, more = {}) => {
    return textEditor(label, value[name] ?? "", `${path}.${name}`, { read: textOrNull, ...more });
  };
  const kinds = LABELS.accountability;
  if (type === "accountability") return choiceEditor("问责方式", kinds, value.kind, `${path}.kind`);
  if (type === "measure") return input("序号标记", "marker", { size: 5 });
  if (type === "amount") return input("金额（元）", "value", { size: 12, inputmode: "decimal", read: numberOr });
  if (type === "date") return input("日期", "value", { size: 10, placeholder: "2023-04-27", read: String });
  if (type === "deadline") return input("截止日", "value", { size: 10, placeholder: "2023-12-31", read: String });
  return element(
    "span",
    { class: "pair" },
    input("文件名", "title", { size: 24, read: String }),
    input("文号", "number"),
  );
}

/** @param {string} words */
function textOrNull(words) {
  return words || null;
}

/** A number; what is none stays as it was typed, and is reported. @param {string} words */
function numberOr(words) {
  const plain = words.replace(/[,，\s]/g, "");
  return plain && Number.isFinite(Number(plain)) ? Number(plain) : words;
}

/** @param {string[]} value @param {string} path */
function pathEditor(value, path) {
  const read = (/** @type {string} */ words) => (words ? words.split(/\s*[/·]\s*/) : []);
  return textEditor("各级序号，用 / 分开", value.join(" / "), path, { size: 16, read });
}

/**
 * @param {string} label
 * @param {Record<string, string>} labels
 * @param {string | null} value
 * @param {string} path
 * @param {boolean} [hasNone]
 */
function choiceEditor(label, labels, value, path, hasNone = false) {
  const options = Object.entries(labels);
  const all = hasNone ? [["", "（无）"], ...options] : options;
  const onchange = (/** @type {string} */ chosen) => edit(changed(recordOf(), path, chosen || null), `修改${label}`);
  return choice(label, all, value ?? "", onchange, { "data-key": path });
}

/** A status that is not stated rests on nothing. @param {string} label @param {any} status @param {string} path */
function statusEditor(label, status, path) {
  const options = Object.entries(LABELS.status);
  const onchange = (/** @type {string} */ value) => {
    const quote = value === "not_stated" ? null : status.quote;
    edit(changed(recordOf(), path, { value, quote }), `修改${label}`);
  };
  return choice(label, options, status.value, onchange, { "data-key": `${path}.value` });
}

/** @param {string} label @param {any} value @param {string} path @param {any} options */
function textEditor(label, value, path, { read, ...attributes }) {
  const onchange = (/** @type {any} */ event) => {
    edit(changed(recordOf(), path, read(event.target.value.trim())), `修改${label}`);
  };
  const input = element("input", { value, onchange, "data-key": path, autocomplete: "off", ...attributes });
  return element("label", { class: "value-editor" }, element("span", {}, label), input);
}

/**
 * The passage of a field: chosen in the text, or by its places.
 * @param {FieldSpec} field
 * @param {string} type
 * @param {Quote | null} quote
 * @param {string} path of the value that the quote is, or belongs to
 * @param {boolean} isOptional whether the field can be without
 */
function quoteEditor(field, type, quote, path, isOptional) {
  const words = quote && passageElement(quote, quotePath(valueAt(recordOf(), path), path), field, "left");
  const places = (quote?.spans ?? []).map((span, place) => spanEditor(quote, place, path, type));
  const tools = element(
    "span",
    { class: "quote-tools" },
    button(quote ? "改用所选文字" : "用所选文字", () => setFromSelection(field, type, path), {
      "data-key": `${path}.choose`,
      "aria-label": `${field.label}：${quote ? "改用" : "用"}所选文字`,
    }),
    quote &&
      button("追加所选文字", () => extendFromSelection(field, type, path), {
        "data-key": `${path}.extend`,
        "aria-label": `${field.label}：追加所选文字`,
      }),
    quote &&
      isOptional &&
      button("清除", () => clearQuote(field, type, path), {
        "data-key": `${path}.clear`,
        "aria-label": `清除${field.label}`,
      }),
  );
  return element("span", { class: "quote-editor" }, words ?? element("em", {}, "（无）"), ...places, tools);
}

/** Where a part of a passage begins and ends. @param {any} quote @param {number} place @param {string} path @param {string} type */
function spanEditor(quote, place, path, type) {
  const input = (/** @type {string} */ label, /** @type {number} */ side) => {
    const onchange = (/** @type {any} */ event) => {
      const spans = quote.spans.map((/** @type {number[]} */ span) => [...span]);
      spans[place][side] = Math.round(Number(event.target.value));
      setSpans(path, type, spans, "调整位置");
    };
    return element("input", {
      type: "number",
      min: 0,
      max: workspace().text?.length,
      value: quote.spans[place][side],
      "aria-label": `第 ${place + 1} 段${label}`,
      "data-key": `${path}.span${place}.${side}`,
      onchange,
    });
  };
  return element("span", { class: "span" }, "位置 ", input("起", 0), "–", input("止", 1));
}
