// The map of the invented nation: one hexagon for each neighbourhood, on a canvas.
//
// One canvas holds one world. Colours come from a scale of 64 steps, so that a day is drawn by
// filling at most 64 paths. The canvas is one stop for the keyboard: arrows move from neighbourhood
// to neighbourhood, Enter picks; what is reached is spoken, and a table has every number.

import { calm, colour, el, onTheme, onWidth, say } from "./dom.js";
import { number, onScale } from "./format.js";
import { t } from "./texts.js";

const STEPS = 64;
/** Adults below which a neighbourhood is not compared with others. */
export const FEWEST = 100;
const ROOT3 = Math.sqrt(3);
const SCALES = {
  harm: { light: ["#f4efe9", "#fbd3a8", "#f39b55", "#cf5a0a", "#7d2a00", "#3d1200"], dark: ["#262b30", "#5c3418", "#a8511a", "#ec8431", "#ffbd7a", "#fff1dc"] },
  good: { light: ["#eef2f4", "#b9dcec", "#6cb4dc", "#1f7fbd", "#0a4a7d", "#04233f"], dark: ["#242a2f", "#16405f", "#1b6ba0", "#4ba6dc", "#9ad6f5", "#eef9ff"] },
};

const channels = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));

/** The colours of a scale, from low to high, in the theme of the page. */
export function scaleColours(kind) {
  const stops = SCALES[kind][matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"].map(channels);
  return Array.from({ length: STEPS }, (_, k) => {
    const at = (k / (STEPS - 1)) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(at));
    const mixed = stops[low].map((a, c) => Math.round(a + (stops[low + 1][c] - a) * (at - low)));
    return `rgb(${mixed.join(" ")})`;
  });
}

/** The step of a value on a scale from `low` to `high`. */
const stepOf = (value, low, high) =>
  Math.max(0, Math.min(STEPS - 1, Math.round(((value - low) / (high - low || 1)) * (STEPS - 1))));

/**
 * One world on a canvas.
 *
 * picked(id): called when a neighbourhood is chosen; moved(id or null): when one is pointed at.
 * Returns {node, layout(hexes), show(values), scale({low, high, kind, unit}), select(id)}.
 */
