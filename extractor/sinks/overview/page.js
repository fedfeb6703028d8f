// @ts-check
// Saves pictures and tables. Without it the page says all that it says; it only has no buttons.
"use strict";

const SCALE = 2; // a saved PNG has so many dots for each of the picture's own

/** @param {Blob} content @param {string} name */
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  const said = document.getElementById("said");
  if (said) said.textContent = `已保存 ${name}`;
}

/** The picture of a figure, as shown on wide screens. @param {Element} button @returns {Blob} */
function drawing(button) {
  const picture = button.closest("figure")?.querySelector(".wide svg");
  if (!picture) throw new Error("the figure has no picture");
  const text = new XMLSerializer().serializeToString(picture);
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${text}`], { type: "image/svg+xml;charset=utf-8" });
}

/** @param {Blob} picture @returns {Promise<Blob>} */
async function painted(picture) {
  const image = new Image();
  image.src = URL.createObjectURL(picture);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * SCALE;
  canvas.height = image.height * SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

/** The table as comma-separated values that Excel opens. @param {Element} button @returns {Blob} */
function values(button) {
  const rows = [...(button.closest("details")?.querySelectorAll("tr") ?? [])];
  const lines = rows.map((row) => [...row.cells].map(value).join(","));
  return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
}

/** @param {HTMLElement} cell */
function value(cell) {
  const text = cell.dataset.value ?? cell.textContent ?? "";
  return `"${text.replaceAll('"', '""')}"`;
}

/** @param {MouseEvent} event */
async function onClick(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const { png, svg, table } = button.dataset;
  if (png) save(await painted(drawing(button)), png);
  if (svg) save(drawing(button), svg);
  if (table) save(values(button), table);
}

document.addEventListener("click", onClick);
for (const tools of document.querySelectorAll(".tools")) tools.removeAttribute("hidden");
