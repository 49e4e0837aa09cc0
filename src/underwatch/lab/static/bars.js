// Bars to both sides of zero, each with its name above, its interval across and its value at its end.

import { svg } from "./dom.js";
import { number, ticks } from "./format.js";

const EACH = 46;
const textWidth = (text, size = 14) => 0.56 * size * text.length;
const cut = (text, width) => (textWidth(text, 13) <= width ? text : `${text.slice(0, Math.floor(width / 7.3) - 1)}…`);

/**
 * rows: [{label, value, low?, high?, text}]. The whiskers stand for the interval. The axis has round
 * numbers in `unit`.
 */
export function signedBars({ rows, unit = "", title = "" }, width) {
  const values = rows.flatMap((row) => [row.value, row.low ?? row.value, row.high ?? row.value]);
  const most = Math.max(0, ...values, 1e-9);
  const least = Math.min(0, ...values);
  const steps = ticks(-least < most / 50 ? 0 : least, most, Math.max(3, Math.floor(width / 130)));
  const [low, high] = [steps[0], steps.at(-1)];
  const room = Math.max(...rows.map((row) => textWidth(row.text))) + 16;
  const left = low < 0 ? 26 : 1;
  const x = (value) => left + ((width - room - left) * (Math.max(low, value) - low)) / (high - low);
  const height = EACH * rows.length + 34;
  const chart = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title });
  steps.forEach((value, k) => {
    chart.append(svg("line", { class: value === 0 ? "axis" : "grid", x1: x(value), x2: x(value), y1: 2, y2: height - 24 }));
    const words = number(value) + (k === steps.length - 1 && unit.length < 4 ? `\u00a0${unit}` : "");
    chart.append(svg("text", { class: "chart-text", x: x(value), y: height - 8, "text-anchor": k || low < 0 ? "middle" : "start" }, words));
  });
  rows.forEach((row, k) => {
    const y = EACH * k;
    chart.append(svg("text", { class: "chart-text halo", x: 0, y: y + 16 }, cut(row.label, width - 4)));
    const [from, to] = [Math.min(0, row.value), Math.max(0, row.value)].map(x);
    chart.append(svg("rect", { class: `bar ${row.tone ?? "b"}`, x: from, y: y + 23, width: Math.max(1, to - from), height: 15, rx: 1 }));
    let end = to;
    if (row.low !== null && row.low !== undefined) {
      const middle = y + 30.5;
      chart.append(svg("path", { class: "whisker", d: `M${x(row.low)} ${middle}H${x(row.high)}M${x(row.low)} ${middle - 4}v8M${x(row.high)} ${middle - 4}v8` }));
      end = Math.max(end, x(row.high));
    }
    chart.append(svg("text", { class: "chart-text strong halo", x: end + 8, y: y + 35 }, row.text.replace("-", "\u2212")));
  });
  return chart;
}
