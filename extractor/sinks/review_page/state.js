// @ts-check
// What the page shows at the moment, and the records with all that was changed in them.

const SETTINGS = readData("settings");
const NO_TEXT = "原文未找到，只显示引文，不能更正。";

/**
 * @typedef {{ label: string, origin: string, head: any, history: Edits, issues: any[] }} Entry
 * @typedef {{ data: any, text: NoticeText | null, entries: Entry[], left: number, right: number }} Workspace
 */

/**
 * @type {{ notice: number, finding: symbol | null, path: string, editing: boolean, side: "left" | "right",
 *   filters: Filters, selection: number[] | null, refused: Problem[] }}
 */
const state = {
  notice: 0,
  finding: null,
  path: "",
  editing: false,
  side: "left",
  filters: noFilters(),
  selection: null,
  refused: [],
};

/** @type {Map<number, Workspace>} */
const workspaces = new Map();

/** The notice that is shown; read from its block of data when it is first needed. @returns {Workspace} */
function workspace() {
  if (!workspaces.has(state.notice)) workspaces.set(state.notice, workspaceOf(readData(`notice-${state.notice}`)));
  return /** @type {Workspace} */ (workspaces.get(state.notice));
}

/** @param {any} data @returns {Workspace} */
function workspaceOf(data) {
  const entries = data.records.map((/** @type {any} */ { label, origin, head, record }) => {
    const whole = identified(record);
    const issues = whole.issues.map((/** @type {any} */ issue) => {
      return { ...issue, id: issue.finding === null ? null : (whole.findings[issue.finding]?.[ID] ?? null) };
    });
    return { label, origin, head, issues, history: new Edits(whole) };
  });
  const text = data.text === null ? null : new NoticeText(data.text);
  return { data, text, entries, left: 0, right: entries.length > 1 ? 1 : -1 };
}

/** The record that is worked on, or the one it is compared with. @param {"left" | "right"} side @returns {Entry | null} */
function entryOf(side) {
  const { entries, left, right } = workspace();
  return entries[side === "left" ? left : right] ?? null;
}

/** @param {"left" | "right"} [side] @returns {any} */
function recordOf(side = "left") {
  return entryOf(side)?.history.record ?? null;
}

function isComparing() {
  return workspace().right >= 0;
}

/** Whether the record that is worked on can be corrected at all. */
function isEditable() {
  return workspace().text !== null && !SETTINGS.masked;
}

/** The place of a finding in a record; -1 where it is not there. @param {any} record @param {symbol | null} id */
function indexOfFinding(record, id) {
  return id === null ? -1 : record.findings.findIndex((/** @type {any} */ each) => each[ID] === id);
}

/** @param {Entry | null} entry @param {any} finding */
function issuesOf(entry, finding) {
  return entry ? entry.issues.filter((issue) => issue.id === finding[ID]) : [];
}

/**
 * What a function gives for these records, worked out again only where one of them has changed.
 * @template T
 * @param {(...records: any[]) => T} work
 * @returns {(...records: any[]) => T}
 */
function remembered(work) {
  /** @type {any[]} */
  let known = [];
  /** @type {any} */
  let result;
  return (...records) => {
    if (!known.length || records.some((record, place) => record !== known[place])) result = work(...records);
    known = records;
    return result;
  };
}

const rowsOf = remembered((left, right) => {
  if (right) return alignedFindings(left.findings, right.findings);
  return left.findings.map((/** @type {any} */ finding) => ({ left: finding, right: null }));
});

const checked = remembered((record, text) => problemsOf(record, text));

/** The findings of both sides, row by row, whether a filter hides them or not. @returns {{ left: any, right: any }[]} */
function allRows() {
  return rowsOf(recordOf("left"), recordOf("right"));
}

function hasUnsaved() {
  return [...workspaces.values()].some(({ entries }) => entries.some((entry) => !entry.history.isSaved));
}

/** What is wrong with the record that is worked on, and what its server said of it. @returns {Problem[]} */
function currentProblems() {
  const { text } = workspace();
  return text && state.editing ? [...checked(recordOf(), text), ...state.refused] : [];
}
