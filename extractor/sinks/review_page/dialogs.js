// @ts-check
// Help, and saving as gold.

const KEYS = [
  ["j 或 ↓", "下一条问题"],
  ["k 或 ↑", "上一条问题"],
  ["Enter", "展开或收起，并在原文中显示"],
  ["f", "依次显示本条的各项引文"],
  ["u", "下一处未归入的文字"],
  ["i", "下一处疑点"],
  ["/", "筛选文字"],
  ["[ 和 ]", "上一份、下一份通报"],
  ["e", "开始或结束更正"],
  ["Ctrl+Z、Ctrl+Y", "撤销、重做"],
  ["Ctrl+S", "存为 gold 标注"],
  ["Esc", "取消所选文字，离开输入框"],
  ["?", "本说明"],
];

function openHelp() {
  const rows = KEYS.map(([key, meaning]) => {
    return element("tr", {}, element("th", { scope: "row" }, element("kbd", {}, key)), element("td", {}, meaning));
  });
  const kinds = Object.entries(KINDS).map(([kind, name]) => {
    return element("li", {}, element("span", { class: `seg k-${kind} starts-${kind}` }, name));
  });
  byId("help").replaceChildren(
    button("关闭", () => byId("help").close(), { class: "close" }),
    element("h2", { id: "help-title" }, "使用说明"),
    element("h3", {}, "键盘"),
    element("table", {}, element("tbody", {}, ...rows)),
    element("h3", {}, "原文中的标记"),
    element("ul", { class: "legend" }, ...kinds),
    element("h3", {}, "更正"),
    element(
      "p",
      {},
      "按 e 开始更正。在原文中选中文字，再选它是哪一项；日期、金额、文件名由程序从所选文字读出，可以改。",
    ),
    element("p", {}, "一条里混了两条：选中第二条的问题文字，再按“拆分”。改完存为 gold 标注，不合规的项目会标红。"),
  );
  byId("help").showModal();
}

/** @type {{ guideline: string, annotator: string, split: string } | null} */
let chosenHead = null;

function openSave() {
  if (!isEditable()) {
    announce(SETTINGS.masked ? "姓名已遮盖，不能更正" : NO_TEXT);
    return;
  }
  const entry = /** @type {Entry} */ (entryOf("left"));
  chosenHead = { ...(entry.head ?? { guideline: SETTINGS.guideline, annotator: "adjudicated", split: "dev" }) };
  showSave();
  byId("save").showModal();
}

function showSave() {
  const { text } = workspace();
  const problems = text ? [...checked(recordOf(), text), ...state.refused] : [];
  const action = SETTINGS.saveTo ? "保存" : "下载 JSON";
  byId("save").replaceChildren(
    element("h2", { id: "save-title" }, "存为 gold 标注"),
    headEditors(),
    problems.length ? problemList(problems) : element("p", { class: "sound" }, "各项都符合记录规范。"),
    element(
      "div",
      { class: "tools" },
      button(action, () => save(false), { class: "primary", disabled: problems.length > 0, "data-key": "do-save" }),
      button("取消", () => byId("save").close()),
    ),
  );
}

function headEditors() {
  const head = /** @type {any} */ (chosenHead);
  const set = (/** @type {string} */ name) => (/** @type {string} */ value) => (head[name] = value);
  const annotators = [
    ["adjudicated", "裁定稿 adjudicated"],
    ["a", "标注人 a"],
    ["b", "标注人 b"],
  ];
  const splits = [
    ["dev", "dev"],
    ["test", "test"],
    ["real", "real（原文不随项目发布）"],
  ];
  const version = element("input", {
    value: head.guideline,
    size: 6,
    "aria-label": "标注规范版本",
    onchange: (/** @type {any} */ event) => (head.guideline = event.target.value.trim() || SETTINGS.guideline),
  });
  const row = (/** @type {string} */ name, /** @type {Node} */ control) => {
    return element("label", { class: "value-editor" }, element("span", {}, name), control);
  };
  return element(
    "div",
    { class: "head-editors" },
    row("标注人", choice("标注人", annotators, head.annotator, set("annotator"))),
    row("用途", choice("用途", splits, head.split, set("split"))),
    row("标注规范版本", version),
  );
}

/** @param {Problem[]} problems */
function problemList(problems) {
  const items = problems.map(({ path, message }) => {
    const match = /^findings\[(\d+)\]/.exec(path);
    const place = match ? `第 ${Number(match[1]) + 1} 条 ` : "";
    const go = () => {
      byId("save").close();
      if (!state.editing) toggleEditing();
      goToProblem(path);
    };
    return element("li", {}, button(`${place}${labelOf(path) || path}`, go), `：${message}`);
  });
  return element(
    "div",
    { class: "problems", role: "alert" },
    element("p", {}, `有 ${problems.length} 处不合规，改正后才能保存：`),
    element("ul", {}, ...items),
  );
}

/** @param {boolean} overwrite whether an annotation may go that was there before */
async function save(overwrite) {
  const { data, text } = workspace();
  const history = /** @type {Entry} */ (entryOf("left")).history;
  const record = history.record;
  const annotation = annotationOf(data, /** @type {any} */ (chosenHead), record, /** @type {NoticeText} */ (text));
  const name = SETTINGS.saveTo ? await send(annotation, overwrite) : download(annotation);
  if (!name) return;
  history.saved = record;
  byId("save").close();
  showTop();
  announce(`已存为 ${name}`);
}

/** @param {any} annotation */
function download(annotation) {
  const name = `${annotation.source.name.replace(/\.[^.]*$/, "") || "notice"}.json`;
  const file = new Blob([`${annotationJson(annotation)}\n`], { type: "application/json" });
  const address = URL.createObjectURL(file);
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return name;
}

/** @param {any} annotation @param {boolean} overwrite @returns {Promise<string | null>} */
async function send(annotation, overwrite) {
  let response;
  let answer;
  try {
    response = await fetch(SETTINGS.saveTo, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ annotation, overwrite }),
    });
    answer = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
  } catch {
    announce("没有保存：服务没有应答，是否已停止？");
    return null;
  }
  if (response.ok) return answer.file;
  if (response.status === 409) {
    if (window.confirm(`${answer.file} 已经存在，要覆盖吗？`)) await save(true);
    return null;
  }
  state.refused = (answer.problems ?? [["", `服务拒绝了请求（${response.status}）`]]).map(
    (/** @type {string[]} */ [path, message]) => ({ path: path.replace(/^record\./, ""), message }),
  );
  showSave();
  showFindings();
  return null;
}
