// @ts-check
// Building the page: everything that comes from a notice or a record enters it as text, never as markup.

/**
 * An element. Properties that begin with "on" are listeners, the others attributes; null, undefined and false are left
 * out, true is an attribute without a value. Children are elements or text.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {any}
 */
function element(tag, properties = {}, ...children) {
  const built = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) built.addEventListener(name.slice(2), value);
    else built.setAttribute(name, value === true ? "" : String(value));
  }
  built.append(...children.filter(isShown).map((child) => (child instanceof Node ? child : String(child))));
  return built;
}

/** @param {any} child */
function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/**
 * @param {string} label
 * @param {(event: Event) => void} onclick
 * @param {Record<string, any>} [properties]
 */
function button(label, onclick, properties = {}) {
  return element("button", { type: "button", onclick, ...properties }, label);
}

/**
 * A select with its label, which only screen readers see unless it is shown.
 * @param {string} label
 * @param {string[][]} options values and what they are called
 * @param {string | null} chosen
 * @param {(value: string) => void} onchange
 * @param {Record<string, any>} [properties]
 */
function choice(label, options, chosen, onchange, properties = {}) {
  const items = options.map(([value, name]) => element("option", { value, selected: value === chosen }, name));
  const changed = (/** @type {Event} */ event) => onchange(/** @type {HTMLSelectElement} */ (event.target).value);
  return element("select", { "aria-label": label, onchange: changed, ...properties }, ...items);
}

/** @param {string} id @returns {any} */
function byId(id) {
  return document.getElementById(id);
}

/** What a block of data holds. @param {string} id */
function readData(id) {
  return JSON.parse(byId(id).textContent);
}

/**
 * Say something to who cannot see the page, and where it is news to who can, to them too.
 * @param {string} message
 * @param {boolean} [isNews]
 */
function announce(message, isNews = true) {
  const live = byId("live");
  live.textContent = "";
  window.setTimeout(() => (live.textContent = message), 20);
  live.classList.toggle("shown", isNews);
  window.clearTimeout(announce.timer);
  announce.timer = window.setTimeout(() => live.classList.remove("shown"), 2500);
}
announce.timer = 0;

/**
 * Scroll a pane so that an element of it is in sight, and no other pane.
 * @param {Element} pane
 * @param {Element} target
 * @param {Element} [bar] what covers the top of the pane
 */
function bringIntoSight(pane, target, bar) {
  const outer = pane.getBoundingClientRect();
  const inner = target.getBoundingClientRect();
  const top = bar && getComputedStyle(bar).position === "sticky" ? outer.top + bar.clientHeight : outer.top;
  const isInside = inner.top >= top && inner.bottom <= outer.bottom;
  if (isInside) return;
  pane.scrollTop += inner.top - top - (bar ? 4 : Math.min(90, outer.height / 5));
}
