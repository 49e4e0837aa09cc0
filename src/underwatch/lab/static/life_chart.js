// One person in two worlds over the same dates: lines of score and perceived risk, and lanes of what
// was done, entered, decided and withheld. What is wrong has a shape and a colour of its own.

import { svg } from "./dom.js";
import { number } from "./format.js";
import { t } from "./texts.js";

const DAY = 86400000;
const dayOf = (iso, first) => (Date.parse(`${iso}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY;
const label = (text, x, y, more = {}) => svg("text", { class: "chart-text", x, y, ...more }, text);
const TRACK = 20;

/** The chart of a life, `width` pixels wide. */
export function lifeChart(life, width, title) {
  const { first_day: first, days } = life.worlds[0];
  const left = life.worlds.length > 1 ? 46 : 1; // room for the name of each world
  const right = width - 8;
  const x = (iso) => left + ((right - left) * Math.max(0, dayOf(iso, first))) / Math.max(1, days - 1);
  const parts = [];
  let y = 4;
  const heading = (text) => {
    y += 18;
    parts.push(label(text, 0, y, { class: "chart-text strong" }));
    y += 8;
  };
  y = line(parts, life, "score", x, y, left, right, heading);
  y = line(parts, life, "risk", x, y, left, right, heading);
  for (const lane of lanes(life)) {
    heading(lane.name);
    for (const [k, marks] of lane.tracks.entries()) {
      if (!marks) continue;
      parts.push(svg("line", { class: "track", x1: left, x2: right, y1: y + TRACK / 2, y2: y + TRACK / 2 }));
      for (const mark of marks) parts.push(drawn(mark, x, y + TRACK / 2, k));
      if (life.worlds.length > 1) parts.push(label(t(k ? "life.twin_short" : "life.here_short"), 0, y + TRACK / 2 + 4, { class: `chart-text tiny c${k}` }));
      y += TRACK + 4;
    }
  }
  y += 6;
  parts.push(svg("line", { class: "axis", x1: left, x2: right, y1: y, y2: y }));
  for (const [iso, name] of dates(first, days, width)) {
    parts.push(svg("line", { class: "axis", x1: x(iso), x2: x(iso), y1: y, y2: y + 5 }));
    if (x(iso) < right - 14) parts.push(label(name, x(iso), y + 20, { "text-anchor": "middle" }));
  }
  if (life.differs_from && dayOf(life.differs_from, first) > days / 50) {
    const at = x(life.differs_from);
    parts.unshift(svg("line", { class: "event", x1: at, x2: at, y1: 0, y2: y }));
  }
  const height = y + 28;
  return svg("svg", { class: "chart life", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title }, parts);
}

/** The lanes that have something in one of the worlds: marks by track, null for a world without. */
function lanes(life) {
  const of = (sort) => life.worlds.map((world) => world.events.filter((event) => event.sort === sort));
  const found = [
    { name: t("life.lane_acts"), tracks: life.worlds.map((world) => world.acts.map((act) => ({ date: act.date, own: true }))) },
    { name: t("life.lane_records"), tracks: of("record") },
    { name: t("life.lane_withheld"), tracks: of("withheld") },
    { name: t("life.lane_decisions"), tracks: of("decision") },
    { name: t("life.lane_restricted"), tracks: life.worlds.map((world) => world.spans.map((span) => ({ date: span.first, until: span.last, own: span.own }))) },
  ];
  return found.filter((lane) => lane.tracks.some((marks) => marks.length));
}

function drawn(mark, x, y, world) {
  const at = x(mark.date);
  const tone = mark.own ? `own c${world}` : "wrong";
  if (mark.until) return svg("rect", { class: `span ${tone}`, x: at, y: y - 5, width: Math.max(3, x(mark.until) - at), height: 10 });
  if (!mark.own) return svg("path", { class: "mark wrong", d: `M${at} ${y - 7}l6.5 11.5h-13z` });
  return svg("circle", { class: `mark ${tone}`, cx: at, cy: y, r: 3.2 });
}

/** A line of each world over time, and the line below which restrictions begin. */
function line(parts, life, name, x, top, left, right, heading) {
  const series = life.worlds.map((world) => world.series[name].filter(([, value]) => value !== null));
  const values = series.flat().map(([, value]) => value);
  if (!values.length || (name === "risk" && Math.max(...values) === 0)) return top;
  const limit = name === "score" ? life.worlds[0].series.line.filter(([, value]) => value !== null) : [];
  const known = [...values, ...limit.map(([, value]) => value)];
  const low = name === "risk" ? 0 : Math.min(...known) - 10;
  const high = name === "risk" ? Math.max(0.1, ...values) : Math.max(...known) + 10;
  heading(t(`life.lane_${name}`));
  const from = top + 30;
  const height = name === "score" ? 96 : 60;
  const y = (value) => from + height - (height * (value - low)) / (high - low);
  for (const end of [low, high]) {
    parts.push(svg("line", { class: end === low ? "axis" : "grid", x1: left, x2: right, y1: y(end), y2: y(end) }));
    if (left > 1) parts.push(label(name === "score" ? number(Math.round(end)) : number(end, 2), left - 6, y(end) + 4, { "text-anchor": "end", class: "chart-text tiny" }));
  }
  const path = (points) => points.map(([iso, value], k) => `${k ? "L" : "M"}${x(iso).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  if (limit.length) {
    parts.push(svg("path", { class: "event strong", fill: "none", d: path(limit) }));
    const [iso, value] = limit.at(-1);
    parts.push(label(`${t("life.lane_line")} ${number(value)}`, x(iso), y(value) - 5, { "text-anchor": "end", class: "chart-text tiny halo" }));
  }
  series.forEach((points, k) => {
    if (!points.length) return;
    parts.push(svg("path", { class: `line c${k}`, d: path(points) }));
    const [iso, value] = points.at(-1);
    const shown = name === "score" ? number(Math.round(value)) : number(value, 2);
    parts.push(label(shown, x(iso), y(value) - 7, { "text-anchor": "end", class: `chart-text strong halo c${k}` }));
  });
  return from + height + 4;
}

function dates(first, days, width) {
  const found = [];
  const start = Number(first.slice(0, 4));
  const last = new Date(Date.parse(`${first}T00:00:00Z`) + days * DAY).getUTCFullYear();
  if (days > 550) {
    const every = Math.max(1, Math.ceil((last - start) / Math.max(2, width / 70)));
    for (let year = start + 1; year <= last; year += every) found.push([`${year}-01-01`, String(year)]);
    return found;
  }
  const every = Math.max(1, Math.ceil(days / 30 / Math.max(2, width / 90)));
  for (let k = every; k * 30 < days; k += every) {
    const day = new Date(Date.UTC(start, Number(first.slice(5, 7)) - 1 + k, 1));
    found.push([day.toISOString().slice(0, 10), day.toLocaleDateString("en-GB", { month: "short", year: "2-digit", timeZone: "UTC" })]);
  }
  return found.filter(([iso]) => dayOf(iso, first) < days);
}
