// "What would your score be?": an invented person whose records the reader sets. The sum is made here;
// nothing is sent or stored.

import { el, onWidth, put, say, svg } from "./dom.js";
import { tableOf } from "./figures.js";
import { number } from "./format.js";
import { scoreOf, standing } from "./score.js";
import { t } from "./texts.js";

const signed = (value) => `${value > 0 ? "+" : value < 0 ? "\u2212" : ""}${number(Math.abs(value))}`;
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Show the sliders of a rule inside `place`. */
export function persona(place, rule) {
  if (!rule.on) {
    put(place, el("p", { class: "notice" }, t("life.persona.off")));
    return;
  }
  const records = {};
  let contacts = rule.weight === 0 ? null : rule.base;
  const score = el("output", { class: "score" });
  const status = el("p", { class: "standing", role: "status" });
  const gauge = el("div", { class: "gauge" });
  const sum = el("details", { class: "figure-table" }, el("summary", {}, t("life.persona.table")), el("div"));
  const result = el("div", { class: "result card" }, score, status, gauge, sum);
  const inputs = [];

  const slider = (id, name, note, options, input) => {
    const shown = el("output", { for: id, class: "number" });
    const range = el("input", { type: "range", id, ...options, oninput: () => { input(Number(range.value), shown); update(); } });
    inputs.push(() => { range.value = options.value; input(Number(options.value), shown); });
    input(Number(options.value), shown);
    return el("div", { class: "slider" }, el("label", { for: id }, upper(name)), shown, range, el("span", { class: "help" }, note));
  };
  const read = rule.kinds.filter((kind) => kind.points !== 0);
  const kinds = read.map((kind) =>
    slider(`record-${kind.key}`, kind.many, t("life.persona.each", { points: signed(kind.points) }), { min: 0, max: rule.most, step: 1, value: 0 },
      (value, shown) => { records[kind.key] = value; say(shown, value ? `${value} × ${signed(kind.points)}` : "0"); }));
  const company = rule.weight === 0 ? null
    : slider("contacts", t("life.persona.contacts"), t("life.persona.contacts_sum", { points: signed(0) }), { min: rule.floor, max: rule.ceiling, step: 5, value: rule.base },
      (value, shown) => { contacts = value; say(shown, number(value)); });

  function update() {
    const value = scoreOf(rule, records, contacts);
    const where = standing(rule, value);
    say(score, t("life.persona.result", { score: number(Math.round(value)) }));
    result.dataset.standing = where;
    say(status, sentence(rule, value, where));
    if (company) say(company.querySelector(".help"), t("life.persona.contacts_sum", { points: signed(Math.round(10 * rule.weight * (contacts - rule.base)) / 10) }));
    draw();
    put(sum.lastElementChild, tableOf({ head: [t("life.persona.part"), t("life.persona.points")], rows: lines(value) }));
  }
  function lines(value) {
    const rows = [[t("life.persona.start"), number(rule.base)]];
    for (const kind of read) if (records[kind.key]) rows.push([`${records[kind.key]} ${records[kind.key] === 1 ? kind.one : kind.many}`, signed(kind.points * records[kind.key])]);
    const term = contacts === null ? 0 : rule.weight * (contacts - rule.base);
    if (term) rows.push([t("life.persona.contacts"), signed(Math.round(10 * term) / 10)]);
    const whole = rule.base + read.reduce((total, kind) => total + kind.points * records[kind.key], 0) + term;
    if (Math.abs(whole - value) > 1e-9) rows.push([t("life.persona.cut"), signed(Math.round(10 * (value - whole)) / 10)]);
    return [...rows, [t("life.persona.total"), number(Math.round(value))]];
  }
  let width = 0;
  function draw() {
    if (width) put(gauge, dial(rule, scoreOf(rule, records, contacts), width));
  }
  onWidth(gauge, (found) => { width = found; draw(); });
  const reset = el("button", { type: "button", onclick: () => { inputs.forEach((back) => back()); update(); } }, t("life.persona.reset"));
  const words = { base: number(rule.base), weight: rule.weight, floor: number(rule.floor), ceiling: number(rule.ceiling) };
  put(
    place,
    el("div", { class: "sliders" }, el("div", { class: "slider-grid" }, kinds, company), el("p", {}, reset)),
    el("div", { class: "persona-result" }, result,
      el("p", { class: "small quiet" }, t(rule.weight === 0 ? "life.persona.rule_alone" : "life.persona.rule", words)),
      el("p", { class: "small quiet" }, t("life.persona.rules_on", { date: rule.date, scenario: rule.scenario })),
      el("details", { class: "small" }, el("summary", {}, t("life.persona.source")), el("ul", {}, read.map((kind) => el("li", {}, `${upper(kind.one)}: ${kind.source}`))))),
  );
  update();
}

function sentence(rule, value, where) {
  const whole = Math.floor(value + 0.5);
  if (where === "restricted") return t("life.persona.restricted", { line: rule.restricted_below, days: rule.restricted_days });
  if (where === "privileged") return t("life.persona.privileged", { line: number(rule.privileged_from) });
  const parts = [];
  if (rule.restricted_below !== null) parts.push(t("life.persona.to_restricted", { n: number(whole - rule.restricted_below) }));
  if (rule.privileged_from !== null) parts.push(t("life.persona.to_privileged", { n: number(rule.privileged_from - whole) }));
  return parts.length ? `${t("life.persona.between")}: ${parts.join(", ")}` : t("life.persona.no_line");
}

/** A scale with the zones of restrictions and privileges, and a mark at the score. */
function dial(rule, score, width) {
  const left = 2;
  const right = width - 2;
  const x = (points) => left + ((right - left) * (points - rule.floor)) / (rule.ceiling - rule.floor);
  const name = t("life.persona.gauge", { score: number(Math.round(score)), floor: rule.floor, ceiling: number(rule.ceiling) });
  const chart = svg("svg", { class: "chart", viewBox: `0 0 ${width} 96`, width, height: 96, role: "img", "aria-label": name });
  const zone = (from, to, tone) => chart.append(svg("rect", { class: `zone ${tone}`, x: x(from), y: 36, width: Math.max(0, x(to) - x(from)), height: 16 }));
  const low = rule.restricted_below ?? rule.floor;
  const high = rule.privileged_from ?? rule.ceiling;
  zone(rule.floor, low, "bad");
  zone(low, high, "middle");
  zone(high, rule.ceiling, "good");
  const mark = (points, words, y, anchor) => {
    chart.append(svg("line", { class: "axis", x1: x(points), x2: x(points), y1: 36, y2: y - 12 }));
    chart.append(svg("text", { class: "chart-text", x: x(points), y, "text-anchor": anchor }, words));
  };
  if (rule.restricted_below !== null) mark(low, t("life.persona.line_restricted", { line: low }), 72, "end");
  if (rule.privileged_from !== null) mark(high, t("life.persona.line_privileged", { line: number(high) }), 92, x(high) > width * 0.6 ? "end" : "start");
  chart.append(svg("path", { class: "needle", d: `M${x(score)} 34l-7 -12h14z` }));
  const near = Math.min(width - 24, Math.max(24, x(score)));
  chart.append(svg("text", { class: "chart-text strong", x: near, y: 16, "text-anchor": "middle" }, number(Math.round(score))));
  return chart;
}
