// Charts as SVG in the page: each function takes plain numbers and a width, and returns an element.
//
// Colours are classes, so that a chart follows the page into the dark; every line has a dash of its
// own as well. What a chart says stands in its label, and its numbers in a table beside it.

import { svg } from "./dom.js";
import { dateAfter, fixed, number, ticks } from "./format.js";

const LINE = 18;
const label = (text, attributes) => svg("text", { class: "chart-text", ...attributes }, text);
const textWidth = (text, size = 13) => 0.55 * size * text.length;
const BADGES = 19; // pixels between the badges of two dates, at least

/** A text in lines of at most so many pixels. */
function wrap(text, width, size = 13) {
  const found = [];
  for (const word of text.split(" ")) {
    const longer = found.length ? `${found.at(-1)} ${word}` : word;
    if (found.length && textWidth(longer, size) <= width) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

/** The same number of digits for all ticks of an axis; the uppermost has the sign of a percentage. */
function tickTexts(values, unit) {
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : 1;
  const digits = Math.max(0, Math.min(4, Math.ceil(-Math.log10(step) - 1e-9)));
  const exact = values.some((v) => Math.abs(v - Number(v.toFixed(digits))) > 1e-9) ? digits + 1 : digits;
  return values.map((v, k) => fixed(v, exact) + (k === values.length - 1 && unit.startsWith("%") ? "\u00a0%" : ""));
}

function frame(width, height, title) {
  return svg("svg", {
    viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title, class: "chart",
  });
}

function yearTicks(first, days, width) {
  const found = [];
  const last = dateAfter(first, days - 1);
  const start = Number(first.slice(0, 4));
  const end = Number(last.slice(0, 4));
  const origin = Date.parse(`${first}T00:00:00Z`);
  const days_ = (iso) => (Date.parse(`${iso}T00:00:00Z`) - origin) / 86400000;
  if (days > 700) {
    const every = Math.max(1, Math.ceil((end - start) / Math.max(2, width / 70)));
    for (let year = start + 1; year <= end; year += every) found.push([days_(`${year}-01-01`), String(year)]);
  } else {
    const count = Math.max(1, Math.ceil(days / 30 / Math.max(2, width / 90)));
    let month = Number(first.slice(5, 7));
    let year = start;
    for (;;) {
      month += count;
      while (month > 12) { month -= 12; year += 1; }
      const iso = `${year}-${String(month).padStart(2, "0")}-01`;
      if (days_(iso) >= days) break;
      const name = new Date(`${iso}T00:00:00Z`).toLocaleDateString("en-GB", { month: "short", timeZone: "UTC" });
      found.push([days_(iso), month <= count ? `${name} ${year}` : name]);
    }
  }
  return found;
}

/** Numbered markers of dated events above a chart; a badge too close to another moves aside. */
function markers(chart, events, x, top, bottom) {
  let before = -99;
  for (const event of events) {
    const at = x(event.day);
    before = Math.max(at, before + BADGES);
    chart.append(svg("path", { class: "event", d: `M${before} ${top - 1}L${at} ${top + 6}V${bottom}` }));
    chart.append(svg("circle", { class: "event-dot", cx: before, cy: top - 9, r: 8.5 }));
    chart.append(label(event.number, { x: before, y: top - 5, "text-anchor": "middle", class: "chart-text event-number" }));
  }
}

/** Directly labelled ends of lines, pushed apart so that none covers another. */
function endLabels(ends, top, bottom) {
  const placed = [...ends].sort((a, b) => a.y - b.y);
  for (let k = 1; k < placed.length; k += 1) {
    placed[k].y = Math.max(placed[k].y, placed[k - 1].y + LINE * placed[k - 1].lines);
  }
  let limit = bottom;
  for (let k = placed.length - 1; k >= 0; k -= 1) {
    placed[k].y = Math.min(placed[k].y, limit - LINE * (placed[k].lines - 1));
    limit = placed[k].y - LINE;
  }
  return placed;
}

const path = (points) => points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/**
 * Lines over days.
 *
 * series: [{name, days, values, low?, high?}], at most five; first: ISO date of day 0; days: of the
 * whole axis, so that a running world fills it from the left; events: [{number, day}].
 */
export function lines({ series, first, days, unit = "", events = [], title = "", least = 0, height = 320, most = null }, width) {
  const drawn = series.filter((one) => one.values.length);
  const narrow = width < 520;
  const top = events.length ? 34 : 14;
  const bottom = height - 26;
  const highest = Math.max(
    ...drawn.flatMap((one) => [...one.values, ...(one.high ?? [])]).filter((v) => v !== null), most ?? 0, 1e-9,
  );
  const lowest = Math.min(least, ...drawn.flatMap((one) => one.values.filter((v) => v !== null)));
  const steps = ticks(lowest, highest * 1.02, 4);
  const names = tickTexts(steps, unit);
  const left = Math.max(...names.map((n) => textWidth(n))) + 10;
  const long = Math.max(0, ...drawn.map((one) => textWidth(one.name, 14)));
  const right = narrow ? 10 : Math.min(width * 0.32, long + 16);
  const x = (day) => left + ((width - left - right) * day) / Math.max(1, days - 1);
  const y = (value) => bottom - ((bottom - top) * (value - steps[0])) / (steps.at(-1) - steps[0]);
  const chart = frame(width, height, title);
  steps.forEach((value, k) => {
    chart.append(svg("line", { class: k ? "grid" : "axis", x1: left, x2: width - right, y1: y(value), y2: y(value) }));
    chart.append(label(names[k], { x: left - 8, y: y(value) + 4, "text-anchor": "end" }));
  });
  for (const [day, name] of yearTicks(first, days, width - left - right)) {
    chart.append(svg("line", { class: "axis", x1: x(day), x2: x(day), y1: bottom, y2: bottom + 5 }));
    if (x(day) + textWidth(name) / 2 < width) {
      chart.append(label(name, { x: x(day), y: bottom + 20, "text-anchor": "middle" }));
    }
  }
  markers(chart, events, x, top, bottom);
  const ends = [];
  drawn.forEach((one, k) => {
    const points = one.days.map((day, i) => [x(day), one.values[i] === null ? null : y(one.values[i])]).filter((p) => p[1] !== null);
    if (!points.length) return;
    if (one.low) {
      const upper = one.days.map((day, i) => [x(day), y(one.high[i])]);
      const lower = one.days.map((day, i) => [x(day), y(one.low[i])]).reverse();
      chart.append(svg("path", { class: `band c${k}`, d: `${path([...upper, ...lower])}Z` }));
    }
    chart.append(svg("path", { class: `line c${k}`, d: path(points) }));
    const [endX, endY] = points.at(-1);
    chart.append(svg("circle", { class: `dot c${k}`, cx: endX, cy: endY, r: 3.5 }));
    ends.push({ y: endY + 5, name: one.name, k, x: endX, lines: 1 });
  });
  if (!narrow) {
    for (const end of endLabels(ends, top, bottom)) {
      chart.append(label(end.name, { x: Math.min(end.x + 10, width - right + 10), y: end.y, class: `chart-text strong c${end.k}` }));
    }
  } else {
    ends.forEach((end, k) => {
      const at = end.x > width * 0.55 ? end.x - 6 : end.x + 8;
      const other = ends.find((one) => one !== end && Math.abs(one.y - end.y) < 26);
      const above = !other || other.y > end.y || (other.y === end.y && k === 0);
      chart.append(label(end.name, {
        x: at, y: Math.min(bottom - 5, Math.max(top + 12, end.y - 5 + (above ? -8 : 20))),
        "text-anchor": end.x > width * 0.55 ? "end" : "start", class: `chart-text strong halo c${end.k}`,
      }));
    });
  }
  return chart;
}

/**
 * Two parts of a whole over days, one on the other.
 *
 * parts: [{name, values}] from below; days: the day of each value. A part is named where it is thickest;
 * where the names would not fit, a key stands above.
 */
export function areas({ parts, at, first, days, unit = "", events = [], title = "", height: tall = 320 }, width) {
  const keyed = width < 520;
  const above = keyed ? LINE * parts.length + 8 : 0;
  const top = above + (events.length ? 34 : 14);
  const height = tall + above;
  const bottom = height - 26;
  const sums = at.map((_, i) => parts.reduce((sum, part) => sum + part.values[i], 0));
  const steps = ticks(0, Math.max(...sums, 1e-9) * 1.02, 4);
  const names = tickTexts(steps, unit);
  const left = Math.max(...names.map((n) => textWidth(n))) + 10;
  const right = 10;
  const x = (day) => left + ((width - left - right) * day) / Math.max(1, days - 1);
  const y = (value) => bottom - ((bottom - top) * value) / steps.at(-1);
  const chart = frame(width, height, title);
  steps.forEach((value, k) => {
    chart.append(svg("line", { class: k ? "grid" : "axis", x1: left, x2: width - right, y1: y(value), y2: y(value) }));
    chart.append(label(names[k], { x: left - 8, y: y(value) + 4, "text-anchor": "end" }));
  });
  for (const [day, name] of yearTicks(first, days, width - left - right)) {
    chart.append(svg("line", { class: "axis", x1: x(day), x2: x(day), y1: bottom, y2: bottom + 5 }));
    if (x(day) + textWidth(name) / 2 < width) chart.append(label(name, { x: x(day), y: bottom + 20, "text-anchor": "middle" }));
  }
  let below = at.map(() => 0);
  parts.forEach((part, k) => {
    const upTo = below.map((value, i) => value + part.values[i]);
    const upper = at.map((day, i) => [x(day), y(upTo[i])]);
    const lower = at.map((day, i) => [x(day), y(below[i])]).reverse();
    chart.append(svg("path", { class: `area c${k}`, d: `${path([...upper, ...lower])}Z` }));
    below = upTo;
  });
  markers(chart, events, x, top, bottom);
  if (keyed) {
    [...parts].reverse().forEach((part, k) => {
      chart.append(svg("rect", { class: `area c${parts.length - 1 - k}`, x: 0, y: LINE * k + 1, width: 14, height: 14, rx: 2 }));
      chart.append(label(part.name, { x: 21, y: LINE * k + 12 }));
    });
    return chart;
  }
  below = at.map(() => 0);
  parts.forEach((part) => {
    const long = textWidth(part.name, 14) + 16;
    let place = null;
    let thickest = 22;
    at.forEach((day, i) => {
      const under = at.map((_, j) => j).filter((j) => j <= i && x(at[j]) >= x(day) - long);
      if (x(day) - long < left) return;
      const ceiling = Math.max(...under.map((j) => y(below[j] + part.values[j])));
      const floor = Math.min(...under.map((j) => y(below[j])));
      if (floor - ceiling < thickest) return;
      thickest = floor - ceiling;
      place = [x(day) - 8, (ceiling + floor) / 2 + 5];
    });
    if (place) chart.append(label(part.name, { x: place[0], y: place[1], "text-anchor": "end", class: "chart-text strong on-area" }));
    below = below.map((value, i) => value + part.values[i]);
  });
  return chart;
}

/**
 * Bars that lie, each with its name above it, its value at its end and its interval.
 *
 * rows: [{label, detail?, value, low?, high?, text?, tone?}]; tone "a" (the subject), "b" (what it is
 * compared with), "quiet". Names and details are wrapped to the width. mark: {at, label}, a line
 * beside all bars.
 */
export function bars({ rows, unit = "", title = "", mark = null }, width) {
  const top = mark ? 26 : 6;
  const named = rows.map((row) => [
    ...wrap(row.label, width, row.detail ? 14.5 : 13.5).map((text) => [text, row.detail ? " strong" : ""]),
    ...(row.detail ? wrap(row.detail, width, 13.5).map((text) => [text, ""]) : []),
  ]);
  const heights = named.map((lines_) => 29 + 17 * lines_.length);
  const height = top + heights.reduce((sum, one) => sum + one, 0) + 6;
  const texts = rows.map((row) => row.text ?? `${number(row.value)}\u00a0${unit}`);
  const reach = rows.map((row) => Math.max(1e-9, row.value, row.high ?? 0));
  const each = Math.min(...rows.map((_, k) => (width - textWidth(texts[k], 14.5) - 12) / reach[k]), mark ? (width - 2) / mark.at : Infinity);
  const x = (value) => 1 + each * Math.max(0, value);
  const chart = frame(width, height, title);
  if (mark) {
    const right = x(mark.at) > width / 2;
    chart.append(label(mark.label, { x: x(mark.at), y: 13, "text-anchor": right ? "end" : "start" }));
  }
  let y = top;
  rows.forEach((row, k) => {
    named[k].forEach(([text, tone], line) => chart.append(label(text, { x: 0, y: y + 14 + 17 * line, class: `chart-text${tone}` })));
    const bar = y + 4 + 17 * named[k].length;
    if (mark) chart.append(svg("line", { class: "event", x1: x(mark.at), x2: x(mark.at), y1: bar - 2, y2: bar + 17 }));
    chart.append(svg("rect", { class: `bar ${row.tone ?? "a"}`, x: 0, y: bar, width: Math.max(1, x(row.value)), height: 15, rx: 1 }));
    let end = x(row.value);
    if (row.low !== null && row.low !== undefined && x(row.high) - x(row.low) > 2) {
      const middle = bar + 7.5;
      chart.append(svg("path", {
        class: "whisker",
        d: `M${x(row.low)} ${middle}H${x(row.high)}M${x(row.low)} ${middle - 4}v8M${x(row.high)} ${middle - 4}v8`,
      }));
      end = Math.max(end, x(row.high));
    }
    chart.append(label(texts[k], { x: end + 8, y: bar + 12, class: "chart-text strong" }));
    y += heights[k];
  });
  return chart;
}

/**
 * How many there are of each value.
 *
 * bins: [{from, to, count}] of equal width; lines: [{at, label, side}], limits that the bins cross.
 */
export function histogram({ bins, limits = [], unit = "", title = "", height = 320, log = false }, width) {
  const top = 22 + 20 * limits.length;
  const bottom = height - 42;
  const least = bins[0].from;
  const most = bins.at(-1).to;
  const scale = (count) => (log ? Math.log10(1 + count) : count);
  const highest = Math.max(...bins.map((bin) => scale(bin.count)), 1e-9);
  const x = (value) => 6 + ((width - 12) * (value - least)) / (most - least);
  const y = (count) => bottom - ((bottom - top) * scale(count)) / highest;
  const chart = frame(width, height, title);
  for (const bin of bins) {
    if (!bin.count) continue;
    const outside = limits.some((one) => (one.side === "below" ? bin.to <= one.at : bin.from >= one.at) && one.tone === "bad");
    const good = limits.some((one) => one.side === "above" && bin.from >= one.at);
    const tall = Math.max(2, bottom - y(bin.count));
    chart.append(svg("rect", {
      class: `bar ${outside ? "bad" : good ? "good" : "quiet"}`, x: x(bin.from) + 0.5, y: bottom - tall,
      width: Math.max(1, x(bin.to) - x(bin.from) - 1), height: tall,
    }));
  }
  chart.append(svg("line", { class: "axis", x1: 6, x2: width - 6, y1: bottom, y2: bottom }));
  for (const value of ticks(least, most, Math.max(3, Math.floor(width / 110)))) {
    if (value < least || value > most) continue;
    chart.append(svg("line", { class: "axis", x1: x(value), x2: x(value), y1: bottom, y2: bottom + 5 }));
    chart.append(label(number(value), { x: x(value), y: bottom + 19, "text-anchor": "middle" }));
  }
  chart.append(label(unit, { x: width - 6, y: bottom + 36, "text-anchor": "end" }));
  // On a phone the names of the limits stand at the edges, and every line begins below all of them.
  const narrow = width < 520;
  limits.forEach((one, k) => {
    const at = x(one.at);
    const level = 12 + 20 * k;
    const before = one.side === "below";
    const from = narrow ? 20 * limits.length : level + 6;
    chart.append(svg("line", { class: "event strong", x1: at, x2: at, y1: from, y2: bottom }));
    chart.append(label(one.label, {
      x: narrow ? (before ? 0 : width) : at, y: level, "text-anchor": before === narrow ? "start" : "end",
      class: `chart-text strong halo c${before ? 0 : 2}`,
    }));
  });
  return chart;
}