export function worldMap({ name, picked = () => {}, moved = () => {} }) {
  const canvas = el("canvas", { class: "map-canvas", role: "img", tabindex: "0", "aria-label": name, "aria-describedby": "map-keys" });
  const spoken = el("p", { class: "visually-hidden", "aria-live": "polite" });
  const tip = el("p", { class: "map-tip", "aria-hidden": "true" });
  tip.hidden = true;
  const node = el("div", { class: "map" }, canvas, tip, spoken);
  let hexes = [];
  let values = null;
  let limits = { low: 0, high: 1, kind: "harm", unit: "" };
  let colours = scaleColours("harm");
  let width = 0;
  let shape = { size: 4, left: 0, top: 0 };
  let focused = null;
  let selected = null;
  let due = false;

  function layout(found) {
    hexes = found.map((hex) => ({ ...hex, x: ROOT3 * (hex.q + hex.r / 2), y: 1.5 * hex.r, few: hex.adults < FEWEST }));
    measure();
  }
  function measure() {
    if (!width || !hexes.length) return;
    const xs = hexes.map((hex) => hex.x);
    const ys = hexes.map((hex) => hex.y);
    const [x0, x1] = [Math.min(...xs) - ROOT3 / 2, Math.max(...xs) + ROOT3 / 2];
    const [y0, y1] = [Math.min(...ys) - 1, Math.max(...ys) + 1];
    const most = Math.min(width * 0.86, 460);
    const size = Math.min(width / (x1 - x0), most / (y1 - y0), 40);
    const height = Math.ceil((y1 - y0) * size) + 4;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.height = `${height}px`;
    canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    shape = { size, left: (width - (x1 - x0) * size) / 2 - x0 * size, top: 2 - y0 * size };
    request();
  }
  function corner(hex, size = shape.size) {
    return [shape.left + hex.x * shape.size, shape.top + hex.y * shape.size, size * (shape.size > 7 ? 0.95 : 1.02)];
  }
  function trace(context, hex, grown = 0) {
    const [x, y, r0] = corner(hex);
    const r = r0 + grown;
    context.moveTo(x, y - r);
    context.lineTo(x + (r * ROOT3) / 2, y - r / 2);
    context.lineTo(x + (r * ROOT3) / 2, y + r / 2);
    context.lineTo(x, y + r);
    context.lineTo(x - (r * ROOT3) / 2, y + r / 2);
    context.lineTo(x - (r * ROOT3) / 2, y - r / 2);
    context.closePath();
  }
  function request() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      paint();
    });
  }
  function paint() {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, width, canvas.height);
    const groups = new Map();
    hexes.forEach((hex, k) => {
      const value = hex.few ? null : values?.[k];
      const step = value === undefined || value === null || Number.isNaN(value) ? -1 : stepOf(value, limits.low, limits.high);
      if (!groups.has(step)) groups.set(step, []);
      groups.get(step).push(hex);
    });
    for (const [step, members] of groups) {
      context.beginPath();
      for (const hex of members) trace(context, hex);
      context.fillStyle = step < 0 ? colour("--map-none") : colours[step];
      context.fill();
    }
    for (const hex of hexes.filter((one) => one.few)) hatch(context, hex);
    outline(context, selected, "--ink", 2.5);
    outline(context, focused, "--link", 3);
  }
  /** Too few people to compare: no colour, but stripes. */
  function hatch(context, hex) {
    const [x, y, r] = corner(hex);
    context.save();
    context.beginPath();
    trace(context, hex);
    context.clip();
    context.beginPath();
    for (let k = -2 * r; k < 2 * r; k += Math.max(4, r / 4)) {
      context.moveTo(x + k, y - r);
      context.lineTo(x + k + 2 * r, y + r);
    }
    context.lineWidth = 1;
    context.strokeStyle = colour("--edge");
    context.stroke();
    context.restore();
  }
  function outline(context, id, name, thick) {
    const hex = id === null ? null : hexes[id];
    if (!hex) return;
    context.beginPath();
    trace(context, hex, thick / 2);
    context.lineWidth = thick;
    context.strokeStyle = colour(name);
    context.stroke();
  }
  function at(x, y) {
    let best = null;
    let least = (shape.size * 1.05) ** 2;
    hexes.forEach((hex, k) => {
      const [cx, cy] = corner(hex);
      const apart = (cx - x) ** 2 + (cy - y) ** 2;
      if (apart < least) [best, least] = [k, apart];
    });
    return best;
  }
  function words(id) {
    const hex = hexes[id];
    if (hex.blank) return t("map.none");
    const value = values?.[id];
    const text = hex.few ? t("map.few") : value === undefined || value === null ? t("map.none") : `${number(value)}\u00a0${limits.unit}`;
    return t("map.place", { id: hex.id, kind: t(`map.${hex.kind}`), value: text, adults: number(hex.adults) });
  }
  function hover(id) {
    tip.hidden = id === null;
    if (id !== null) {
      say(tip, words(id));
      const [x, y] = corner(hexes[id]);
      tip.style.left = `${Math.max(0, Math.min(width - 190, x - 95))}px`;
      tip.style.top = `${y + shape.size + 6}px`;
    }
    moved(id);
  }
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    hover(at(event.clientX - box.left, event.clientY - box.top));
  });
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect();
    const id = at(event.clientX - box.left, event.clientY - box.top);
    if (id !== null) picked(id);
  });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (step) {
      event.preventDefault();
      go(step);
    } else if (event.key === "Enter" && focused !== null) {
      picked(focused);
    } else if (event.key === "Home") {
      event.preventDefault();
      reach(0);
    }
  });
  canvas.addEventListener("focus", () => reach(focused ?? selected ?? 0));
  canvas.addEventListener("blur", () => {
    focused = null;
    hover(null);
    request();
  });
  function reach(id) {
    if (!hexes[id]) return;
    focused = id;
    hover(id);
    say(spoken, words(id));
    request();
  }
  function go([right, down]) {
    const here = hexes[focused ?? selected ?? 0];
    let best = null;
    let least = Infinity;
    hexes.forEach((hex, k) => {
      const [dx, dy] = [hex.x - here.x, hex.y - here.y];
      const along = dx * right + dy * down;
      if (along < 0.5) return;
      const apart = along + 2.2 * Math.abs(dx * down + dy * right);
      if (apart < least) [best, least] = [k, apart];
    });
    if (best !== null) reach(best);
  }
  onWidth(node, (found) => {
    width = found;
    measure();
  });
  onTheme(() => {
    colours = scaleColours(limits.kind);
    request();
  });
  return {
    node,
    layout,
    words,
    show(found) {
      values = found;
      request();
    },
    scale(found) {
      limits = found;
      colours = scaleColours(found.kind);
      request();
    },
    select(id) {
      selected = id;
      request();
    },
    label(text) {
      if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text);
    },
  };
}

/** The legend of a scale: a ramp with numbers and unit. */
export function legend() {
  const ramp = el("canvas", { class: "legend-ramp", width: STEPS, height: 1, "aria-hidden": "true" });
  const low = el("span", {});
  const middle = el("span", {});
  const high = el("span", {});
  const title = el("p", { class: "legend-title" });
  const note = el("p", { class: "legend-note" });
  const node = el("div", { class: "legend" }, title, ramp, el("p", { class: "legend-numbers" }, low, middle, high), note);
  let kind = "harm";
  function paint() {
    const context = ramp.getContext("2d");
    scaleColours(kind).forEach((found, k) => {
      context.fillStyle = found;
      context.fillRect(k, 0, 1, 1);
    });
  }
  onTheme(paint);
  return {
    node,
    show(scale, words, chance) {
      kind = scale.kind;
      paint();
      say(title, words);
      say(low, onScale(scale.low, scale));
      say(middle, onScale((scale.low + scale.high) / 2, scale));
      say(high, `${scale.open ? "≥ " : ""}${onScale(scale.high, scale)}\u00a0${scale.unit}`);
      say(note, chance);
    },
  };
}

/** A map without values, before anybody is invented: only where the neighbourhoods will lie. */
export const empty = (places) => places.map(([q, r], id) => ({ id, q, r, adults: FEWEST, blank: true }));

/** The places of neighbourhoods with too few people to compare. */
export const fewest = (hexes) => hexes.flatMap((hex, k) => (hex.adults < FEWEST ? [k] : []));

/** How often a map may be drawn: rarely where the reader asked for less motion. */
export const frameTime = () => (calm() ? 500 : 33);
