// Assess a system: its questions as a form, numbers at once by closed formula, the assessment as a job.

import { remember, view } from "./address.js";
import { follow, get, post } from "./api.js";
import { answers, goTo, noteChanges, restore, showFaults, written } from "./answers.js";
import { signedBars } from "./bars.js";
import { between, rateCurve } from "./curve.js";
import { el, one, put, say } from "./dom.js";
import { bring, copy, figure, tableOf } from "./figures.js";
import { number, withUnit } from "./format.js";
import { jobLine } from "./job_line.js";
import { t, texts } from "./texts.js";

const WAIT = 120; // milliseconds of silence before the numbers follow
const { system, kind } = JSON.parse(one("#system-data").textContent);
const form = one("#form");
const slider = one("#threshold");
const bar = jobLine(one("#job"), t("assess.stop"));
let held = null; // the last numbers that could be computed
let curve = [];
let fault = null;
let turn = 0;
let timer = null;

function trouble(error) {
  const place = one("#problem");
  place.hidden = !error;
  if (error) say(place, error.message);
}

// ---------------------------------------------------------------- the address

/** The answers are part of the address; seeds: how often they were simulated, if they were. */
function noted(seeds = null) {
  const fits = remember({ answer: written(form), seeds });
  if (!fits) remember({ answer: null, seeds: null });
  one("#copy-link").disabled = !fits;
  say(one("#copied"), fits ? "" : t("assess.link_long"));
}
one("#copy-link").addEventListener("click", () => copy(location.href, one("#copied"), t("assess.link_sorry")));

// ---------------------------------------------------------------- numbers at once

async function update(withCurve) {
  turn += 1;
  const mine = turn;
  try {
    const found = await post("/api/assessments/figures", { system, answers: answers(form), curve: withCurve });
    if (mine !== turn) return;
    trouble(null);
    faults(found.faults);
    if (found.faults.length) return;
    held = found;
    if (withCurve) curve = found.curve;
    show();
  } catch (error) {
    if (mine === turn) trouble(error);
  }
}

function faults(found) {
  fault = showFaults(form, found);
  const place = one("#faults");
  place.hidden = !found.length;
  if (!found.length) return;
  const nowhere = found.filter((each) => each.path === null).map((each) => each.sentence);
  const first = fault;
  put(place, t(found.length === 1 ? "assess.faults_one" : "assess.faults", { n: found.length }), " ", nowhere.join(" "), " ",
    first ? el("button", { type: "button", class: "link", onclick: () => goTo(first) }, t("assess.fault_to")) : null);
}

/** Whether the answers can stand as they are; goes to the first that cannot. */
async function stands() {
  clearTimeout(timer);
  noted();
  const mine = turn + 1;
  await update(true);
  if (mine !== turn) return false; // something was changed meanwhile
  if (fault) goTo(fault);
  return !fault;
}

const group = (name) => held?.groups[name] ?? (name === "all" ? t("assess.everyone") : name === "others" ? t("assess.others") : /^[A-Z]$/.test(name) ? t("assess.group_of", { name }) : name);
const ofAll = (measure) => held.measures.find((each) => each.measure === measure && each.group === "all");

function show() {
  put(one("#headlines"), held.headlines.map(ofAll).filter(Boolean).map((each) => el("div", { class: "headline" },
    el("p", { class: "what" }, texts("assess.cards")[each.measure] ?? each.label),
    el("p", { class: "value" }, number(each.declared), each.unit === "%" ? "\u00a0%" : el("span", { class: "unit" }, ` ${each.unit}`)),
    each.safeguarded === null ? null : el("p", { class: "small quiet" }, `${t("assess.safeguarded")}: ${withUnit(each.safeguarded, each.unit)}`))));
  say(one("#assumed"), t("assess.assumptions", { assumed: held.assumptions, figures: held.figures }));
  if (slider && document.activeElement !== slider) slider.value = held.threshold;
  if (slider) say(one("#threshold-value"), String(Number(held.threshold.toFixed(4))));
  everyMeasure();
  draw();
}

const heads = () => [t("assess.measure"), t("assess.group"), t("assess.declared"), t("assess.safeguarded")];

function everyMeasure() {
  const names = heads();
  const rows = held.measures.map((each) => el("tr", {},
    el("th", { scope: "row" }, `${each.label}, ${each.unit}`),
    el("td", { "data-head": names[1] }, group(each.group)),
    el("td", { class: "number", "data-head": names[2] }, number(each.declared)),
    el("td", { class: "number", "data-head": names[3] }, number(each.safeguarded))));
  put(one("#measures .scroll"), el("table", { class: "stacked" },
    el("thead", {}, el("tr", {}, names.map((name, k) => el("th", { scope: "col", class: k > 1 ? "number" : null }, name)))), el("tbody", {}, rows)));
}

let picture = null;

