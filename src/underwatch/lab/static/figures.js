// A picture that can be printed alone: the finding as its title, one chart, its source, a table of the
// numbers, and the downloads of both.

import { calm, el, onWidth, put, say, svg } from "./dom.js";
import { t } from "./texts.js";

const KEPT = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linejoin",
  "opacity", "font-size", "font-weight", "font-variant-numeric", "paint-order",
];
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif";

/**
 * A figure.
 *
 * draw(width): the chart as an SVG element, or null while there is none. table(): {head, rows}.
 * Both are called again by `redraw`. Returns {node, redraw, entitle}.
 */
export function figure({ name, title = "", subtitle = "", source = "", draw, table, notes = [] }) {
  const heading = el("h3", { class: "figure-title" }, title);
  const below = el("p", { class: "figure-subtitle" }, subtitle);
  const place = el("div", { class: "figure-chart" });
  const key = el("ol", { class: "figure-key" });
  const from = el("p", { class: "figure-source" }, source);
  const numbers = el("details", { class: "figure-table" }, el("summary", {}, t("figure.table")), el("div", { class: "scroll" }));
  const save = (format, label) => el("button", { type: "button", class: "link", onclick: () => download(format) }, label);
  const downloads = el(
    "p", { class: "figure-downloads" }, `${t("figure.download")} `,
    save("svg", "SVG"), " ", save("png", "PNG"), " ", save("csv", "CSV"),
  );
  const node = el("figure", { class: "figure" }, heading, below, place, key, el("figcaption", {}, from), numbers, downloads);
  let width = 0;
  let held = "";

  function redraw() {
    if (!width) return;
    const chart = draw(width);
    if (chart) put(place, chart);
    const made = table ? table() : null;
    numbers.hidden = !made || !made.rows.length;
    downloads.hidden = !chart;
    const text = JSON.stringify(made ?? null);
    if (made && text !== held) {
      held = text;
      put(numbers.lastElementChild, tableOf(made));
    }
  }
  function entitle(values) {
    if (values.title !== undefined) say(heading, tied(values.title));
    if (values.subtitle !== undefined) say(below, tied(values.subtitle));
    if (values.source !== undefined) say(from, values.source);
    if (values.notes) put(key, values.notes.map((note) => el("li", {}, note)));
    key.hidden = !key.children.length;
  }
  async function download(format) {
    const chart = place.querySelector("svg");
    const file = `${name}.${format}`;
    if (format === "csv") return offered(csvOf(table(), [heading.textContent, from.textContent]), "text/csv", file);
    const text = standalone(chart, heading.textContent, below.textContent, from.textContent, [...key.children].map((note) => note.textContent));
    if (format === "svg") return offered(text, "image/svg+xml", file);
    return offered(await rasterised(text), "image/png", file);
  }
  entitle({ notes });
  onWidth(place, (found) => {
    width = found;
    redraw();
  });
  return { node, redraw, entitle };
}

/** A text in which no line ends between a number and its sign of a percentage. */
const tied = (text) => text.replaceAll(" %", "\u00a0%");

/** A table of texts; numbers are given as texts, too. */
export function tableOf({ head, rows, caption }) {
  return el(
    "table", {}, caption ? el("caption", {}, caption) : null,
    el("thead", {}, el("tr", {}, head.map((name, k) => el("th", { scope: "col", class: k ? "number" : null }, name)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, k) => (k ? el("td", { class: "number" }, cell) : el("th", { scope: "row" }, cell)))))),
  );
}

function csvOf({ head, rows }, comments) {
  const quoted = (cell) => {
    const text = String(cell).replaceAll("\u00a0", " ");
    const safe = /^[=+@\t\r]/.test(text) || (/^-/.test(text) && Number.isNaN(Number(text.replaceAll(",", "")))) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const plain = (cell) => (/^[-\u2212]?[\d,]+(\.\d+)?$/.test(String(cell)) ? String(cell).replaceAll(",", "").replace("\u2212", "-") : cell);
  const lines = comments.map((text) => `# ${text.replaceAll("\u00a0", " ")}`);
  return [...lines, [head, ...rows].map((row) => row.map((cell) => quoted(plain(cell))).join(",")).join("\n")].join("\n") + "\n";
}

/** The chart with its title and source as a file of its own, black on white. */
function standalone(chart, title, subtitle, source, notes) {
  const { width, height } = chart.viewBox.baseVal;
  const copy = chart.cloneNode(true);
  const holder = el("div", { class: "on-paper", "aria-hidden": "true" }, copy);
  document.body.append(holder);
  const nodes = [copy, ...copy.querySelectorAll("*")];
  for (const node of nodes) {
    const style = getComputedStyle(node);
    for (const property of KEPT) {
      const value = style.getPropertyValue(property);
      if (value && value !== "none 0px") node.setAttribute(property, value);
    }
    if (node.tagName === "text") node.setAttribute("font-family", FONT);
  }
  holder.remove();
  for (const node of nodes) node.removeAttribute("class");
  const wide = Math.max(width, 480);
  const heads = wrapped(title, wide, 22);
  const subs = wrapped(subtitle, wide, 14);
  const feet = [...notes.flatMap((note, k) => wrapped(`(${k + 1}) ${note}`, wide, 12)), ...wrapped(source, wide, 12)];
  const top = 16 + heads.length * 26 + subs.length * 20 + 8;
  const total = top + height + 14 + feet.length * 17 + 12;
  const text = (line, y, size, weight, fill) =>
    svg("text", { x: 16, y, "font-family": FONT, "font-size": size, "font-weight": weight, fill }, line);
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${wide + 32} ${total}`, width: wide + 32, height: total });
  whole.append(svg("title", {}, title), svg("rect", { width: wide + 32, height: total, fill: "#ffffff" }));
  heads.forEach((line, k) => whole.append(text(line, 34 + 26 * k, 20, 700, "#1b1e21")));
  subs.forEach((line, k) => whole.append(text(line, 32 + heads.length * 26 + 20 * k, 14, 400, "#565c63")));
  copy.setAttribute("x", 16);
  copy.setAttribute("y", top);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  whole.append(copy);
  feet.forEach((line, k) => whole.append(text(line, top + height + 22 + 17 * k, 12, 400, "#565c63")));
  return new XMLSerializer().serializeToString(whole);
}

function wrapped(text, width, size) {
  const most = Math.floor(width / (0.52 * size));
  const lines = [];
  for (const word of text.split(/[ \n]+/).filter(Boolean)) {
    if (lines.length && lines.at(-1).length + word.length < most) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

async function rasterised(text) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = el("canvas", { width: image.width * 2, height: image.height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function offered(content, type, file) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = el("a", { href: URL.createObjectURL(blob), download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Copy a text; whether it worked is said in `status`, with advice where it did not. */
export async function copy(text, status, advice = t("figure.not_copied")) {
  try {
    await navigator.clipboard.writeText(text);
    say(status, t("figure.copied"));
  } catch {
    say(status, advice);
  }
  setTimeout(() => say(status, ""), 4000);
}

/** Scroll to an element, gently unless the reader asked for less motion. */
export function bring(node) {
  node.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
}
