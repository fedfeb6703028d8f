// @ts-check
// Findings as cards: closed ones say what and how far, the chosen one says all.

const SIDES = /** @type {const} */ (["left", "right"]);
/** What the head of a card says already. */
const IN_HEAD = new Set(["path", "focus", "stated_as"]);

/** @typedef {{ left: any, right: any }} Row */

/** Rows that are drawn already, and what they were drawn from. @type {Map<symbol, { from: any[], element: Element }>} */
let drawn = new Map();

/** The list of findings, those that the filters let through; rows that say the same as before stay. */
function showFindings() {
  const rows = allRows();
  const listed = rows.filter(isListed);
  const known = drawn;
  const problems = problemsByFinding();
  drawn = new Map(listed.map((row) => [keyOf(row), drawnRow(row, known, problems)]));
  const list = byId("findings");
  list.classList.toggle("comparing", isComparing());
  replaceRows(
    list,
    [...drawn.values()].map((each) => each.element),
  );
  byId("none").hidden = listed.length > 0;
  const different = isComparing() ? `，${rows.filter(rowDiffers).length} 条有差异` : "";
  byId("count").textContent = `${listed.length} / ${rows.length} 条${different}`;
}

/** Rows that stay are not touched, so that the focus stays in them. @param {Element} list @param {Element[]} rows */
function replaceRows(list, rows) {
  const kept = new Set(rows);
  for (const child of [...list.children]) if (!kept.has(child)) child.remove();
  for (const [place, row] of rows.entries()) {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  }
}

/** @param {Row} row @returns {symbol} */
function keyOf(row) {
  return (row.left ?? row.right)[ID];
}

/** @param {Row} row @param {typeof drawn} known @param {Map<number, Problem[]>} problems */
function drawnRow(row, known, problems) {
  const places = SIDES.map((side) => recordOf(side)?.findings.indexOf(row[side]) ?? -1);
  const own = problems.get(places[0]) ?? [];
  const isCurrent = isCurrentRow(row);
  const chosen = isCurrent ? [state.path, state.side] : [];
  const shows = [state.editing, isComparing() && state.filters.differing];
  const from = [row.left, row.right, ...places, ...shows, JSON.stringify(own), isCurrent, ...chosen];
  const before = known.get(keyOf(row));
  const isSame = before?.from.length === from.length && before.from.every((part, place) => part === from[place]);
  return before && isSame ? before : { from, element: rowElement(row, own) };
}

/** @returns {Map<number, Problem[]>} */
function problemsByFinding() {
  const found = new Map();
  for (const problem of currentProblems()) {
    const match = /^findings\[(\d+)\]/.exec(problem.path);
    const index = match ? Number(match[1]) : -1;
    found.set(index, [...(found.get(index) ?? []), problem]);
  }
  return found;
}

/** @param {Row} row @param {Problem[]} problems */
function rowElement(row, problems) {
  const differing = isComparing() ? differingFields(row.left, row.right, FINDING_FIELDS).map((each) => each.name) : [];
  const sides = isComparing() ? SIDES : SIDES.slice(0, 1);
  const isCurrent = isCurrentRow(row);
  const cards = sides.map((side) => {
    const own = side === "left" ? problems : [];
    return row[side] ? cardOf(side, row, isCurrent, new Set(differing), own) : absentCard(side, row);
  });
  return element("li", { class: isCurrent ? "row current" : "row" }, ...cards);
}

/** @param {Row} row */
function isCurrentRow(row) {
  return state.finding !== null && (row.left?.[ID] === state.finding || row.right?.[ID] === state.finding);
}

/** @param {"left" | "right"} side @param {Row} row */
function absentCard(side, row) {
  const adopt = side === "left" && state.editing && button("采用这一条", () => adoptFinding(row.right));
  return element("div", { class: "card absent" }, `${entryOf(side)?.label}：无对应问题 `, adopt);
}

/**
 * @param {"left" | "right"} side
 * @param {Row} row
 * @param {boolean} isOpen
 * @param {Set<string>} differing names of the fields that the other side has otherwise
 * @param {Problem[]} problems
 */