function draw() {
  const rows = held.measures.filter((each) => each.measure === held.by_group && each.declared !== null);
  if (!rows.length) {
    put(one("#picture"), el("p", { class: "quiet small" }, t("assess.no_groups")));
    return;
  }
  const apart = rows.filter((each) => each.group !== "all");
  const worst = apart.reduce((a, b) => (b.declared > a.declared ? b : a));
  const best = apart.reduce((a, b) => (b.declared < a.declared ? b : a));
  const ratio = best.declared > 0 ? worst.declared / best.declared : null;
  const title = ratio === null || ratio < 1.005 ? t("assess.equal", { label: worst.label })
    : t("assess.unequal", { label: worst.label, ratio: number(ratio, 2), worst: group(worst.group), best: group(best.group) });
  const source = t("assess.curve_source", { assumptions: one("#assumed").textContent });
  if (!picture) {
    picture = figure({ name: `${system}-by-group`, draw: chart, table });
    put(one("#picture"), picture.node);
  }
  picture.entitle({ title, source, subtitle: t("assess.in_unit", { unit: rows[0].unit }) });
  picture.redraw();
}

const rowsNow = () => held.measures.filter((each) => each.measure === held.by_group && each.declared !== null);

function chart(width) {
  const rows = rowsNow();
  const title = one("#picture .figure-title").textContent;
  if (!curve.length) {
    return signedBars({ title, unit: rows[0].unit, rows: rows.map((each) => ({ label: group(each.group), value: each.declared, text: number(each.declared), tone: each.group === "all" ? "quiet" : "b" })) }, width);
  }
  const at = slider ? Number(slider.value) : held.threshold;
  const names = Object.fromEntries(Object.keys(curve[0].by_group).map((name) => [name, group(name)]));
  return rateCurve({ points: curve, at, names, unit: rows[0].unit, title, mark: t("assess.threshold_at", { value: Number(at.toFixed(4)) }) }, width);
}

function table() {
  const rows = rowsNow();
  if (!curve.length) return { head: [t("assess.group"), t("assess.declared"), t("assess.safeguarded")], rows: rows.map((each) => [group(each.group), number(each.declared), number(each.safeguarded)]) };
  const groups = Object.keys(curve[0].by_group);
  return { head: [t("assess.threshold"), ...groups.map(group)], rows: curve.map((point) => [String(point.threshold), ...groups.map((name) => number(point.by_group[name]))]) };
}

function soon(withCurve) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    noted();
    update(withCurve);
  }, WAIT);
}
form.addEventListener("input", () => { noteChanges(form); soon(true); });
if (slider) {
  const field = one('.question[data-path="accuracy.threshold"] [data-part="value"]', form);
  slider.addEventListener("input", () => {
    field.value = String(Number(Number(slider.value).toFixed(4)));
    say(one("#threshold-value"), field.value);
    for (const each of curve.length && held ? held.measures.filter((one) => one.measure === held.by_group) : []) {
      each.declared = between(curve, Number(slider.value), (point) => point.by_group[each.group]);
    }
    if (held) draw();
    noteChanges(form);
    soon(false);
  });
}

// ---------------------------------------------------------------- the assessment

let running = 0;

one("#run").addEventListener("submit", (event) => {
  event.preventDefault();
  assess();
});

async function assess() {
  if (!(await stands())) return;
  running += 1;
  const mine = running;
  const button = one("#run .primary");
  button.disabled = true;
  one("#result").hidden = true;
  try {
    const seeds = Number(one("#seeds").value);
    const job = await post("/api/assessments", { system, answers: answers(form), seeds });
    noted(seeds);
    const done = await follow(job.id, (now) => bar.show(now), () => mine === running);
    if (done.state !== "done") throw new Error(t("assess.failed", { sentence: done.sentence }));
    result(await get(`/api/jobs/${done.id}/assessment`), done.id);
  } catch (error) {
    trouble(error);
    bring(one("#problem"));
  } finally {
    bar.hide();
    button.disabled = false;
  }
}

function result(found, id) {
  const place = one("#result");
  const link = (path, words, more = {}) => el("a", { href: `/api/jobs/${id}/${path}`, ...more }, words);
  const [head, ...rows] = found.headline;
  place.hidden = false;
  put(
    place,
    el("h2", { id: "result-title", tabindex: -1 }, t("assess.result_title")),
    el("ul", { class: "findings" }, found.findings.slice(0, 5).map((text) => el("li", {}, text))),
    head ? el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("assess.result") }, tableOf({ head, rows })) : null,
    el("p", { class: "small quiet" }, t("assess.result_agree", found)),
    el("p", { class: "row" }, link("document.html", t("assess.document"), { class: "button primary", target: "_blank", rel: "noopener" }), link("document.docx", t("assess.docx"), { class: "button", download: true })),
    el("p", { class: "row small" }, link("assessment/file", t("assess.file"), { download: true }), link("assessment/estimates", t("assess.estimates"), { download: true })),
    el("details", { class: "small" }, el("summary", {}, t("assess.exports")), el("ul", {}, found.exports.map((each) => el("li", {}, link(`assessment/${each.kind}`, each.what, { download: true }))))),
  );
  one("#result-title").focus();
}

one("#save").addEventListener("click", async () => {
  if (!(await stands())) return;
  try {
    const answer = await fetch("/api/assessments/file", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ system, answers: answers(form) }) });
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const link = el("a", { href: URL.createObjectURL(await answer.blob()), download: `${system}.yaml` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch (error) {
    trouble(error);
  }
});

restore(form, view.answers);
noteChanges(form);
document.body.dataset.kind = kind;
if (view.seeds) {
  one("#seeds").value = view.seeds;
  assess();
} else update(true);
