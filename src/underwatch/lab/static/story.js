// The guided story: six steps on one live pair of worlds. The first visit starts them at once.

import { follow, get, pause, post, Refused } from "./api.js";
import { all, calm, el, one, put, say } from "./dom.js";
import { dateAfter, duration, fixed, longDate, number } from "./format.js";
import { Reel, SharedScale } from "./frames.js";
import { empty, fewest, frameTime, legend, worldMap } from "./map.js";
import { Pictures } from "./pictures.js";
import { t, texts } from "./texts.js";

const WORLDS = ["watched", "other"];
const SEEDS = 3;
const SETTLED = 20; // seconds of a job, after which its speed says how long it will take
const state = JSON.parse(one("#state").textContent);
const { names, marks } = JSON.parse(one("#steps").textContent);
const keys = Object.keys(names);
const measures = texts("measures");
const shared = { state, marks, experiment: null, jobs: {}, stories: {}, reels: {}, bands: null, guards: null, sensitivity: null, bandsJob: null, guardsJob: null };
const pictures = new Pictures(shared);

// ---------------------------------------------------------------- one step at a time

const steps = all(".step");
const live = one(".live");
const home = live.parentElement;
const seen = new Set();
let now = null;

function stepOf(hash) {
  const key = decodeURIComponent(hash.replace(/^#/, ""));
  return keys.includes(key) ? key : keys[0];
}

function show(key, focus = false) {
  if (key === now) return;
  now = key;
  seen.add(key);
  for (const step of steps) {
    step.hidden = step.id !== key;
    step.classList.toggle("enter", step.id === key);
  }
  for (const link of all(".steps a")) {
    const mine = link.dataset.step;
    link.classList.toggle("seen", seen.has(mine));
    if (mine === key) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  one(".story-head").classList.toggle("short", key !== keys[0]);
  document.title = `${names[key]} – ${t("story.title")}`;
  if (focus) one(`#title-${key}`).focus({ preventScroll: true });
  pictures.redraw(key);
  house();
  look(one(`#${key}`).dataset.measure);
}

/** The living maps stand in the place of a picture as long as it is waited for, then below it. */
function house() {
  const place = pictures.ready(now) ? home : pictures.made[now].pending;
  if (live.parentElement !== place) place.append(live);
  // The last step is about other worlds than these two.
  live.hidden = !shared.experiment || now === "safeguards";
}

function go(key) {
  history.pushState(null, "", `${location.pathname}${location.search}#${key}`);
  show(key, true);
  scrollTo({ top: 0, behavior: calm() ? "auto" : "smooth" });
}

for (const [k, key] of keys.entries()) {
  const turn = one(".turn", one(`#${key}`));
  turn.hidden = false;
  if (k + 1 < keys.length) turn.append(el("button", { type: "button", class: "primary next", onclick: () => go(keys[k + 1]) }, t("story.next", { name: names[keys[k + 1]] })));
  else turn.append(el("a", { class: "button primary", href: one("#open-worlds").href }, t("story.end")));
  if (k) turn.append(el("button", { type: "button", onclick: () => go(keys[k - 1]) }, t("story.back")));
  one(".picture", one(`#${key}`)).append(pictures.node(key));
}
for (const link of all(".steps a")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go(link.dataset.step);
  });
}
addEventListener("popstate", () => show(stepOf(location.hash)));
addEventListener("hashchange", () => show(stepOf(location.hash)));
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, canvas, .scroll")) return;
  const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const next = keys[keys.indexOf(now) + along];
  if (along && next) go(next);
});

// ---------------------------------------------------------------- the two living maps

const maps = {};
const ramp = legend();
one("#legend").append(ramp.node);
for (const [k, world] of WORLDS.entries()) {
  maps[world] = worldMap({ name: t(`story.${world}`), picked: (id) => pick(world, id) });
  one(".map-place", all(".live .world")[k]).append(maps[world].node);
}
for (const each of WORLDS) maps[each].layout(empty(JSON.parse(one("#places").textContent)));
let scale = new SharedScale("harm");
let measure = "score";
let layout = null;
let day = 0;

