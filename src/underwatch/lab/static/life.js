// One life: find a person, see the file beside the truth, the decisions with their reasons, and the
// same person in the other world; below, the score of a person whom the reader makes up.

import { address, remember, view } from "./address.js";
import { follow, get, post, Refused } from "./api.js";
import { el, one, put, say } from "./dom.js";
import { bring, figure } from "./figures.js";
import { longDate, number } from "./format.js";
import { jobLine } from "./job_line.js";
import { lifeChart } from "./life_chart.js";
import { persona } from "./persona.js";
import { t } from "./texts.js";

const LISTED = 25;
const FIRST = 8; // decisions and wrong records that are shown at once
const state = JSON.parse(one("#state").textContent);
let jobs = null; // the ids of both worlds
let ready = false; // whether people can be found
let turn = 0;

function trouble(error) {
  const place = one("#problem");
  place.hidden = !error;
  if (error) say(place, error.message);
}

// ---------------------------------------------------------------- finding a person

// The two worlds; a reader may ask for a life before the server has answered.
const known = post("/api/experiments", state).then((experiment) => {
  jobs = Object.fromEntries(experiment.worlds.map((world) => [world.name, world.job.id]));
});

async function begin() {
  await known;
  if (state.citizen !== null) showLife(state.citizen, false);
  const bar = one("#progress");
  const done = await follow(jobs.watched, (job) => {
    bar.hidden = job.state !== "running" && job.state !== "waiting";
    if (job.days > 0 && job.stage === "days") bar.value = job.day / job.days;
    const steps = job.stage === "days" ? ` (${number(job.day)} / ${number(job.days)})` : "";
    if (!ready) say(one("#waits"), `${t("life.waits")} ${job.state === "waiting" ? job.place > 1 ? t("jobs.waiting", { place: job.place }) : t("jobs.first") : job.stage_text + steps}.`);
    if (!ready && (job.stage === "report" || job.state === "done")) list();
  });
  bar.hidden = true;
  if (done.state === "done") await list();
  else say(one("#waits"), done.sentence);
}

async function list() {
  const form = one("#finder");
  const query = new URLSearchParams({ most: LISTED });
  for (const name of ["happened", "group", "order", "hex"]) if (form[name].value) query.set(name, form[name].value);
  let found = null;
  try {
    found = await get(`/api/jobs/${jobs.watched}/people?${query}`);
  } catch (error) {
    if (error instanceof Refused && error.status === 409) return;
    throw error;
  }
  if (!ready && !found.matching && form.happened.value && !view.happened) {
    form.happened.value = "";
    ready = true;
    return list();
  }
  ready = true;
  const { matching, people } = found;
  say(one("#waits"), matching === 0 ? t("life.matching_none")
    : t(matching > people.length ? "life.matching" : "life.matching_all", { n: number(matching), shown: people.length }));
  put(one("#people"), matching ? table(people) : null);
}

function table(people) {
  const heads = ["citizen", "who", "days", "records", "wrong"].map((name) => t(`life.column_${name}`));
  const rows = people.map((person) => [
    el("th", { scope: "row" }, el("button", { type: "button", class: "link", "aria-label": t("life.choose", { n: person.citizen }), onclick: () => showLife(person.citizen) }, number(person.citizen))),
    el("td", { "data-head": heads[1] }, t("life.who", person)),
    el("td", { class: "number", "data-head": heads[2] }, number(person.restricted_days)),
    el("td", { class: "number", "data-head": heads[3] }, number(person.records)),
    el("td", { class: person.wrong_records ? "number is-wrong" : "number", "data-head": heads[4] }, number(person.wrong_records)),
  ]);
  return el("div", { class: "scroll people", tabindex: 0, role: "region", "aria-label": t("life.find") },
    el("table", { class: "stacked" }, el("thead", {}, el("tr", {}, heads.map((head, k) => el("th", { scope: "col", class: k > 1 ? "number" : null }, head)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row)))));
}

one("#finder").addEventListener("change", (event) => {
  if (event.target.id === "citizen") return;
  filtered(event.currentTarget);
  if (ready) list().catch(trouble);
});
/** The filters are part of the address; what the page begins with is left out. */
function filtered({ happened, group, order, hex }) {
  const usual = hex.value ? "" : "wrongful_restriction";
  remember({
    hex: hex.value, group: group.value, order: order.value === "restricted_days" ? null : order.value,
    happened: happened.value === usual ? null : happened.value || "any",
  });
}
one("#finder").addEventListener("submit", (event) => {
  event.preventDefault();
  const value = event.target.citizen.value;
  if (value !== "") showLife(Number(value));
});

