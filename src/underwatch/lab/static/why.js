// Why: the share of each organ, what the assumptions leave, the cases by verdict, the assumptions.

import { remember, view } from "./address.js";
import { follow, get, post } from "./api.js";
import { signedBars } from "./bars.js";
import { all, el, one, put, say } from "./dom.js";
import { figure } from "./figures.js";
import { fixed, number, places } from "./format.js";
import { jobLine } from "./job_line.js";
import { t } from "./texts.js";

const state = JSON.parse(one("#state").textContent);
const LISTED = 20;

function trouble(error) {
  const place = one("#problem");
  place.hidden = !error;
  if (error) say(place, error.message);
}

/** Numbers that share an interval, with as many digits as it carries. */
function together(value, low, high) {
  const n = low === null || low === undefined ? 2 : places(low, high);
  return [value, low, high].map((each) => fixed(each, n));
}

// ---------------------------------------------------------------- the share of each organ

const form = one("#attribute");
const bar = jobLine(one("#job"), t("why.stop"));
const chosen = () => all('input[name="organ"]:checked', form).map((box) => box.value);
let turn = 0;

function check() {
  const count = chosen().length;
  const fits = count >= 2 && count <= Number(form.dataset.most);
  const error = one("#organs-error");
  error.hidden = fits;
  if (!fits) say(error, t("why.organs_many", { most: form.dataset.most }));
  say(one("#causes-size"), fits ? t("why.causes_small", { worlds: 2 ** count }) : "");
  return fits;
}
form.addEventListener("change", check);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!check()) return;
  remember({ share: `${one("#measure").value}:${chosen().join(".")}` });
  compute();
});

async function compute() {
  turn += 1;
  const mine = turn;
  trouble(null);
  try {
    const job = await post("/api/attributions", { state, measure: one("#measure").value, organs: chosen() });
    const done = await follow(job.id, (now) => mine === turn && bar.show(now), () => mine === turn);
    if (!done || mine !== turn) return;
    bar.hide();
    if (done.state !== "done") throw new Error(done.sentence);
    shares(await get(`/api/jobs/${done.id}/attribution`));
  } catch (error) {
    bar.hide();
    trouble(error);
  }
}

function shares(found) {
  const widest = found.shares.reduce((a, b) => (b.high - b.low > a.high - a.low ? b : a));
  const digits = widest.low === null ? 2 : places(widest.low, widest.high);
  const alike = (values) => values.map((each) => fixed(each === null || Math.abs(each) >= 0.5 * 10 ** -digits ? each : 0, digits));
  const rows = found.shares.filter((one) => one.value !== null).map((share) => {
    const [value, low, high] = alike([share.value, share.low, share.high]);
    return { label: share.name, value: share.value, low: share.low, high: share.high, text: value, cells: [share.name, value, low, high], tone: share.value < 0 ? "a" : "b" };
  });
  const heads = [t("why.organ"), `${t("why.value")} (${found.unit})`, t("why.low"), t("why.high")];
  const title = sharesTitle(found);
  const picture = figure({
    name: `shares-${found.measure}`,
    title,
    subtitle: t("why.causes_subtitle", { label: found.label, unit: found.unit }),
    source: t("why.causes_source", { method: found.method, citizens: number(found.citizens), days: number(found.days) }),
    draw: (width) => (rows.length ? signedBars({ rows, unit: found.unit, title }, width) : null),
    table: () => ({ head: heads, rows: rows.map((row) => row.cells) }),
  });
  put(one("#shares"), picture.node, found.cautions.length ? el("ul", { class: "plain-list small quiet" }, found.cautions.map((text) => el("li", {}, text))) : null);
}

function sharesTitle(found) {
  const [first] = found.shares;
  if (!found.ranked || !first || first.value === null || first.value <= 0 || (first.low !== null && first.low <= 0)) return t("why.causes_title_none", { label: found.label });
  const level = found.shares.filter((one) => one.high !== null && first.low !== null && one.high >= first.low && one.low <= first.high);
  const [value] = together(first.value, first.low, first.high);
  if (level.length > 1) {
    const names = level.map((one) => one.name);
    return t("why.causes_title_several", { names: `${names.slice(0, -1).join(", ")} ${t("why.and")} ${names.at(-1)}` });
  }
  return t("why.causes_title", { name: first.name, value, unit: found.unit, total: number(found.total) });
}

// ---------------------------------------------------------------- what the assumptions leave