/** What a neighbourhood shows, with the way to its people: nobody leaves the story unasked. */
function pick(world, id) {
  if (!layout) return;
  const words = t("story.picked", { world: t(`story.${world}`), words: maps[world].words(id) });
  const box = one("#picked");
  box.hidden = false;
  put(box, `${words} `, el("a", { href: `/life?${query({ hex: id })}` }, t("story.people_there")));
  for (const each of WORLDS) maps[each].select(id);
}

function query(more = {}) {
  const found = new URLSearchParams((shared.experiment?.link ?? "").split("?")[1] ?? "");
  for (const [name, value] of Object.entries(more)) found.set(name, value);
  return found.toString().replaceAll("%3A", ":");
}

function look(name) {
  if (!shared.experiment || (name === measure && Object.keys(shared.reels).length)) {
    measure = name;
    return;
  }
  measure = name;
  for (const reel of Object.values(shared.reels)) reel.stop();
  one("#picked").hidden = true;
  for (const world of WORLDS) maps[world].select(null);
  scale = new SharedScale(measures[name].scale);
  if (layout) scale.leave(fewest(layout.hexes));
  shared.reels = {};
  for (const world of WORLDS) {
    maps[world].show(null);
    shared.reels[world] = new Reel(shared.jobs[world].id, name, rescale);
    shared.reels[world].read().catch(problem);
  }
  if (!pictures.restricted) pictures.follow(shared.jobs);
  if (name === "restricted") pictures.redraw("closed");
}

function rescale() {
  if (!scale.grow(WORLDS.map((world) => shared.reels[world]).filter(Boolean))) return;
  const about = measures[measure];
  const range = { ...scale.range, kind: about.scale, unit: about.unit, open: true };
  for (const world of WORLDS) maps[world].scale(range);
  ramp.show(range, about.long, "");
}

let before = 0;
function beat(time) {
  requestAnimationFrame(beat);
  if (time - before < frameTime() || !layout) return;
  const passed = Math.min(0.25, (time - before) / 1000);
  before = time;
  // A world that has not begun is not waited for; once it begins, both are shown on the same day.
  const begun = WORLDS.map((world) => shared.reels[world]?.reach ?? -1).filter((found) => found >= 0);
  if (!begun.length) return;
  const reach = Math.min(...begun);
  day = calm() ? reach : Math.min(reach, day + Math.max(passed * 30, (reach - day) * Math.min(1, passed * 3)));
  const whole = Math.floor(day);
  const about = measures[measure];
  for (const [k, world] of WORLDS.entries()) {
    const reel = shared.reels[world];
    maps[world].show(reel.frame(whole));
    const mean = reel.meanOn(whole);
    const known = mean !== null && !reel.empty(whole);
    const unscored = measure === "score" && world === "other" && reel.frame(whole);
    const value = known ? fixed(mean, about.places) : unscored ? t("story.no_score") : "–";
    say(one(".value", all(".live .world")[k]), value);
    say(one(".unit", all(".live .world")[k]), known ? about.unit : "");
    maps[world].label(t("map.label", { world: t(`story.${world}`), n: layout.hexes.length, measure: about.long, mean: value, unit: known ? about.unit : "", date: longDate(dateAfter(shared.experiment.first_day, whole)) }));
  }
  say(one(".when", live), longDate(dateAfter(shared.experiment.first_day, whole)));
}
requestAnimationFrame(beat);

// ---------------------------------------------------------------- the runs

function problem(error) {
  const box = one("#problem");
  box.hidden = false;
  say(box, error instanceof Refused ? error.message : t("jobs.lost"));
}

/** What is being waited for, in one line. */
function progress(job) {
  if (!job) return "";
  if (job.state === "waiting") return job.place > 1 ? t("jobs.waiting", { place: job.place }) : t("jobs.first");
  if (job.state === "failed") return t("jobs.failed", { sentence: job.sentence });
  if (job.state === "cancelled") return t("jobs.cancelled");
  if (job.stage === "days") {
    return t("jobs.days", { day: number(job.day), days: number(job.days), date: longDate(dateAfter(shared.experiment.first_day, Math.max(0, job.day - 1))) });
  }
  return job.stage_text;
}