function cardOf(side, row, isOpen, differing, problems) {
  const finding = row[side];
  const index = recordOf(side).findings.indexOf(finding);
  const path = `findings[${index}]`;
  const issues = issuesOf(entryOf(side), finding);
  const isForm = isOpen && side === "left" && state.editing;
  return element(
    "article",
    {
      class: isOpen ? "card open" : "card",
      tabindex: -1,
      "aria-label": `第 ${index + 1} 条，${LABELS.status[finding.status.value]}`,
      "data-finding": path,
      "data-side": side,
      onclick: (/** @type {Event} */ event) => cardClicked(event, side, finding),
    },
    cardHead(side, finding, index, isOpen, issues, problems),
    isOpen ? null : summaryOf(finding, path, differing),
    isOpen && issues.length ? issueList(issues) : null,
    isForm ? findingForm(finding, index, problems) : null,
    isOpen && !isForm ? fieldList(side, finding, path, differing, row) : null,
  );
}

/** Anywhere on a closed card opens it; buttons do what they say. */
function cardClicked(/** @type {any} */ event, /** @type {"left" | "right"} */ side, /** @type {any} */ finding) {
  if (event.target.closest("button, input, select, a, .quote") || String(window.getSelection())) return;
  if (finding[ID] !== state.finding) chooseFinding(finding[ID], side);
}

/**
 * @param {"left" | "right"} side
 * @param {any} finding
 * @param {number} index
 * @param {boolean} isOpen
 * @param {any[]} issues
 * @param {Problem[]} problems
 */
function cardHead(side, finding, index, isOpen, issues, problems) {
  const number = finding.path.length ? finding.path.join(" · ") : "无序号";
  const title = button(`${index + 1}`, () => chooseFinding(isOpen ? null : finding[ID], side), {
    class: "number",
    "aria-expanded": String(isOpen),
    "aria-label": `第 ${index + 1} 条，序号 ${number}`,
  });
  return element(
    "h2",
    { class: "card-head" },
    title,
    element("span", { class: "path" }, number),
    element("span", { class: `chip status-${finding.status.value}` }, LABELS.status[finding.status.value]),
    element("span", { class: `chip focus focus-${finding.focus}` }, LABELS.focus[finding.focus]),
    finding.stated_as === "task" && element("span", { class: "chip" }, "任务"),
    finding.deadline && element("span", { class: "chip plain" }, `时限 ${finding.deadline.value}`),
    issues.length > 0 && element("span", { class: "chip alarm" }, `疑点 ${issues.length}`),
    problems.length > 0 && element("span", { class: "chip alarm" }, `待改正 ${problems.length}`),
  );
}

/** @param {any} finding @param {string} path @param {Set<string>} differing */
function summaryOf(finding, path, differing) {
  const said = finding.statement ?? finding.rectification;
  const names = FINDING_FIELDS.filter((field) => differing.has(field.name)).map((field) => field.label);
  return element(
    "div",
    { class: "summary" },
    element("p", { class: "said", "data-path": path }, said ? said.text.slice(0, 300) : "（无反馈问题、无整改情况）"),
    names.length > 0 && element("p", { class: "differences" }, `差异：${names.join("、")}`),
  );
}

/** @param {any[]} issues */
function issueList(issues) {
  const items = issues.map((issue) => {
    const name = LABELS.issue[issue.kind] ?? issue.kind;
    const place = issue.spans[0]?.[0];
    const isShowable = place !== undefined && workspace().text;
    const show = isShowable && button("看原文", () => showPlace(place), { class: "small" });
    return element("li", {}, element("strong", {}, name), ` ${issue.message} `, show);
  });
  return element("ul", { class: "issues", "aria-label": "疑点" }, ...items);
}

/**
 * @param {"left" | "right"} side
 * @param {any} holder
 * @param {string} path
 * @param {Set<string>} differing
 * @param {Row | null} row
 * @param {FieldSpec[]} [fields]
 */
