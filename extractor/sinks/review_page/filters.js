// @ts-check
// Which findings are listed.

/** @typedef {{ status: string, focus: string, issue: string, words: string, differing: boolean }} Filters */

/** @returns {Filters} */
function noFilters() {
  return { status: "", focus: "", issue: "", words: "", differing: false };
}

/** @param {Row} row */
function isListed(row) {
  const { status, focus, issue, words, differing } = state.filters;
  if (differing && isComparing() && !rowDiffers(row)) return false;
  return [
    ["left", row.left],
    ["right", row.right],
  ].some(([side, finding]) => {
    if (!finding) return false;
    if (status && finding.status.value !== status) return false;
    if (focus && finding.focus !== focus) return false;
    if (issue && !hasIssue(/** @type {any} */ (side), finding, issue)) return false;
    return !words || wordsOf(finding).includes(words.toLowerCase());
  });
}

/** @param {"left" | "right"} side @param {any} finding @param {string} kind */
function hasIssue(side, finding, kind) {
  return issuesOf(entryOf(side), finding).some((issue) => kind === "any" || issue.kind === kind);
}

/** @param {Row} row */
function rowDiffers(row) {
  return !row.left || !row.right || differingFields(row.left, row.right, FINDING_FIELDS).length > 0;
}

/** @type {WeakMap<any, string>} */
const knownWords = new WeakMap();

/** All that a finding says. @param {any} finding @returns {string} */
function wordsOf(finding) {
  if (!knownWords.has(finding)) knownWords.set(finding, readWords(finding));
  return /** @type {string} */ (knownWords.get(finding));
}

/** @param {any} finding */
function readWords(finding) {
  const quotes = [];
  for (const { name } of FINDING_FIELDS) {
    for (const { quote } of quotesIn(finding[name], name, name, 0)) quotes.push(quote.text);
  }
  return `${finding.path.join("/")} ${quotes.join(" ")}`.toLowerCase();
}

function listedRows() {
  return allRows().filter(isListed);
}

/** The bar of filters, with how many findings each of them would leave. */
function showFilters() {
  const findings = recordOf().findings;
  const counted = (
    /** @type {string} */ name,
    /** @type {any} */ labels,
    /** @type {(each: any) => string} */ value,
  ) => {
    const options = Object.keys(labels).map((key) => {
      const count = findings.filter((/** @type {any} */ each) => value(each) === key).length;
      return /** @type {[string, string, number]} */ ([key, `${labels[key]}（${count}）`, count]);
    });
    return [["", name], ...options.filter(([key, , count]) => count || key === state.filters.status)];
  };
  const statuses = counted("全部状态", LABELS.status, (each) => each.status.value);
  const focuses = counted("全部聚焦", LABELS.focus, (each) => each.focus);
  const shown = [
    searchBox(),
    filterChoice("按状态筛选", "status", statuses),
    filterChoice("按聚焦筛选", "focus", focuses),
    filterChoice("按疑点筛选", "issue", issueOptions()),
    isComparing() && differingToggle(),
    element("span", { class: "count", id: "count" }),
  ];
  const focused = document.activeElement?.getAttribute("data-filter");
  byId("filters").replaceChildren(...shown.filter(isShown));
  if (focused) byId("filters").querySelector(`[data-filter="${focused}"]`)?.focus();
}

/** @param {string} label @param {"status" | "focus" | "issue"} name @param {any[]} options */
function filterChoice(label, name, options) {
  const chosen = state.filters[name];
  const onchange = (/** @type {string} */ value) => setFilter({ [name]: value });
  return choice(label, options, chosen, onchange, { "data-filter": name, class: chosen ? "set" : "" });
}

function issueOptions() {
  const kinds = new Map();
  for (const issue of entryOf("left")?.issues ?? []) {
    if (issue.id) kinds.set(issue.kind, (kinds.get(issue.kind) ?? 0) + 1);
  }
  const total = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  const options = [...kinds].map(([kind, count]) => [kind, `${LABELS.issue[kind] ?? kind}（${count}）`]);
  return [["", "有无疑点"], ...(total ? [["any", `有疑点（${total}）`]] : []), ...options];
}

function searchBox() {
  return element("input", {
    type: "search",
    "data-filter": "words",
    "aria-label": "筛选含有这些字的问题",
    placeholder: "筛选文字（按 /）",
    value: state.filters.words,
    oninput: (/** @type {any} */ event) => setFilter({ words: event.target.value.trim() }, false),
  });
}

function differingToggle() {
  const pressed = state.filters.differing;
  const onclick = () => setFilter({ differing: !pressed });
  return button("仅看差异", onclick, { "aria-pressed": String(pressed), "data-filter": "differing" });
}

/** @param {Partial<Filters>} changes @param {boolean} [redraw] whether the bar itself changes */
function setFilter(changes, redraw = true) {
  Object.assign(state.filters, changes);
  if (redraw) {
    showFilters();
    showOverview();
  }
  showFindings();
}