// ---------------------------------------------------------------- one life

async function showLife(citizen, move = true) {
  turn += 1;
  const mine = turn;
  trouble(null);
  const place = one("#life");
  const box = el("div", { role: "status" });
  place.hidden = false;
  put(place, el("h2", { id: "life-title", tabindex: -1 }, t("life.choose", { n: number(citizen) })), el("p", { class: "small quiet" }, t("life.explains")), box);
  const bar = jobLine(box, t("jobs.cancel"));
  if (move) bring(place);
  try {
    await known;
    const job = await post("/api/lives", { job: jobs.watched, citizen, twin: jobs.other });
    const done = await follow(job.id, (now) => mine === turn && bar.show(now), () => mine === turn);
    if (!done || mine !== turn) return;
    if (done.state !== "done") throw new Error(done.sentence);
    const life = await get(`/api/jobs/${done.id}/life`);
    if (mine !== turn) return;
    one("#citizen").value = citizen;
    remember({ citizen });
    draw(place, life, done.id);
    say(one("#announce"), life.title);
    if (move) one("#life-title").focus({ preventScroll: true });
  } catch (error) {
    if (mine !== turn) return;
    place.hidden = true;
    trouble(error);
  }
}

function draw(place, life, id) {
  const [here] = life.worlds;
  const title = finding(life);
  const picture = figure({
    name: `life-${life.citizen}`,
    title,
    subtitle: life.worlds.length > 1 ? `${t("life.timeline")}. ${t("life.timeline_note")}` : t("life.timeline_alone"),
    source: life.worlds.map((world, k) => `${t(k ? "life.twin" : "life.watched")}: ${world.title}.`).join(" "),
    draw: (width) => lifeChart(life, width, title),
    table: () => eventsTable(life),
  });
  put(
    place,
    el("header", { class: "life-head" },
      el("h2", { id: "life-title", tabindex: -1 }, life.title),
      life.lead.map((text) => el("p", { class: "lede" }, text)),
      el("p", { class: "small quiet" }, life.person.join(" ")),
      el("p", { class: "row" },
        el("a", { class: "button", href: `/api/jobs/${id}/report.html`, target: "_blank", rel: "noopener" }, t("life.report")),
        el("a", { href: address({ citizen: life.citizen }) }, t("life.link")))),
    el("div", { class: "two" },
      el("section", {}, el("h3", {}, t("life.beside")), el("p", { class: "small quiet" }, t("life.beside_note")), beside(here)),
      el("section", {}, el("h3", {}, t("life.wrong_records")), wrongRecords(here))),
    el("div", { class: "life-picture" }, picture.node, key()),
    life.difference.length ? el("section", { class: "notice" }, el("h3", {}, t("life.differs")), life.difference.map((text) => el("p", {}, text))) : null,
    el("section", {}, el("h3", {}, t("life.decisions")), decisions(here)),
    life.years.length ? el("section", {}, el("h3", {}, t(life.worlds.length > 1 ? "life.years" : "life.years_alone")), years(life)) : null,
  );
}

const restrictedDays = (world) => world.spans.reduce((sum, span) => sum + span.days, 0);
const withheld = (world) => world.events.filter((event) => event.sort === "withheld").reduce((sum, event) => sum + event.times, 0);

/** What differs most between both lives, in one sentence with its numbers. */
function finding(life) {
  const [here, twin] = life.worlds;
  if (!twin) return t("life.found_alone", { days: number(restrictedDays(here)), n: number(withheld(here)) });
  const pairs = [["life.found_restricted", restrictedDays], ["life.found_withheld", withheld]];
  for (const [text, count] of pairs) {
    if (count(here) && !count(twin)) return t(`${text}_only`, { here: number(count(here)) });
    if (count(here) !== count(twin)) return t(text, { here: number(count(here)), twin: number(count(twin)) });
  }
  return t("life.found_same", { days: number(restrictedDays(here)), n: number(withheld(here)) });
}

function eventsTable(life) {
  const rows = life.worlds.flatMap((world, k) => world.events.map((event) => [
    event.date, t(k ? "life.twin" : "life.watched"), event.times > 1 ? `${event.what} × ${event.times}` : event.what, event.own ? event.cause : t("life.not_own"),
  ]));
  rows.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  return { head: [t("life.date"), t("life.world"), t("life.what"), t("life.truth")], rows };
}

