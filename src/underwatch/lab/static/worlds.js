// Two worlds side by side: maps that live while the worlds run, one clock, figures with bands,
// and the switches that run them again with the same people.

import { readable, view } from "./address.js";
import { follow, get, pause, post, Refused, remove } from "./api.js";
import { lines } from "./charts.js";
import { all, calm, el, one, put, say } from "./dom.js";
import { copy, figure } from "./figures.js";
import { dateAfter, longDate, number } from "./format.js";
import { Reel, SharedScale } from "./frames.js";
import { empty, fewest, frameTime, legend, worldMap } from "./map.js";
import { player } from "./player.js";
import { switches } from "./switches.js";
import { t, texts } from "./texts.js";

const WORLDS = ["watched", "other"];
const spots = JSON.parse(one("#places").textContent);
const SEEDS = [3, 5, 10];
const held = JSON.parse(one("#state").textContent);
const measures = Object.fromEntries(Object.keys(texts("measures")).map((name) => [name, texts("measures")[name]]));

let state = held;
let chart = view.chart; // the measure of the lower chart
let experiment = null;
let reels = {};
let scale = new SharedScale("harm");
let turn = 0; // counts experiments, so that what belongs to an earlier one ends
let jobs = {};
let summaries = {};
let bands = null;

// ---------------------------------------------------------------- the maps and the clock

const maps = {};
const places = {};
for (const world of WORLDS) {
  const place = one(`#world-${world}`);
  maps[world] = worldMap({ name: t(`worlds.${world}`), picked: choose });
  places[world] = { value: one(".value", place), unit: one(".unit", place), state: one(".state", place), progress: one("progress", place), title: one("h2", place) };
  one(".map-place", place).append(maps[world].node);
}
const ramp = legend();
one("#legend").append(ramp.node);
const clock = player({
  shown: draw,
  reach: () => Math.min(...WORLDS.map((world) => reels[world]?.reach ?? -1)),
  ended: () => WORLDS.every((world) => reels[world]?.ended),
});
one("#player").append(clock.node, clock.note);

const about = () => measures[state.measure] ?? measures.restricted;
const shown = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en", { minimumFractionDigits: about().places, maximumFractionDigits: about().places }));

function draw(day) {
  const iso = experiment ? dateAfter(experiment.first_day, day) : "";
  for (const world of WORLDS) {
    const reel = reels[world];
    if (!reel) continue;
    maps[world].show(reel.frame(day));
    const mean = reel.empty(day) ? null : reel.meanOn(day);
    say(places[world].value, shown(mean));
    say(places[world].unit, mean === null ? "" : about().unit);
    maps[world].label(t("map.label", { world: t(`worlds.${world}`), n: reel.values[0]?.length ?? 0, measure: about().long, mean: shown(mean), unit: about().unit, date: iso ? longDate(iso) : "" }));
  }
  place();
}

function rescale() {
  if (!scale.grow(WORLDS.map((world) => reels[world]).filter(Boolean))) return;
  const range = { ...scale.range, kind: about().scale, unit: about().unit, open: true };
  for (const world of WORLDS) maps[world].scale(range);
  note(range);
}

function note(range = { ...scale.range, kind: about().scale, unit: about().unit, open: true }) {
  const reel = reels.watched;
  const index = reel ? reel.at(clock.day) : -1;
  const margin = index < 0 ? null : reel.chance[index];
  const adults = layout ? Math.round(layout.hexes.reduce((sum, hex) => sum + hex.adults, 0) / layout.hexes.length) : 0;
  ramp.show(range, about().long, margin === null ? "" : t("map.chance", { adults: number(adults), margin: number(margin, 2), unit: about().unit }));
}

let drawn = 0;
function beat(now) {
  if (now - drawn >= frameTime()) {
    drawn = now;
    clock.tick(now);
  }
  requestAnimationFrame(beat);
}
requestAnimationFrame(beat);

// ---------------------------------------------------------------- one neighbourhood

