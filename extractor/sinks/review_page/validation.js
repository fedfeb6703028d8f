// @ts-check
// Whether a record is what the contract asks for: every field that is not, with what is wrong with it.

/** @typedef {{ path: string, message: string }} Problem */

const DATE = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?$/;

/**
 * @param {any} record
 * @param {NoticeText} text
 * @returns {Problem[]}
 */
function problemsOf(record, text) {
  /** @type {Problem[]} */
  const problems = [];
  const report = (/** @type {string} */ path, /** @type {string} */ message) => problems.push({ path, message });
  for (const { kind, path, quote } of quotesOf(record)) {
    const message = kind === "unassigned" ? "" : spanProblem(quote.spans, text);
    if (message) report(path, message);
  }
  for (const field of HEAD_FIELDS) checkValue(field, valueAt(record, field.name), field.name, report);
  record.findings.forEach((/** @type {any} */ finding, /** @type {number} */ index) => {
    const path = `findings[${index}]`;
    for (const field of FINDING_FIELDS) checkValue(field, finding[field.name], `${path}.${field.name}`, report);
    checkFinding(finding, path, report);
  });
  return problems;
}

/** @param {number[][]} spans @param {NoticeText} text */
function spanProblem(spans, text) {
  const isRange = (/** @type {number[]} */ [start, end]) =>
    Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end;
  if (!spans.length || !spans.every(isRange)) return "起止位置须为整数，且起小于止";
  if (spans.some(([, end]) => end > text.length)) return `超出原文（共 ${text.length} 字）`;
  const ordered = [...spans].sort((left, right) => left[0] - right[0]);
  if (ordered.some(([start], place) => place && ordered[place - 1][1] > start)) return "各段位置互相重叠";
  return spans.some(([start, end]) => !isIgnored(text, start, end)) ? "" : "所选只有空白";
}

/**
 * @param {FieldSpec} field
 * @param {any} value
 * @param {string} path
 * @param {(path: string, message: string) => void} report
 */
function checkValue(field, value, path, report) {
  const items = field.type === "list" ? value : [value];
  items.forEach((/** @type {any} */ item, /** @type {number} */ place) => {
    const message = valueProblem(field.type === "list" ? String(field.item) : field.type, item);
    if (message) report(field.type === "list" ? `${path}[${place}]` : path, message);
  });
}

/** What is wrong with a value; empty where nothing is. @param {string} type @param {any} value */
function valueProblem(type, value) {
  if (value === null) return "";
  if (type === "date") return dateProblem(value.value, false);
  if (type === "deadline") return dateProblem(value.value, true);
  if (type === "amount") return Number.isFinite(value.value) ? "" : "金额须为数字（元）";
  if (type === "document") return documentProblem(value);
  if (type === "path") return value.every(Boolean) ? "" : "序号不能有空的一级";
  if (type === "measure") return value.marker === "" ? "序号标记不能为空" : "";
  return "";
}

/** @param {string} value @param {boolean} isDay whether only a whole day will do */
function dateProblem(value, isDay) {
  const match = DATE.exec(value);
  if (!match || (isDay && !match[3])) return isDay ? "须为年-月-日，如 2023-12-31" : "须为 2023、2023-04 或 2023-04-27";
  const [, year, month, day] = match.map(Number);
  const exists = !match[3] || new Date(Date.UTC(year, month, 0)).getUTCDate() >= day;
  return exists && year > 0 ? "" : "没有这一天";
}

/** @param {any} value */
function documentProblem(value) {
  if (!value.title || placeOfTitle(value) < 0) return "文件名须为引文中的文字";
  return value.number !== null && (!value.number || placeOfNumber(value) < 0) ? "文号须为引文中文件名以外的文字" : "";
}

/**
 * What concerns several fields of a finding.
 * @param {any} finding
 * @param {string} path
 * @param {(path: string, message: string) => void} report
 */
function checkFinding(finding, path, report) {
  if (!finding.statement && !finding.rectification) report(`${path}.statement`, "反馈问题与整改情况至少要有一项");
  const isStated = finding.status.value !== "not_stated";
  if (isStated && !finding.status.quote) report(`${path}.status`, "状态须有原文依据；没有依据则为“未说明”");
  if (!isStated && finding.status.quote) report(`${path}.status`, "有依据就要选定状态，否则清除依据");
  const titles = finding.documents.map((/** @type {any} */ each) => each.title);
  titles.forEach((/** @type {string} */ title, /** @type {number} */ place) => {
    if (titles.indexOf(title) < place) report(`${path}.documents[${place}]`, "同一文件每条问题只列一次");
  });
}
