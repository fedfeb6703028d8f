// @ts-check
// Corrections: each is one step that can be undone.

/**
 * Take over a changed record.
 * @param {any} record
 * @param {string} name what was done, as people call it
 */
function edit(record, name) {
  if (!state.editing) return;
  const { history } = /** @type {Entry} */ (entryOf("left"));
  history.change(record, name);
  afterEdit(name);
}

/** @param {string} message */
function afterEdit(message) {
  state.refused = [];
  if (indexOfFinding(recordOf(), state.finding) < 0 && state.side === "left") state.finding = null;
  showTop();
  showSource();
  showFilters();
  showRecords();
  showSelection();
  announce(message);
}

function undo() {
  const name = entryOf("left")?.history.undo();
  if (name) afterEdit(`已撤销：${name}`);
}

function redo() {
  const name = entryOf("left")?.history.redo();
  if (name) afterEdit(`已重做：${name}`);
}

function toggleEditing() {
  if (!isEditable()) {
    announce(SETTINGS.masked ? "姓名已遮盖，不能更正" : NO_TEXT);
    return;
  }
  state.editing = !state.editing;
  if (state.editing && state.side === "right") Object.assign(state, { side: "left", finding: null, path: "" });
  showAll();
  announce(state.editing ? "可以更正了" : "更正已结束，改动保留");
}

/** @param {number} index @param {any} finding */
function withFinding(index, finding) {
  return changed(recordOf(), `findings[${index}]`, finding);
}

/** @param {any[]} findings */
function withFindings(findings) {
  return { ...recordOf(), findings };
}

/** @param {number} index */
function splitAt(index) {
  const quote = chosenQuote();
  const { text, data } = workspace();
  if (!quote || !text) return;
  const { findings } = recordOf();
  const [start, end] = [quote.spans[0][0], quote.spans[quote.spans.length - 1][1]];
  const parts = splitFinding(findings[index], start, end, text, data.readings);
  if (!parts) {
    announce("拆不开：所选文字须在此条的反馈问题或整改情况之中，且不在开头");
    return;
  }
  state.finding = parts[1][ID];
  state.path = `findings[${index + 1}].statement`;
  state.selection = null;
  edit(withFindings(findings.toSpliced(index, 1, ...parts)), `拆分第 ${index + 1} 条`);
}

/** @param {number} index */
function mergeWithNext(index) {
  const { text, data } = workspace();
  const { findings } = recordOf();
  if (!text || index + 1 >= findings.length) return;
  const merged = mergedFindings(findings[index], findings[index + 1], text, data.readings);
  edit(withFindings(findings.toSpliced(index, 2, merged)), `合并第 ${index + 1}、${index + 2} 条`);
}

/** @param {number} index @param {number} by */
function moveFinding(index, by) {
  edit(withItemMoved(recordOf(), "findings", index, by), "移动问题");
}

/** @param {number} index */
function rereadFinding(index) {
  const { text, data } = workspace();
  if (text) edit(withFinding(index, reread(recordOf().findings[index], data.readings, text)), "重读文件与金额");
}

/** The neighbour is chosen then, so that one can go on. @param {number} index */
function deleteFinding(index) {
  const { findings } = recordOf();
  const neighbour = findings[index + 1] ?? findings[index - 1];
  state.finding = neighbour ? neighbour[ID] : null;
  state.path = "";
  edit(withFindings(findings.toSpliced(index, 1)), `删除第 ${index + 1} 条`);
}

/** A new finding whose statement is the chosen passage, under the heading of the one before it. */
function addFinding() {
  const statement = chosenQuote();
  if (!statement) return;
  const { findings } = recordOf();
  const following = findings.findIndex((/** @type {any} */ each) => startOf(each) > statement.spans[0][0]);
  const place = following < 0 ? findings.length : following;
  const { focus, focus_area, path, stated_as } = findings[place - 1] ?? findings[place] ?? emptyFinding();
  const finding = { ...emptyFinding(), focus, focus_area, path, stated_as, statement };
  state.finding = finding[ID];
  state.path = `findings[${place}].statement`;
  state.selection = null;
  edit(withFindings(findings.toSpliced(place, 0, finding)), "新建问题");
}

/** Take a finding over from the record that is compared with. @param {any} finding */
function adoptFinding(finding) {
  const { findings } = recordOf();
  const following = findings.findIndex((/** @type {any} */ each) => startOf(each) > startOf(finding));
  const place = following < 0 ? findings.length : following;
  const own = { ...finding, [ID]: Symbol("finding") };
  state.finding = own[ID];
  state.side = "left";
  edit(withFindings(findings.toSpliced(place, 0, own)), "采用一条问题");
}

/** Take a field over from the record that is compared with. @param {any} holder @param {FieldSpec} field @param {any} value */
function adoptValue(holder, field, value) {
  const index = recordOf().findings.indexOf(holder);
  const path = index < 0 ? field.name : `findings[${index}].${field.name}`;
  state.side = "left";
  edit(changed(recordOf(), path, value), `采用${field.label}`);
}

/** @param {string} path of what is wrong */
function goToProblem(path) {
  const match = /^findings\[(\d+)\]/.exec(path);
  if (match) chooseFinding(recordOf().findings[Number(match[1])]?.[ID] ?? null, "left");
  else {
    opened.head = true;
    showOverview();
  }
  const wrong = document.querySelector(match ? ".row.current .wrong" : "#overview .wrong");
  if (!wrong) return;
  bringIntoSight(byId("records"), wrong, byId("filters"));
  /** @type {HTMLElement | null} */ (wrong.querySelector("input, select, button"))?.focus();
}