let layout = null;

function choose(id) {
  if (!layout) return;
  state = { ...state, hex: layout.hexes[id].id };
  for (const world of WORLDS) maps[world].select(id);
  place();
  remember();
}

function place() {
  const box = one("#place");
  if (state.hex === null || !layout) {
    put(box, el("p", { class: "quiet" }, t("worlds.places_none")));
    return;
  }
  const hex = layout.hexes[state.hex];
  if (!hex) return;
  const values = WORLDS.map((world) => reels[world]?.frame(clock.day)?.[state.hex] ?? null);
  const text = `${t("map.neighbourhood")} ${hex.id}, ${t(`map.${hex.kind}`)}, ${number(hex.adults)} ${t("map.adults").toLowerCase()}`;
  const line = WORLDS.map((world, k) => `${t(`worlds.${world}`)}: ${values[k] === null ? "–" : `${shown(values[k])}\u00a0${about().unit}`}`).join(" · ");
  if (box.dataset.hex !== String(hex.id)) {
    box.dataset.hex = hex.id;
    put(box, el("div", { class: "pick" }, el("strong", {}, text), el("span", { class: "values" }), el("a", {}, t("worlds.places_find"))));
  }
  say(one(".values", box), line);
  one("a", box).href = `/life?${query({ hex: hex.id })}`;
}

// ---------------------------------------------------------------- running an experiment

function query(more = {}) {
  const link = experiment?.link ?? "/worlds";
  const found = new URLSearchParams(link.split("?")[1] ?? "");
  for (const name of ["measure", "day", "hex", "citizen"]) found.delete(name);
  const seen = { measure: state.measure === "restricted" ? null : state.measure, day: null, hex: state.hex, citizen: state.citizen, ...more };
  for (const [name, value] of Object.entries(seen)) if (value !== null && value !== undefined) found.set(name, value);
  return readable(found);
}

function remember() {
  const day = clock.live || (reels.watched?.ended && clock.day >= experiment.days - 1) ? null : clock.day;
  const address = `/worlds?${query({ day, chart: chart === "chilled_share" ? null : chart })}`.replace(/\?$/, "");
  history.replaceState(null, "", address);
  const link = one("#link");
  link.value = new URL(address, location.href).href;
  for (const anchor of all("header nav a")) {
    const path = new URL(anchor.href).pathname;
    if (path !== "/") anchor.href = `${path}?${query({ day })}`;
  }
}

async function begin(wanted, at = null) {
  turn += 1;
  const mine = turn;
  for (const reel of Object.values(reels)) reel.stop();
  say(one("#problem"), "");
  one("#problem").hidden = true;
  try {
    experiment = await post("/api/experiments", wanted);
  } catch (error) {
    problem(error);
    return;
  }
  state = { ...experiment.state, day: wanted.day, hex: wanted.hex, citizen: wanted.citizen, measure: wanted.measure };
  [jobs, summaries, bands, layout] = [{}, {}, null, null];
  if (spots.length === Math.ceil(state.citizens / 512)) for (const world of WORLDS) maps[world].layout(empty(spots));
  const events = experiment.events.filter((event) => event.world === "watched").map((event, k) => ({ ...event, number: String(k + 1) }));
  experiment.marks = events;
  clock.begin({ first: experiment.first_day, days: experiment.days, every: experiment.every, events }, at);
  for (const world of experiment.worlds) {
    say(places[world.name].title, world.title);
    jobs[world.name] = world.job;
    describe(world.name, world.job);
  }
  say(one("#changes"), experiment.changes);
  say(one("#python-text"), experiment.python);
  say(one("#hashes"), t("worlds.hashes", Object.fromEntries(experiment.worlds.map((world) => [world.name, world.hash]))));
  one("#downloads").hidden = true;
  one("#python-hash").hidden = true;
  put(one("#headline"), el("p", { class: "quiet" }, t("worlds.change_wait")));
  say(one("#change"), t("worlds.change_wait"));
  panel.taken(state, experiment);
  look(state.measure, false);
  const ended = WORLDS.map(async (world) => {
    const job = await follow(jobs[world].id, (seen) => {
      jobs[world] = seen;
      describe(world, seen);
    }, () => mine === turn);
    if (job?.state === "done") summaries[world] = await get(`/api/jobs/${job.id}/summary`);
    return job;
  });
  remember();
  try {
    const found = await Promise.all(ended);
    if (mine !== turn || found.some((job) => job?.state !== "done")) return;
    finished(mine);
  } catch (error) {
    if (mine === turn) problem(error);
  }
}