function fieldList(side, holder, path, differing, row, fields = FINDING_FIELDS) {
  const shown = fields.filter((field) => {
    if (state.filters.differing && isComparing()) return differing.has(field.name);
    return differing.has(field.name) || (isFilled(valueAt(holder, field.name)) && !IN_HEAD.has(field.name));
  });
  const items = shown.map((field) => {
    const fieldPath = path ? `${path}.${field.name}` : field.name;
    const value = valueAt(holder, field.name);
    const adopt = side === "right" && state.editing && row?.left && differing.has(field.name);
    return element(
      "div",
      { class: differing.has(field.name) ? "field differing" : "field" },
      element("dt", {}, field.label, differing.has(field.name) && element("span", { class: "flag" }, "有差异")),
      element(
        "dd",
        {},
        ...(isFilled(value) ? shownValue(field, value, fieldPath, side) : ["（无）"]),
        adopt && button("采用此值", () => adoptValue(row.left, field, value), { class: "small" }),
      ),
    );
  });
  return element("dl", { class: "fields" }, ...items);
}

/** @param {any} value */
function isFilled(value) {
  return value !== null && value !== undefined && !(Array.isArray(value) && !value.length);
}

/**
 * @param {FieldSpec} field
 * @param {any} value
 * @param {string} path
 * @param {"left" | "right"} side
 * @returns {any[]}
 */
function shownValue(field, value, path, side) {
  const show = (/** @type {any} */ item, /** @type {string} */ itemPath) => {
    return shownItem(field.item ?? field.type, item, itemPath, field, side);
  };
  if (field.type === "path") return [value.join(" · ")];
  if (field.type === "choice") return [LABELS[String(field.labels)][value] ?? value];
  if (field.type === "list") {
    const items = value.map((/** @type {any} */ item, /** @type {number} */ place) => {
      return element("li", {}, ...show(item, `${path}[${place}]`));
    });
    return [element("ol", { class: "items" }, ...items)];
  }
  return show(value, path);
}

/**
 * @param {string} type
 * @param {any} value
 * @param {string} path
 * @param {FieldSpec} field
 * @param {"left" | "right"} side
 */
function shownItem(type, value, path, field, side) {
  const quote = quoteOf(value);
  const passage = quote && passageElement(quote, quotePath(value, path), field, side);
  return [valueBadge(type, value), passage];
}

/** What a value says besides its quote. @param {string} type @param {any} value */
function valueBadge(type, value) {
  const badge = (/** @type {any} */ words, kind = "value") => element("span", { class: kind }, words);
  if (type === "date" || type === "deadline") return badge(value.value);
  if (type === "status") return badge(LABELS.status[value.value], `chip status-${value.value}`);
  if (type === "amount") return badge(yuan(value.value));
  if (type === "accountability") return badge(LABELS.accountability[value.kind]);
  if (type === "measure") return value.marker && badge(value.marker, "marker");
  if (type === "document") return badge([`《${value.title}》`, value.number].filter(Boolean).join(" "));
  return null;
}

/**
 * @param {Quote} quote
 * @param {string} path
 * @param {FieldSpec} field
 * @param {"left" | "right"} side
 */
function passageElement(quote, path, field, side) {
  const kind = path.startsWith("findings") ? field.name : headKind(field);
  const isActive = state.path === path && state.side === side;
  // the measures below say the same again, piece by piece
  const isClamped = field.name === "rectification" && !state.editing;
  const words = element(
    "span",
    {
      class: ["quote", `k-${kind}`, isActive ? "active" : isClamped && "clamped"].filter(Boolean).join(" "),
      "data-path": path,
      onclick: () => String(window.getSelection()) || choosePath(path, side),
    },
    shortened(quote.text),
  );
  const show = button("原文", () => choosePath(path, side), {
    class: "locate",
    "aria-label": `在原文中显示：${field.label}`,
  });
  return element("span", { class: "passage" }, words, workspace().text ? show : null);
}

/** A passage longer than any finding's is shown whole in the text alone. @param {string} words */
function shortened(words) {
  if (words.length <= 4000 || !workspace().text) return words;
  return `${words.slice(0, 1500)} …（略去 ${words.length - 2000} 字，见原文）… ${words.slice(-500)}`;
}
