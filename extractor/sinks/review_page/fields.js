// @ts-check
// The fields of a record: where they stand, what they are called, and what kind of value they hold.

/**
 * @typedef {{ text: string, spans: number[][] }} Quote
 * @typedef {{ name: string, label: string, type: string, item?: string, labels?: string }} FieldSpec
 * @typedef {{ kind: string, spans: number[][], text: string, owners: { path: string, finding: number }[] }} Mark
 */

/** Identifies a finding through all its edits; not part of what is saved. */
const ID = Symbol("id");

/** @type {FieldSpec[]} */
const HEAD_FIELDS = [
  { name: "title", label: "标题", type: "quote" },
  { name: "issuer", label: "发布单位", type: "quote" },
  { name: "inspection.kind", label: "巡视巡察", type: "choice", labels: "inspection" },
  { name: "inspection.authority", label: "派出党委", type: "quote" },
  { name: "inspection.team", label: "巡视巡察组", type: "quote" },
  { name: "inspection.round", label: "轮次", type: "quote" },
  { name: "inspection.started", label: "进驻日期", type: "date" },
  { name: "inspection.ended", label: "结束日期", type: "date" },
  { name: "inspection.feedback_on", label: "反馈日期", type: "date" },
  { name: "issued_on", label: "落款日期", type: "date" },
  { name: "published_on", label: "发布日期", type: "date" },
  { name: "disclosure.start", label: "公开起始", type: "date" },
  { name: "disclosure.end", label: "公开截止", type: "date" },
  { name: "contact.phones", label: "联系电话", type: "list", item: "quote" },
  { name: "contact.emails", label: "电子邮箱", type: "list", item: "quote" },
  { name: "contact.postal_address", label: "通信地址", type: "quote" },
  { name: "contact.postal_code", label: "邮政编码", type: "quote" },
  { name: "next_steps", label: "下一步工作", type: "list", item: "quote" },
];

/** @type {FieldSpec[]} */
const FINDING_FIELDS = [
  { name: "path", label: "序号", type: "path" },
  { name: "focus", label: "聚焦类别", type: "choice", labels: "focus" },
  { name: "focus_area", label: "聚焦方面", type: "quote" },
  { name: "topic", label: "主题", type: "quote" },
  { name: "stated_as", label: "表述方式", type: "choice", labels: "stated_as" },
  { name: "statement", label: "反馈问题", type: "quote" },
  { name: "rectification", label: "整改情况", type: "quote" },
  { name: "status", label: "整改状态", type: "status", labels: "status" },
  { name: "deadline", label: "完成时限", type: "deadline" },
  { name: "measures", label: "整改措施", type: "list", item: "measure" },
  { name: "remaining", label: "遗留问题", type: "quote" },
  { name: "follow_up", label: "后续整改", type: "quote" },
  { name: "documents", label: "制度文件", type: "list", item: "document" },
  { name: "amounts", label: "涉及金额", type: "list", item: "amount" },
  { name: "responsible", label: "责任单位", type: "list", item: "quote" },
  { name: "accountability", label: "问责情况", type: "list", item: "accountability" },
];

/** Names of marks in the text: the kind of a quote, and what it is called. */
const KINDS = /** @type {Record<string, string>} */ ({
  focus_area: "聚焦方面",
  topic: "主题",
  statement: "反馈问题",
  rectification: "整改情况",
  measures: "整改措施",
  status: "整改状态",
  deadline: "完成时限",
  remaining: "遗留问题",
  follow_up: "后续整改",
  documents: "制度文件",
  amounts: "涉及金额",
  responsible: "责任单位",
  accountability: "问责情况",
  title: "标题",
  issuer: "发布单位",
  inspection: "巡视巡察",
  date: "日期",
  contact: "联系方式",
  next_steps: "下一步工作",
  unassigned: "未归入文字",
  issue: "疑点",
});

/** What the values of choices are called. @type {Record<string, Record<string, string>>} */
const LABELS = {
  ...readData("settings").labels,
  inspection: { 巡视: "巡视", 巡察: "巡察" },
  stated_as: { problem: "问题", task: "任务" },
};

/** The steps of a path such as findings[3].status.quote. @param {string} path */
function stepsOf(path) {
  return (path.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** What a record holds at a path; undefined where the path leads nowhere. @param {any} record @param {string} path */
function valueAt(record, path) {
  return stepsOf(path).reduce((value, step) => value?.[step], record);
}

/** The quote that a value is, or rests on. @param {any} value @returns {Quote | null} */
function quoteOf(value) {
  if (!value) return null;
  return value.spans ? value : (value.quote ?? null);
}

/** The path of the quote of a value. @param {any} value @param {string} path */
function quotePath(value, path) {
  return value?.spans ? path : `${path}.quote`;
}

/** @param {FieldSpec} field */
function headKind(field) {
  if (field.type === "date") return "date";
  return field.name.split(".")[0];
}

/**
 * Every quote of a record with its kind and its path, those of the notice first.
 * @param {any} record
 * @returns {Generator<{ kind: string, path: string, finding: number, quote: Quote }>}
 */
function* quotesOf(record) {
  for (const field of HEAD_FIELDS) {
    yield* quotesIn(valueAt(record, field.name), headKind(field), field.name, -1);
  }
  for (const [index, finding] of record.findings.entries()) {
    for (const { name } of FINDING_FIELDS) {
      yield* quotesIn(finding[name], name, `findings[${index}].${name}`, index);
    }
  }
  yield* quotesIn(record.unassigned, "unassigned", "unassigned", -1);
}

/**
 * @param {any} value
 * @param {string} kind
 * @param {string} path
 * @param {number} finding
 * @returns {Generator<{ kind: string, path: string, finding: number, quote: Quote }>}
 */
function* quotesIn(value, kind, path, finding) {
  if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) yield* quotesIn(item, kind, `${path}[${place}]`, finding);
    return;
  }
  const quote = typeof value === "object" ? quoteOf(value) : null;
  if (quote) yield { kind, path: quotePath(value, path), finding, quote };
}

/** The name of a field of a record by its path, as people call it. @param {string} path */
function labelOf(path) {
  const match = /^findings\[\d+\]\.?([a-z_]*)/.exec(path);
  const fields = match ? FINDING_FIELDS : HEAD_FIELDS;
  const name = match ? match[1] : path;
  const field = fields.find((each) => name === each.name || (!match && name.startsWith(each.name)));
  if (field) return field.label;
  return path.startsWith("unassigned") ? KINDS.unassigned : "";
}

/** Sums as people read them: 374400元 as 37.44万元. @param {number} value */
function yuan(value) {
  const format = (/** @type {number} */ number) => number.toLocaleString("zh-CN", { maximumFractionDigits: 4 });
  if (Math.abs(value) >= 1e8) return `${format(value / 1e8)}亿元`;
  return Math.abs(value) >= 1e4 ? `${format(value / 1e4)}万元` : `${format(value)}元`;
}