function problem(error) {
  const box = one("#problem");
  box.hidden = false;
  say(box, error instanceof Refused ? error.message : t("jobs.lost"));
}

/** What a job does, in words, below its map. */
function describe(world, job) {
  const { state: line, progress } = places[world];
  const date = experiment ? longDate(dateAfter(experiment.first_day, Math.max(0, job.day - 1))) : "";
  let text = "";
  if (job.state === "waiting") text = job.place > 1 ? t("jobs.waiting", { place: job.place }) : t("jobs.first");
  else if (job.state === "running") {
    text = job.stage === "days" ? t("jobs.days", { day: number(job.day), days: number(job.days), date }) : job.stage_text;
  } else if (job.state === "done") text = t("jobs.done", { days: number(job.days), date });
  else if (job.state === "failed") text = t("jobs.failed", { sentence: job.sentence });
  else text = t("jobs.cancelled");
  const busy = job.state === "waiting" || job.state === "running";
  if (line.dataset.kind !== String(busy)) {
    line.dataset.kind = String(busy);
    const act = busy
      ? el("button", { type: "button", class: "link small", onclick: () => remove(`/api/jobs/${jobs[world].id}`).catch(problem) }, t("jobs.cancel"))
      : job.state === "done" ? null : el("button", { type: "button", class: "link small", onclick: () => begin(state) }, t("jobs.again"));
    put(line, el("span", {}), " ", act);
  }
  say(line.firstElementChild, text);
  progress.hidden = !busy;
  if (job.state === "running" && job.stage === "days") {
    progress.max = job.days;
    progress.value = job.day;
  } else progress.removeAttribute("value");
}

/** Colour the maps by another measure. */
async function look(name, write = true) {
  const mine = turn;
  const day = clock.day;
  state = { ...state, measure: name };
  for (const input of all("#measures input")) input.checked = input.value === name;
  for (const reel of Object.values(reels)) reel.stop();
  scale = new SharedScale(about().scale);
  if (layout) scale.leave(fewest(layout.hexes));
  reels = {};
  for (const world of WORLDS) {
    maps[world].show(null);
    reels[world] = new Reel(jobs[world].id, name, () => {
      rescale();
      course();
      if (!clock.live) clock.redraw();
    });
  }
  const started = WORLDS.map((world) => reels[world].read());
  if (write) {
    clock.redraw();
    remember();
  }
  placed(mine, day);
  try {
    await Promise.all(started);
    if (mine === turn) {
      note();
      course(true);
      clock.redraw();
    }
  } catch (error) {
    if (mine === turn) problem(error);
  }
}

/** The map itself, as soon as one of the worlds has invented its people. */
async function placed(mine) {
  while (mine === turn && !layout) {
    const world = WORLDS.find((name) => reels[name]?.days.length);
    if (world) layout = await get(`/api/jobs/${jobs[world].id}/map`);
    else await pause(200);
  }
  if (mine !== turn) return;
  scale.leave(fewest(layout.hexes));
  rescale();
  for (const world of WORLDS) {
    maps[world].layout(layout.hexes);
    maps[world].select(state.hex);
  }
  note();
  clock.redraw();
  neighbourhoods();
}

