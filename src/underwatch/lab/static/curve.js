// A rate by group over the threshold of a matcher: logarithmic, with a mark at the threshold in use.

import { svg } from "./dom.js";
import { number, ticks } from "./format.js";

const text = (words, x, y, more = {}) => svg("text", { class: "chart-text", x, y, ...more }, words);

/** The value of a line between its points: straight in the logarithm. */
export function between(points, at, of) {
  const next = points.findIndex((point) => point.threshold >= at - 1e-12);
  if (next <= 0) return of(points[Math.max(0, next)]);
  const [a, b] = [points[next - 1], points[next]];
  const part = (at - a.threshold) / (b.threshold - a.threshold);
  const [from, to] = [of(a), of(b)];
  return from > 0 && to > 0 ? Math.exp(Math.log(from) * (1 - part) + Math.log(to) * part) : from * (1 - part) + to * part;
}

/**
 * points: [{threshold, by_group: {name: rate}}], in the order of thresholds. at: the one in use.
 * names: name → what readers see.
 */
export function rateCurve({ points, at, names, unit, mark, title }, width) {
  const groups = Object.keys(points[0].by_group);
  const values = points.flatMap((point) => Object.values(point.by_group)).filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const height = width < 520 ? 300 : 340;
  const [top, bottom] = [56, height - 28];
  const labels = Array.from({ length: high - low + 1 }, (_, k) => number(10 ** (low + k), 1));
  const left = 8 * Math.max(...labels.map((label) => label.length)) + 12;
  const right = width - 8 * Math.max(...groups.map((name) => names[name].length)) - 16;
  const [first, last] = [points[0].threshold, points.at(-1).threshold];
  const x = (value) => left + ((right - left) * (value - first)) / (last - first);
  const y = (value) => bottom - ((bottom - top) * (Math.log10(Math.max(value, 10 ** low)) - low)) / (high - low);
  const chart = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title });
  chart.append(text(unit, 0, 13));
  labels.forEach((label, k) => {
    const level = y(10 ** (low + k));
    chart.append(svg("line", { class: k ? "grid" : "axis", x1: left, x2: right, y1: level, y2: level }));
    if ((high - k - low) % (high - low > 6 ? 2 : 1) === 0) chart.append(text(label, left - 8, level + 4, { "text-anchor": "end" }));
  });
  for (const value of ticks(first, last, Math.max(2, Math.min(6, Math.floor((right - left) / 70))))) {
    if (value < first - 1e-9 || value > last + 1e-9) continue;
    chart.append(svg("line", { class: "axis", x1: x(value), x2: x(value), y1: bottom, y2: bottom + 5 }));
    chart.append(text(String(Number(value.toFixed(3))), x(value), bottom + 20, { "text-anchor": "middle" }));
  }
  chart.append(svg("line", { class: "event strong", x1: x(at), x2: x(at), y1: top - 12, y2: bottom }));
  chart.append(text(mark, x(at), top - 18, { "text-anchor": x(at) > (left + right) / 2 ? "end" : "start", class: "chart-text strong" }));
  const ends = groups.map((name, k) => ({ name, k, y: y(points.at(-1).by_group[name]) + 4 }));
  groups.forEach((name, k) => {
    const path = points.map((point, i) => `${i ? "L" : "M"}${x(point.threshold).toFixed(1)} ${y(point.by_group[name]).toFixed(1)}`).join("");
    chart.append(svg("path", { class: `line c${k}`, d: path }));
    chart.append(svg("circle", { class: `dot c${k}`, cx: x(at), cy: y(between(points, at, (point) => point.by_group[name])), r: 4.5 }));
  });
  const placed = [...ends].sort((a, b) => a.y - b.y);
  for (let k = 1; k < placed.length; k += 1) placed[k].y = Math.max(placed[k].y, placed[k - 1].y + 17);
  for (let k = placed.length - 1, limit = bottom; k >= 0; k -= 1) {
    placed[k].y = Math.min(placed[k].y, limit);
    limit = placed[k].y - 17;
  }
  for (const end of placed) chart.append(text(names[end.name], right + 8, end.y, { class: `chart-text strong c${end.k}` }));
  return chart;
}
