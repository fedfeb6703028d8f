// @ts-check
// Keys, clicks, and the start of the page.

const MODIFIED = {
  z: (/** @type {KeyboardEvent} */ event) => (event.shiftKey ? redo() : undo()),
  y: () => redo(),
  s: () => openSave(),
};

const PLAIN = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  f: () => nextQuote(),
  u: () => nextOfKind("unassigned"),
  i: () => nextOfKind("issue"),
  "/": () => focusSearch(),
  "[": () => openNotice(state.notice - 1),
  "]": () => openNotice(state.notice + 1),
  e: () => toggleEditing(),
  "?": () => openHelp(),
};

function focusSearch() {
  setPane("records");
  byId("filters").querySelector("input")?.focus();
}

/** @param {KeyboardEvent} event */
function keyPressed(event) {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  const target = /** @type {HTMLElement} */ (event.target);
  const isTyping = Boolean(target.closest("input, select, textarea"));
  if (event.key === "Escape") {
    cancel(target, isTyping);
    return;
  }
  if (event.ctrlKey || event.metaKey) {
    const action = MODIFIED[/** @type {keyof typeof MODIFIED} */ (event.key.toLowerCase())];
    // while typing, undo is the input's own
    if (action && !(isTyping && event.key.toLowerCase() !== "s")) run(event, action);
    return;
  }
  if (isTyping || event.altKey) return;
  const scrolls = event.key.startsWith("Arrow") && target.closest("#text");
  const action = PLAIN[/** @type {keyof typeof PLAIN} */ (event.key)];
  if (action && !scrolls) run(event, action);
  else if (event.key === "Enter" && target.matches(".card")) run(event, () => toggleCard(target));
}

/** @param {KeyboardEvent} event @param {(event: KeyboardEvent) => void} action */
function run(event, action) {
  event.preventDefault();
  action(event);
}

/** @param {HTMLElement} target @param {boolean} isTyping */
function cancel(target, isTyping) {
  if (isTyping) target.blur();
  else if (state.selection) dropSelection();
}

/** @param {HTMLElement} card */
function toggleCard(card) {
  const side = /** @type {"left" | "right"} */ (card.dataset.side);
  const path = /** @type {string} */ (card.dataset.finding);
  const id = valueAt(recordOf(side), path)[ID];
  chooseFinding(id === state.finding ? null : id, side);
  focusCard();
}

/** Which pane is shown where there is room for one only. @param {"text" | "records"} name */
function setPane(name) {
  document.body.dataset.pane = name;
  for (const each of byId("panes").querySelectorAll("button")) {
    each.setAttribute("aria-pressed", String(each.dataset.pane === name));
  }
}

/** @param {"text" | "records"} name */
function paneChosen(name) {
  setPane(name);
  const target = document.querySelector(name === "text" ? "#text .active, #text .current" : ".row.current");
  if (target) bringIntoSight(byId(name), target);
}

function start() {
  const pane = (/** @type {string} */ label, /** @type {"text" | "records"} */ name) => {
    return button(label, () => paneChosen(name), { "data-pane": name });
  };
  byId("panes").replaceChildren(pane("原文", "text"), pane("记录", "records"));
  byId("steps").replaceChildren(
    button("‹ 上一条", () => step(-1)),
    button("下一条 ›", () => step(1)),
  );
  byId("text").addEventListener("click", textClicked);
  document.addEventListener("selectionchange", selectionChanged);
  document.addEventListener("keydown", keyPressed);
  window.addEventListener("beforeunload", (event) => {
    if (hasUnsaved()) event.preventDefault();
  });
  setPane("records");
  showAll();
}

start();