/** The table that says what the maps show. */
function neighbourhoods() {
  const fold = one("#neighbourhoods");
  const write = () => {
    if (!fold.open || !layout) return;
    const values = WORLDS.map((world) => reels[world]?.frame(clock.day) ?? []);
    const rows = layout.hexes.map((hex, k) => el(
      "tr", {}, el("th", { scope: "row" }, number(hex.id)), el("td", {}, t(`map.${hex.kind}`)), el("td", { class: "number" }, number(hex.adults)),
      values.map((found) => el("td", { class: "number" }, shown(found[k] ?? null))),
    ));
    put(one("div", fold), el(
      "table", {}, el("caption", {}, `${about().long}, ${about().unit}, ${longDate(dateAfter(experiment.first_day, clock.day))}`),
      el("thead", {}, el("tr", {}, [t("map.neighbourhood"), t("map.kind"), t("map.adults"), t("worlds.watched"), t("worlds.other")].map((head, k) => el("th", { scope: "col", class: k > 1 ? "number" : null }, head)))),
      el("tbody", {}, rows),
    ));
  };
  fold.ontoggle = write;
  write();
}

// ---------------------------------------------------------------- the course over time

const trace = figure({
  name: "course",
  draw: (width) => {
    if (!experiment || WORLDS.every((world) => !reels[world]?.days.length)) return null;
    return lines({ series: thinned(), first: experiment.first_day, days: experiment.days, unit: about().unit, events: experiment.marks, title: courseTitle(), height: 260, least: about().scale === "good" ? scale.range.low : 0 }, width);
  },
  table: () => {
    const [a, b] = WORLDS.map((world) => reels[world]);
    if (!a?.days.length || !experiment) return { head: [], rows: [] };
    const every = Math.max(1, Math.ceil(a.days.length / 60));
    const days = a.days.filter((_, k) => k % every === 0 || k === a.days.length - 1);
    return {
      head: [t("worlds.day"), t("worlds.watched"), t("worlds.other")],
      rows: days.map((day) => [dateAfter(experiment.first_day, day), shown(a.meanOn(day)), b && day <= b.reach ? shown(b.meanOn(day)) : "–"]),
    };
  },
});
one("#course").append(trace.node);

const against = (name, here, there, unit) => t("worlds.against", { name, here, there, unit });

function thinned() {
  return WORLDS.filter((world) => reels[world]?.days.length).map((world) => {
    const reel = reels[world];
    const every = Math.max(1, Math.ceil(reel.days.length / 400));
    const kept = reel.days.map((_, k) => k).filter((k) => k % every === 0 || k === reel.days.length - 1);
    return { name: t(`worlds.${world}`).toLowerCase(), days: kept.map((k) => reel.days[k]), values: kept.map((k) => reel.mean[k]) };
  });
}

function courseTitle() {
  const [a, b] = WORLDS.map((world) => reels[world]);
  const day = Math.min(a?.reach ?? -1, b?.reach ?? -1);
  if (day < 0) return about().long;
  return against(about().short, shown(a.meanOn(day)), shown(b.meanOn(day)), about().unit);
}

let traced = 0;
function course(now = false) {
  const time = performance.now();
  if (!now && time - traced < (calm() ? 2000 : 300)) return;
  traced = time;
  trace.entitle({
    title: courseTitle(), subtitle: `${about().long}, ${about().unit}`, source: source(),
    notes: (experiment?.marks ?? []).map((event) => `${longDate(event.date)}: ${event.text}`),
  });
  trace.redraw();
}

function source() {
  if (!experiment) return "";
  return t("figure.source", {
    citizens: number(state.citizens), days: number(experiment.days), seed: state.seed, assumptions: one("#counted").textContent,
    version: document.body.dataset.version ?? "", hashes: experiment.worlds.map((world) => world.hash).join(" / "),
  });
}

// ---------------------------------------------------------------- figures and bands

