// @ts-check
// What the notice says of itself, what is suspicious in it, and what of its text no field took.

function showOverview() {
  const sides = isComparing() ? SIDES : SIDES.slice(0, 1);
  const differing = isComparing()
    ? differingFields(recordOf("left"), recordOf("right"), HEAD_FIELDS).map((field) => field.name)
    : [];
  const parts = [
    statusCounts(),
    headDetails(sides, new Set(differing)),
    issueDetails(),
    unassignedDetails(),
    newFindingButton(),
  ];
  byId("overview").replaceChildren(...parts.filter(isShown));
}

/** How many findings there are of each status; each count is a filter too. */
function statusCounts() {
  const statuses = recordOf().findings.map((/** @type {any} */ finding) => finding.status.value);
  const counted = Object.entries(LABELS.status).map(([value, name]) => {
    const count = statuses.filter((/** @type {string} */ each) => each === value).length;
    const isSet = state.filters.status === value;
    const onclick = () => setFilter({ status: isSet ? "" : value });
    const attributes = { class: `chip status-${value}`, "aria-pressed": String(isSet), "data-key": `count-${value}` };
    return count > 0 && button(`${name} ${count}`, onclick, attributes);
  });
  return element("div", { class: "counts", role: "group", "aria-label": "各状态的条数" }, ...counted);
}

/** Which of the parts were open stays so when they are drawn again. */
const opened = { head: false, issues: true, unassigned: true };

/** @param {"head" | "issues" | "unassigned"} name @param {any} title @param {...any} children */
function details(name, title, ...children) {
  const ontoggle = (/** @type {any} */ event) => (opened[name] = event.target.open);
  return element(
    "details",
    { class: name, open: opened[name], ontoggle },
    element("summary", {}, ...title),
    ...children,
  );
}

/** @param {readonly ("left" | "right")[]} sides @param {Set<string>} differing */
function headDetails(sides, differing) {
  const title = recordOf().title?.text ?? "（无标题）";
  const flag = differing.size > 0 && element("span", { class: "flag" }, `${differing.size} 项有差异`);
  const problems = currentProblems().filter(({ path }) => !path.startsWith("findings["));
  const alarm = problems.length > 0 && element("span", { class: "chip alarm" }, `待改正 ${problems.length}`);
  const columns = sides.map((side) => {
    if (side === "left" && state.editing) return headForm(problems);
    const row = { left: recordOf("left"), right: recordOf("right") };
    return element("div", {}, fieldList(side, recordOf(side), "", differing, row, HEAD_FIELDS));
  });
  const body = element("div", { class: isComparing() ? "columns" : "" }, ...columns);
  return details(
    "head",
    [element("span", { class: "label" }, "通报信息"), ` ${title} `, flag, alarm].filter(isShown),
    body,
  );
}

/** @param {Problem[]} problems */
function headForm(problems) {
  const record = recordOf();
  const rows = HEAD_FIELDS.map((field) => fieldEditor(field, valueAt(record, field.name), field.name, problems));
  return element("div", { class: "form" }, ...rows);
}

function issueDetails() {
  const issues = (entryOf("left")?.issues ?? []).filter((issue) => issue.kind !== "unassigned_text");
  if (!issues.length) return null;
  const items = issues.map((issue) => {
    const index = indexOfFinding(recordOf(), issue.id);
    const place = issue.spans[0]?.[0];
    const go = () => {
      if (index >= 0) chooseFinding(issue.id, "left");
      if (place !== undefined) showPlace(place);
    };
    const where = index >= 0 ? `第 ${index + 1} 条` : "整篇";
    const canGo = index >= 0 || (place !== undefined && workspace().text);
    const link = canGo ? button(where, go, { class: "small" }) : where;
    return element(
      "li",
      {},
      link,
      " ",
      element("strong", {}, LABELS.issue[issue.kind] ?? issue.kind),
      ` ${issue.message}`,
    );
  });
  return details(
    "issues",
    [element("span", { class: "label" }, `疑点（${issues.length}）`)],
    element("ul", { class: "issues" }, ...items),
  );
}

function unassignedDetails() {
  const { unassigned } = recordOf();
  if (!unassigned.length) return null;
  const size = unassigned.reduce((/** @type {number} */ sum, /** @type {Quote} */ quote) => sum + quote.text.length, 0);
  const items = unassigned.map((/** @type {Quote} */ quote, /** @type {number} */ place) => {
    const field = { name: "unassigned", label: KINDS.unassigned, type: "list", item: "quote" };
    return element("li", {}, passageElement(quote, `unassigned[${place}]`, field, "left"));
  });
  const title = element("span", { class: "label" }, `未归入文字（${unassigned.length} 段，${size} 字）`);
  return details("unassigned", [title], element("ul", { class: "items" }, ...items));
}

function newFindingButton() {
  return state.editing && button("＋ 用所选文字新建一条问题", addFinding, { class: "add", "data-key": "new-finding" });
}