function key() {
  const entry = (shape, text) => el("li", {}, el("span", { class: `key ${shape}`, "aria-hidden": "true" }), text);
  return el("ul", { class: "keys small" }, entry("wrong", t("life.key_wrong")), entry("own", t("life.key_own")));
}

function beside(world) {
  if (!world.truth_and_file.length) return el("p", { class: "quiet" }, t("life.nothing"));
  const heads = ["act", "done", "on_file", "unseen", "wrong"].map((name) => t(`life.${name}`));
  const most = Math.max(1, ...world.truth_and_file.map((row) => Math.max(row.done ?? 0, row.own + row.wrong)));
  const rows = world.truth_and_file.map((row) => el("tr", {},
    el("th", { scope: "row" }, row.what, bar(row, most)),
    el("td", { class: "number", "data-head": heads[1] }, row.done === null ? "–" : number(row.done)),
    el("td", { class: "number", "data-head": heads[2] }, number(row.own)),
    el("td", { class: "number", "data-head": heads[3] }, row.done === null ? "–" : number(Math.max(0, row.done - row.own))),
    el("td", { class: row.wrong ? "number is-wrong" : "number", "data-head": heads[4] }, number(row.wrong))));
  return el("table", { class: "stacked beside" },
    el("thead", {}, el("tr", {}, heads.map((head, k) => el("th", { scope: "col", class: k ? "number" : null }, head)))),
    el("tbody", {}, rows));
}

/** Done (outline), on file (filled) and wrong (orange), as one small bar. */
function bar(row, most) {
  const chart = el("span", { class: "tally", "aria-hidden": "true" });
  const part = (count, tone) => {
    if (!count) return;
    const node = el("span", { class: tone });
    node.style.width = `${(100 * count) / most}%`;
    chart.append(node);
  };
  part(row.own, "own");
  part(row.done === null ? 0 : Math.max(0, row.done - row.own), "unseen");
  part(row.wrong, "wrong");
  return chart;
}

function wrongRecords(world) {
  const wrong = world.events.filter((event) => event.sort === "record" && !event.own);
  if (!wrong.length) return el("p", { class: "quiet" }, t("life.wrong_none"));
  return shortened(wrong, (event) => el("li", {},
    el("mark", {}, event.times > 1 ? `${event.what} × ${event.times}` : event.what), ` ${longDate(event.date)}, ${t("life.by").toLowerCase()}: ${event.by}. `,
    `${t("life.truth")}: ${event.cause}${event.whose.length ? ` (${t("life.citizen", { n: event.whose.map((n) => number(n)).join(", ") })})` : ""}.`));
}

function decisions(world) {
  const made = world.events.filter((event) => event.sort === "decision");
  if (!made.length) return el("p", { class: "quiet" }, t("life.decisions_none"));
  return shortened(made, (event) => el("li", {},
    el("strong", {}, event.what), ` ${longDate(event.date)} `,
    event.own ? null : el("mark", {}, t("life.not_own")),
    event.reasons.length ? el("details", { class: "small" }, el("summary", {}, t("life.reasons"), el("span", { class: "visually-hidden" }, `: ${event.what}, ${event.date}`)), el("ul", {}, event.reasons.map((line) => el("li", {}, line)))) : null));
}

/** A list whose rest is folded away. */
function shortened(entries, item) {
  const first = el("ul", { class: "plain-list" }, entries.slice(0, FIRST).map(item));
  if (entries.length <= FIRST) return first;
  const rest = entries.slice(FIRST);
  return [first, el("details", {}, el("summary", {}, t("life.decisions_more", { n: rest.length })), el("ul", { class: "plain-list" }, rest.map(item)))];
}

function years(life) {
  const names = life.worlds.map((world, k) => `${t(k ? "life.twin" : "life.watched")}: ${world.title}`);
  const cell = (sentences, k) => el("td", { "data-head": names[k] }, sentences.length
    ? el("ul", { class: "plain-list small" }, sentences.map((each) => el("li", { class: each.wrong ? "is-wrong" : null }, each.text)))
    : el("p", { class: "quiet small" }, t("life.year_nothing")));
  return el("table", { class: "years" },
    el("thead", {}, el("tr", {}, el("td", {}), names.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, life.years.map((year) => el("tr", {}, el("th", { scope: "row" }, year.year), year.worlds.map(cell)))));
}

// ---------------------------------------------------------------- start

/** The rules of the watched world in the address: the score is that of its last day. */
function rules() {
  const query = new URLSearchParams(location.search);
  query.delete("day");
  return query;
}

get(`/api/score?${rules()}`).then((rule) => persona(one("#persona-place"), rule)).catch(trouble);
begin().catch(trouble);