let shown = "";
function tell() {
  const [a, b] = WORLDS.map((world) => shared.jobs[world]);
  const slower = [a, b].filter((job) => job && job.state !== "done").sort((x, y) => x.day - y.day)[0];
  say(one(".progress-line", live), slower ? progress(slower) : "");
  say(one("#live-title"), slower ? t("story.live") : t("story.live_done"));
  const text = JSON.stringify([a?.state, a?.day, b?.state, b?.day, shared.bandsJob?.day, shared.guardsJob?.day, shared.guardsJob?.state]);
  if (text !== shown) {
    shown = text;
    pictures.waiting({ watched: progress(a), both: progress(slower), guards: guarded() });
    house();
  }
}

function guarded() {
  const job = shared.guardsJob;
  if (!job) return progress(WORLDS.map((world) => shared.jobs[world]).find((one_) => one_ && one_.state !== "done"));
  if (job.state === "running" && job.days && job.day && job.seconds > SETTLED) {
    return t("story.left", { done: number(job.day), total: number(job.days), time: duration((job.seconds * (job.days - job.day)) / job.day) });
  }
  if (job.state === "running" && job.days) return t("story.of", { done: number(job.day), total: number(job.days) });
  return progress(job);
}

async function placed() {
  while (!layout) {
    const world = WORLDS.find((name) => shared.reels[name]?.days.length);
    if (world) layout = await get(`/api/jobs/${shared.jobs[world].id}/map`);
    else await pause(200);
  }
  scale.leave(fewest(layout.hexes));
  rescale();
  for (const world of WORLDS) maps[world].layout(layout.hexes);
}

async function world(name) {
  const job = await follow(shared.jobs[name].id, (found) => {
    shared.jobs[name] = found;
    tell();
  });
  if (job?.state !== "done") return;
  shared.stories[name] = await get(`/api/jobs/${job.id}/story`);
  fill();
  pictures.redraw();
  house();
}

/** The figures of the texts that only the two worlds have. */
function fill() {
  if (!WORLDS.every((name) => shared.stories[name])) return;
  for (const [name, value] of Object.entries(pictures.silence())) {
    for (const span of all(`[data-fill=${name}]`)) say(span, fixed(value, 1));
  }
}

/** How far wrong assumptions could move the figures, if that was computed for this scenario. */
async function ranges() {
  if (Object.keys(state.set).length || Object.keys(state.with).length || state.without.length) return;
  shared.sensitivity = await get(`/api/sensitivity/${state.scenario}`).catch(() => null);
  pictures.redraw("silence");
}

async function study(path, body, kind) {
  let job = await post(path, body);
  shared[`${kind}Job`] = job;
  job = await follow(job.id, (found) => {
    shared[`${kind}Job`] = found;
    tell();
  });
  if (job?.state === "done") shared[kind] = await get(`/api/jobs/${job.id}/${kind === "bands" ? "bands" : "safeguards"}`);
  fill();
  pictures.redraw();
  house();
}

show(stepOf(location.hash));
try {
  shared.experiment = await post("/api/experiments", state);
  one("#open-worlds").href = shared.experiment.link;
  for (const found of shared.experiment.worlds) shared.jobs[found.name] = found.job;
  house();
  ranges();
  tell();
  look(one(`#${now}`).dataset.measure);
  placed();
  const both = Promise.all(WORLDS.map(world));
  await both;
  if (WORLDS.every((name) => shared.stories[name])) {
    await Promise.all([
      study(`/api/experiments/${shared.experiment.id}/bands`, { seeds: SEEDS }, "bands"),
      study(`/api/experiments/${shared.experiment.id}/safeguards`, {}, "guards"),
    ]);
  }
} catch (error) {
  problem(error);
}