function finished(mine) {
  one("#downloads").hidden = false;
  for (const world of WORLDS) {
    const id = jobs[world].id;
    for (const link of all(`[data-world="${world}"]`, one("#downloads"))) link.href = `/api/jobs/${id}/${link.dataset.file}`;
  }
  const hash = one("#python-hash");
  hash.hidden = false;
  say(hash, t("worlds.python_hash", Object.fromEntries(WORLDS.map((world) => [world, (summaries[world].state_hash ?? "").slice(0, 16)]))));
  headline();
  banded(mine, SEEDS[0]);
  more();
  say(one("#announce"), t("jobs.done", { days: number(experiment.days), date: longDate(dateAfter(experiment.first_day, experiment.days - 1)) }));
}

function headline() {
  const named = Object.fromEntries(WORLDS.map((world) => [world, new Map(summaries[world].measures.map((one_) => [one_.name, one_]))]));
  const ranged = new Map((bands?.measures ?? []).map((row) => [row.name, row]));
  const rows = summaries.watched.headlines.map((name) => {
    const row = ranged.get(name);
    const cells = WORLDS.map((world) => {
      const found = named[world].get(name);
      const band = row && row[`${world}_low`] !== null ? el("span", { class: "interval" }, t("worlds.range", { low: number(row[`${world}_low`]), high: number(row[`${world}_high`]) })) : null;
      return el("td", { class: "number", "data-head": t(`worlds.${world}`) }, el("span", {}, found && found.value !== null ? number(found.value) : found?.note || "–", band));
    });
    const about_ = named.watched.get(name);
    const gap = row ? el("td", { class: "number", "data-head": t("worlds.difference") }, el("span", {}, row.difference === null ? row.note || "–" : signed(row.difference),
      row.low === null ? null : el("span", { class: "interval" }, t("worlds.range", { low: signed(row.low), high: signed(row.high) }), row.beyond_chance ? "\u00a0*" : ""))) : null;
    return el("tr", {}, el("th", { scope: "row", title: about_.definition }, about_.label, el("span", { class: "interval" }, about_.unit)), cells, gap);
  });
  put(one("#headline"), el(
    "table", { class: "headline-table" },
    el("thead", {}, el("tr", {}, [t("worlds.measure_column"), t("worlds.watched"), t("worlds.other"), bands ? t("worlds.difference") : null].filter(Boolean).map((head, k) => el("th", { scope: "col", class: k ? "number" : null }, head)))),
    el("tbody", {}, rows),
  ), el("p", { class: "quiet small" }, bands ? `${t("worlds.bands_now", { seeds: bands.seeds.length })} ${t("worlds.star")}` : t("worlds.headline_note")));
  if (bands) say(one("#change"), bands.sentence);
  else {
    const first = named.watched.get("chilled_share");
    const there = named.other.get("chilled_share");
    if (first && there) say(one("#change"), t("worlds.change_one", { label: first.label, here: first.text, there: there.text }));
  }
}

const signed = (value) => (value > 0 ? `+${number(value)}` : number(value).replace("-", "\u2212"));

async function banded(mine, seeds) {
  const line = one("#bands");
  try {
    const job = await post(`/api/experiments/${experiment.id}/bands`, { seeds });
    const ended = await follow(job.id, (seen) => {
      if (seen.state === "waiting") say(line, seen.place > 1 ? t("jobs.waiting", { place: seen.place }) : t("jobs.first"));
      else if (seen.stage === "seeds") say(line, t("worlds.bands_run", { seeds, done: number(seen.day), total: number(seen.days) }));
      else say(line, seen.stage_text);
    }, () => mine === turn);
    if (mine !== turn) return;
    if (ended?.state !== "done") {
      say(line, t("worlds.bands_stop", { sentence: ended?.sentence ?? "" }));
      return;
    }
    bands = await get(`/api/jobs/${job.id}/bands`);
    headline();
    const next = SEEDS.find((count) => count > seeds);
    put(line, next ? el("button", { type: "button", onclick: () => banded(turn, next) }, t("worlds.bands_more", { seeds: next })) : "");
    const report = one("#compare-report");
    report.parentElement.hidden = false;
    report.href = `/api/jobs/${job.id}/report.html`;
  } catch (error) {
    if (mine === turn) say(line, t("worlds.bands_stop", { sentence: error.message }));
  }
}