function sensitivity(found) {
  const place = one("#sensitivity");
  if (!found.computed) {
    put(place, el("p", {}, t("why.assumed_missing")), el("pre", {}, found.command));
    return;
  }
  const banded = found.measures.filter((each) => each.low !== null);
  const first = Math.max(0, banded.findIndex((each) => each.effects.length));
  const pick = el("select", { id: "sensitive", onchange: () => {
    const each = banded[pick.selectedIndex];
    remember({ assumed: each === banded[first] ? null : each.name });
    show(each);
  } }, banded.map((each) => el("option", {}, each.label)));
  const box = el("div");
  const heads = ["measure", "value", "band", "difference", "sign"].map((name) => t(`why.column_${name}`));
  const table = el("table", { class: "stacked" },
    el("thead", {}, el("tr", {}, heads.map((head, k) => el("th", { scope: "col", class: k && k < 4 ? "number" : null }, head)))),
    el("tbody", {}, found.measures.map((each) => el("tr", {},
      el("th", { scope: "row" }, `${each.label}, ${each.unit}`),
      el("td", { class: "number", "data-head": heads[1] }, number(each.value)),
      el("td", { class: "number", "data-head": heads[2] }, range(each.low, each.high)),
      el("td", { class: "number", "data-head": heads[3] }, range(each.difference_low, each.difference_high)),
      el("td", { "data-head": heads[4] }, each.sign === "open" ? el("mark", {}, t("why.sign_open")) : each.sign)))));
  put(place, el("p", { class: "field pick-measure" }, el("label", { for: "sensitive" }, t("why.assumed_pick")), pick), box,
    el("details", {}, el("summary", {}, t("why.assumed_table")), el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("why.assumed_table") }, table)));

  function show(each) {
    const digits = each.effects.length ? Math.min(...each.effects.map((one) => places(one.low, one.high))) : 0;
    const rows = each.effects.map((effect) => {
      const [value, low, high] = [effect.effect, effect.low, effect.high].map((one) => fixed(one, digits));
      return { label: effect.label, value: effect.effect, low: Math.max(0, effect.low), high: effect.high, text: value, cells: [`${effect.label} (${effect.keys.join(", ")})`, effect.range, value, low, high] };
    });
    const title = t("why.assumed_band", { label: each.label, low: number(each.low), high: number(each.high), unit: each.unit });
    const picture = figure({
      name: `assumptions-${each.name}`,
      title,
      subtitle: rows.length ? t("why.assumed_movers", { unit: each.unit }) : t("why.assumed_none"),
      source: t("why.assumed_source", { points: found.points, varied: found.varied, ranked: found.ranked, citizens: number(found.citizens), days: number(found.days) }),
      draw: (width) => (rows.length ? signedBars({ rows, unit: each.unit, title }, width) : null),
      table: () => ({ head: [t("why.mover"), t("why.mover_range"), `${t("why.mover_effect")} (${each.unit})`, t("why.low"), t("why.high")], rows: rows.map((row) => row.cells) }),
    });
    const verdict = each.sign === "open" ? el("p", {}, el("mark", {}, t("why.sign_open"))) : null;
    put(box, verdict, picture.node);
  }
  const asked = banded.findIndex((each) => each.name === view.assumed);
  pick.selectedIndex = asked < 0 ? first : asked;
  show(banded[pick.selectedIndex]);
}

const range = (low, high) => (low === null || low === undefined ? "–" : `${number(low)} … ${number(high)}`);

// ---------------------------------------------------------------- what was checked

one("#verdicts").addEventListener("change", (event) => {
  remember({ verdict: event.target.value });
  for (const row of all(".cases tbody tr")) row.hidden = event.target.value !== "" && row.dataset.verdict !== event.target.value;
});

// ---------------------------------------------------------------- the assumptions

function assumptions(found) {
  const known = found.assumptions.map((each) => ({ ...each, text: [each.key, each.meaning, each.reason, each.source, ...each.organs].join(" ").toLowerCase() }));
  const list = one("#assumption-list");
  const search = one("#search");
  let whole = false;
  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = known.filter((each) => words.every((word) => each.text.includes(word)));
    const shown = whole ? matching : matching.slice(0, LISTED);
    say(one("#found"), t("why.found", { n: matching.length, all: known.length }));
    put(list, el("div", { class: "assumptions" }, shown.map(entry)),
      shown.length < matching.length ? el("button", { type: "button", onclick: () => { whole = true; show(); } }, t("why.more", { n: matching.length })) : null);
  }
  search.addEventListener("input", () => { whole = false; show(); });
  search.addEventListener("change", () => remember({ search: search.value.trim() }));
  show();
}

function entry(each) {
  const facts = [
    [t("why.range"), each.range || t("why.not_varied")],
    [t("why.reason"), each.reason],
    [t("why.source"), each.source],
    [t("why.organ_list"), each.organs.join(", ")],
  ].filter(([, text]) => text);
  return el("article", { class: "assumption", id: `assumption-${each.key}` },
    el("h3", {}, el("code", {}, each.key), " ", el("span", { class: "assumption-value" }, each.value)),
    each.meaning ? el("p", { class: "small" }, `${each.meaning.charAt(0).toUpperCase()}${each.meaning.slice(1)}.`) : null,
    el("dl", { class: "facts small" }, facts.map(([name, text]) => [el("dt", {}, name), el("dd", {}, text)])));
}

// ---------------------------------------------------------------- start

check();
if (view.share) compute();
get(`/api/sensitivity/${state.scenario}`).then(sensitivity).catch(trouble);
get(`/api/assumptions?scenario=${state.scenario}`).then(assumptions).catch(trouble);
