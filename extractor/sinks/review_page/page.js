// @ts-check
// The page itself: what is drawn when, and what keys and buttons do.

const marked = new MarkedPane(byId("text"));

function showAll() {
  showTop();
  showNotes();
  showSource();
  showFilters();
  showRecords();
  showSelection();
}

function showRecords() {
  const focused = document.activeElement?.getAttribute("data-key");
  const pane = byId("records");
  const scroll = pane.scrollTop;
  showOverview();
  showFindings();
  pane.scrollTop = scroll;
  if (focused) pane.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function showTop() {
  byId("choices").replaceChildren(...topChoices().filter(isShown));
  const { history } = /** @type {Entry} */ (entryOf("left"));
  const pressed = { "aria-pressed": String(state.editing), disabled: !isEditable() };
  const saveName = history.isSaved ? "存为 gold" : "存为 gold ●";
  byId("actions").replaceChildren(
    button("更正", toggleEditing, pressed),
    ...(state.editing
      ? [
          button("撤销", undo, { disabled: !history.past.length }),
          button("重做", redo, { disabled: !history.future.length }),
        ]
      : []),
    button(saveName, openSave, { disabled: !isEditable(), title: history.isSaved ? "" : "有未保存的更正" }),
    button("？", openHelp, { "aria-label": "使用说明" }),
  );
  document.title = `${history.isSaved ? "" : "● "}${workspace().data.name} · 整改通报核对`;
}

function topChoices() {
  const { entries, left, right } = workspace();
  const notices = SETTINGS.notices.map((/** @type {any} */ notice, /** @type {number} */ place) => {
    const edited = workspaces.get(place)?.entries.some((entry) => !entry.history.isSaved) ? "● " : "";
    return [String(place), `${edited}${notice.name}（${notice.findings} 条，疑点 ${notice.issues}）`];
  });
  const records = entries.map((entry, place) => [
    String(place),
    `${entry.label}（${entry.origin.split(/[\\/]/).pop()}）`,
  ]);
  const labels = { "data-choice": "left" };
  return [
    notices.length > 1 &&
      choice("通报", notices, String(state.notice), (value) => openNotice(Number(value)), { "data-choice": "notice" }),
    entries.length > 1 &&
      choice("左边的记录", records, String(left), (value) => setSides(Number(value), right), labels),
    entries.length > 1 &&
      choice("对比的记录", [["-1", "不对比"], ...records], String(right), (value) => setSides(left, Number(value)), {
        "data-choice": "right",
      }),
  ];
}

/** @param {number} left @param {number} right */
function setSides(left, right) {
  const same = left === right;
  Object.assign(workspace(), {
    left,
    right: same ? workspace().entries.findIndex((_, place) => place !== left) : right,
  });
  Object.assign(state, { finding: null, path: "", side: "left", refused: [] });
  drawn.clear();
  showAll();
}

/** @param {number} place */
function openNotice(place) {
  if (place < 0 || place >= SETTINGS.notices.length) return;
  Object.assign(state, {
    notice: place,
    finding: null,
    path: "",
    side: "left",
    filters: noFilters(),
    selection: null,
    refused: [],
  });
  if (!isEditable()) state.editing = false;
  showAll();
  byId("text").scrollTop = 0;
  byId("records").scrollTop = 0;
  announce(SETTINGS.notices[place].name, false);
}

function showNotes() {
  const { data, text } = workspace();
  const notes = [
    SETTINGS.masked && "受处理人员的姓名已遮盖；原文位置随之改变，因此不能更正，也不能存为 gold。",
    !text && `${NO_TEXT}${data.missing}`,
  ];
  byId("notes").replaceChildren(...notes.filter(isShown).map((note) => element("p", { class: "note" }, note)));
}

/** The text with the marks of one side. */
function showSource() {
  const { data, text } = workspace();
  document.body.classList.toggle("without-text", !text);
  document.body.classList.toggle("editing", state.editing);
  const head = [
    element("strong", {}, data.name),
    element("span", { class: "places", title: `SHA-256 ${data.sha256}` }, `${data.length.toLocaleString("zh-CN")} 字`),
    isComparing() && choice("原文中标出", sideOptions(), state.side, setSide),
    recordOf().unassigned.length > 0 && button("下一处未归入", () => nextOfKind("unassigned"), { class: "small" }),
  ];
  byId("source-head").replaceChildren(...head.filter(isShown));
  if (!text) {
    byId("text").replaceChildren();
    return;
  }
  const other = isComparing() ? recordOf(state.side === "left" ? "right" : "left") : null;
  marked.show(text, marksOf(recordOf(state.side)), other ? differencesFrom(text, marksOf(other)) : NO_DIFFERENCES);
  highlight();
}

function sideOptions() {
  return SIDES.map((side) => [side, `标出 ${entryOf(side)?.label}`]);
}

/** @param {string} side */
function setSide(side) {
  state.side = /** @type {"left" | "right"} */ (side);
  showSource();
}

function highlight() {
  return marked.highlight(indexOfFinding(recordOf(state.side), state.finding), state.path);
}

/** @param {symbol | null} id @param {"left" | "right"} [side] */
function chooseFinding(id, side = "left") {
  const record = recordOf(side);
  const index = indexOfFinding(record, id);
  const finding = record.findings[index];
  const quote = finding?.statement ?? finding?.rectification;
  const name = finding?.statement ? "statement" : "rectification";
  show(id, quote ? `findings[${index}].${name}` : "", side, false);
}

/** Show a field in the text, and in its card. @param {string} path @param {"left" | "right"} side */
function choosePath(path, side) {
  const match = /^findings\[(\d+)\]/.exec(path);
  const id = match ? recordOf(side).findings[Number(match[1])][ID] : null;
  setPane("text");
  show(id, path, side);
  announce(`已在原文中标出${labelOf(path)}`, false);
}

/**
 * @param {symbol | null} id
 * @param {string} path
 * @param {"left" | "right"} side
 * @param {boolean} [isField] whether the field itself was meant, not the finding as a whole
 */
function show(id, path, side, isField = true) {
  const sideChanges = state.side !== side;
  const findingChanges = state.finding !== id;
  Object.assign(state, { finding: id, path, side });
  if (sideChanges) showSource();
  const target = highlight();
  if (target) bringIntoSight(byId("text"), target);
  if (findingChanges) showSelection();
  showFindings();
  bringCardIntoSight(isField ? path : "", findingChanges);
}

/** @param {string} path @param {boolean} isNew whether the card was closed before */
function bringCardIntoSight(path, isNew) {
  const pane = byId("records");
  const card = pane.querySelector(".row.current");
  const active = path && pane.querySelector(`.row.current [data-path="${CSS.escape(path)}"]`);
  if (card && isNew) bringIntoSight(pane, card, byId("filters"));
  if (active) bringIntoSight(pane, active, byId("filters"));
}

/** A click on a mark shows what holds it; the next one what holds that. */
function textClicked(/** @type {any} */ event) {
  const segment = event.target.closest(".seg");
  if (!segment || !segment.place.covers.length || selectedRange()) return;
  const side = state.side;
  const owners = ownersAt(segment, indexOfFinding(recordOf(side), state.finding));
  if (!owners.length) return;
  const active = owners.findIndex((owner) => owner.path === state.path);
  const owner = owners[(active + 1) % owners.length];
  const index = owner.finding;
  setPane("records");
  if (index < 0) openPartOf(owner.path);
  show(index < 0 ? null : recordOf(side).findings[index][ID], owner.path, side);
  if (index >= 0) focusCard();
  announce(index < 0 ? labelOf(owner.path) : `第 ${index + 1} 条，${labelOf(owner.path)}`, false);
}

/** What is said of the notice stands in parts that may be closed. @param {string} path */
function openPartOf(path) {
  opened[path.startsWith("unassigned") ? "unassigned" : "head"] = true;
  state.path = path;
  showOverview();
  const found = byId("overview").querySelector(`[data-path="${CSS.escape(path)}"]`);
  if (found) bringIntoSight(byId("records"), found, byId("filters"));
}

function focusCard() {
  const card = document.querySelector(".row.current .card.open");
  if (card instanceof HTMLElement) card.focus({ preventScroll: true });
}

/** @param {number} by */
function step(by) {
  const rows = listedRows();
  const current = rows.findIndex(isCurrentRow);
  const next = rows[current < 0 ? (by > 0 ? 0 : rows.length - 1) : current + by];
  if (!next) {
    announce(by > 0 ? "已是最后一条" : "已是第一条");
    return;
  }
  const side = next.left ? "left" : "right";
  const finding = next[side];
  chooseFinding(finding[ID], side);
  focusCard();
  announce(`第 ${recordOf(side).findings.indexOf(finding) + 1} 条，${LABELS.status[finding.status.value]}`, false);
}

/** Each quote of the chosen finding in turn. */
function nextQuote() {
  const record = recordOf(state.side);
  const index = indexOfFinding(record, state.finding);
  const paths = [...quotesOf(record)].filter(({ finding }) => finding === index && index >= 0).map(({ path }) => path);
  if (paths.length) choosePath(paths[(paths.indexOf(state.path) + 1) % paths.length], state.side);
}

/** The next place of a kind behind what is in sight, or the first. @param {string} kind */
function nextOfKind(kind) {
  const found = [...byId("text").querySelectorAll(`.k-${kind}`)];
  const shown = found.findIndex((each) => each.classList.contains("visited"));
  for (const each of found) each.classList.remove("visited");
  const next = found.slice(shown + 1).find((each) => each !== found[shown]) ?? found[0];
  if (!next) {
    announce(`没有${KINDS[kind]}`);
    return;
  }
  next.classList.add("visited");
  setPane("text");
  bringIntoSight(byId("text"), next);
}

/** @param {number} place of the text */
function showPlace(place) {
  const found = marked.at(place);
  if (!found) return;
  setPane("text");
  for (const each of byId("text").querySelectorAll(".visited")) each.classList.remove("visited");
  found.classList.add("visited");
  bringIntoSight(byId("text"), found);
}