// ---------------------------------------------------------------- any other measure

let chosen = null;
const other = figure({
  name: "measure",
  draw: (width) => {
    if (!chosen) return null;
    const monthDay = (iso) => Math.max(0, (Date.parse(`${iso}T00:00:00Z`) - Date.parse(`${experiment.first_day}T00:00:00Z`)) / 86400000);
    const series = WORLDS.map((world) => {
      const line = chosen[world].lines[0];
      return { name: t(`worlds.${world}`).toLowerCase(), days: chosen[world].months.map(monthDay), values: line.values.map((v) => (v === null ? null : v * factor())) };
    });
    const smallest = Math.min(...series.flatMap((one_) => one_.values.filter((v) => v !== null)));
    return lines({ series, first: experiment.first_day, days: experiment.days, unit: percent() ? "%" : chosen.watched.unit, events: experiment.marks, title: chosen.watched.title, height: 260, least: Math.min(0, smallest) }, width);
  },
  table: () => chosen && {
    head: [t("worlds.month"), t("worlds.watched"), t("worlds.other")],
    rows: chosen.watched.months.map((month, k) => [month.slice(0, 7), ...WORLDS.map((world) => {
      const value = chosen[world].lines[0].values[k];
      return value === null || value === undefined ? "–" : number(value * factor());
    })]),
  },
});
const percent = () => chosen.watched.unit.startsWith("share");
const factor = () => (percent() ? 100 : 1);
one("#other-measure").append(other.node);

async function more() {
  const select = one("#measure-select");
  const mine = turn;
  if (!select.options.length) {
    const labels = new Map(summaries.watched.measures.map((found) => [found.name, found.label]));
    const names = catalogue.plottable.filter((name) => labels.has(name));
    put(select, names.map((name) => el("option", { value: name, selected: name === chart }, labels.get(name))));
    select.addEventListener("change", () => {
      chart = select.value;
      remember();
      more();
    });
  }
  one("#more").hidden = false;
  const box = one("#measure-problem");
  say(box, "");
  try {
    const found = await Promise.all(WORLDS.map((world) => get(`/api/jobs/${jobs[world].id}/series?measure=${select.value}`)));
    if (mine !== turn) return;
    chosen = Object.fromEntries(WORLDS.map((world, k) => [world, found[k]]));
    const last = (world) => chosen[world].lines[0].values.filter((v) => v !== null).at(-1);
    const values = WORLDS.map((world) => (last(world) === undefined ? "–" : number(last(world) * factor())));
    other.entitle({ title: against(select.selectedOptions[0].textContent, values[0], values[1], percent() ? chosen.watched.unit.replace(/^share/, "%") : chosen.watched.unit), subtitle: chosen.watched.caption, source: source() });
    other.redraw();
  } catch (error) {
    if (mine === turn) say(box, error.message);
  }
}

// ---------------------------------------------------------------- the controls

const panel = switches(one("#switches"), (wanted) => {
  begin({ ...state, ...wanted, day: null, hex: null, citizen: null });
  if (matchMedia("(max-width: 68rem)").matches) one("#maps").scrollIntoView({ behavior: calm() ? "auto" : "smooth" });
  one("#maps-title").focus({ preventScroll: true });
});
for (const input of all("#measures input")) input.addEventListener("change", () => look(input.value));
one("#copy-link").addEventListener("click", () => {
  remember();
  copy(one("#link").value, one("#copied"));
});
one("#copy-python").addEventListener("click", () => copy(one("#python-text").textContent, one("#copied-python")));
one("#scrub").addEventListener("change", remember);

let catalogue = { plottable: [], organs: [], safeguards: [], scenarios: [] };
try {
  catalogue = await get("/api/catalogue");
  panel.offer(catalogue);
  await begin(state, state.day);
} catch (error) {
  problem(error);
}

