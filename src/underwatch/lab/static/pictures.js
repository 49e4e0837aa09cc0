// The six pictures of the story: each has the finding of this very run as its title.

import { areas, bars, histogram, lines } from "./charts.js";
import { el, one, say } from "./dom.js";
import { figure } from "./figures.js";
import { dateAfter, fixed, longDate, number } from "./format.js";
import { Reel } from "./frames.js";
import { t, texts } from "./texts.js";

const WORLDS = ["watched", "other"];
const w = (picture, key, values) => t(`story.pictures.${picture}.${key}`, values);

/** The pictures by the key of their step; `shared` holds what is known of the runs so far. */
export class Pictures {
  constructor(shared) {
    this.shared = shared;
    this.words = {};
    this.restricted = null;
    this.made = {};
    this.drawn = 0;
  }

  /** The place of a picture: what is waited for, then the figure. */
  node(key) {
    const made = figure({ name: `underwatch-${key}`, draw: (width) => this.chart(key, width), table: () => this.table(key) });
    const pending = el("div", { class: "pending" }, el("p", { role: "status" }), el("progress", { "aria-label": t("story.live") }));
    made.node.hidden = true;
    this.made[key] = { ...made, pending };
    return el("div", {}, pending, made.node);
  }

  /** Read how many are restricted, day by day, for the picture that lives. */
  follow(jobs) {
    this.restricted = Object.fromEntries(WORLDS.map((world) => [world, new Reel(jobs[world].id, "restricted", () => this.tick())]));
    for (const reel of Object.values(this.restricted)) reel.read().then(() => this.redraw("closed"), () => {});
  }

  waiting(words) {
    this.words = words;
    for (const key of Object.keys(this.made)) this.redraw(key);
  }

  /** The picture that lives is drawn anew, not too often. */
  tick() {
    const time = performance.now();
    if (time - this.drawn < 400) return;
    this.drawn = time;
    this.redraw("closed");
  }

  redraw(key = null) {
    if (key === null) {
      for (const each of Object.keys(this.made)) this.redraw(each);
      return;
    }
    const { node, pending, entitle, redraw } = this.made[key];
    const ready = this.ready(key);
    node.hidden = !ready;
    pending.hidden = ready;
    if (!ready) {
      say(one("p", pending), this.wait(key));
      const part = this.part(key);
      const bar = one("progress", pending);
      if (part === null) bar.removeAttribute("value");
      else bar.value = part;
      return;
    }
    entitle({ ...this.title(key), source: this.source(key) });
    redraw();
  }

  ready(key) {
    const { watched, other } = this.shared.stories;
    if (key === "closed") return Boolean(watched) || WORLDS.every((world) => (this.restricted?.[world].days.length ?? 0) > 1);
    if (key === "silence") return Boolean(watched && other);
    if (key === "safeguards") return Boolean(this.shared.guards);
    return Boolean(watched);
  }

  wait(key) {
    if (key === "silence") return t("story.waits_both", { progress: this.words.both ?? "" });
    if (key === "safeguards") return t(this.shared.guardsJob ? "story.waits_guards" : "story.waits_guards_later", { total: 24, progress: this.words.guards ?? "" });
    return t("story.waits", { progress: this.words.watched ?? "" });
  }

  /** The part of the work of a picture that is done, from 0 to 1; null while it is not known. */
  part(key) {
    const { jobs, guardsJob } = this.shared;
    const awaited = key === "safeguards" ? [guardsJob] : key === "silence" ? [jobs.watched, jobs.other] : [jobs.watched];
    if (awaited.some((job) => !job?.days || job.stage === "compiling")) return null;
    return Math.min(...awaited.map((job) => job.day / job.days));
  }

  /** What of each 100 acts of the unwatched the watched leave out, by themselves and by echo, in %. */
  silence() {
    const { stories: { watched, other }, bands } = this.shared;
    const found = (name) => bands?.measures.find((row) => row.name === name);
    const [acts, withheld] = [found("acts"), found("chilled_acts")];
    const made = watched.silence.total;
    const alone = { gap: other.silence.total - made, own: (made * watched.silence.withheld) / (100 - watched.silence.withheld), of: other.silence.total };
    const { gap, own, of } = acts?.other && withheld ? { gap: -acts.difference, own: withheld.watched, of: acts.other } : alone;
    const chilled = found("chilled_share")?.watched ?? watched.silence.withheld;
    return { gap: (100 * gap) / of, own: (100 * own) / of, echo: (100 * (gap - own)) / of, meant: 100 - (100 * (gap - own)) / of, chilled, acts };
  }

  /** The name of a safeguard, and whether it is applied at half strength. */
  rule(row) {
    const name = w("safeguards", row.key === "all" ? "all" : `name_${row.key}`);
    return row.key !== "all" && row.level === 0.5 ? w("safeguards", "half", { name }) : name;
  }

  source(key) {
    const { experiment, state, guards } = this.shared;
    const several = key === "safeguards";
    return t(several ? "figure.source_seeds" : "figure.source", {
      citizens: number(several ? guards.citizens : state.citizens), days: number(experiment.days), seed: state.seed, seeds: guards?.seeds, assumptions: one("#counted").textContent,
      version: document.body.dataset.version, hashes: experiment.worlds.map((world) => world.hash).join(" / "),
    });
  }

  /** The dates that a picture marks, if the rules of the watched world change on them. */
  events(key) {
    const marks = this.shared.marks[key] ?? {};
    const known = this.shared.experiment.events.filter((event) => event.world === "watched" && marks[event.date]);
    return known.map((event, k) => ({ ...event, text: marks[event.date], number: String(k + 1) }));
  }

  keys(key) {
    return this.events(key).map((event) => `${longDate(event.date)}: ${event.text}`);
  }

  title(key) {
    const story = this.shared.stories.watched;
    if (key === "watched") {
      return { title: w(key, "title", { records: number(story.watched.records, 2), share: number(story.watched.share, 2) }), subtitle: w(key, "subtitle"), notes: this.keys(key) };
    }
    if (key === "records") {
      const found = story.records;
      const all = found.wrong + found.true;
      const values = { wrong: number(found.wrong), all: number(all), every: number(Math.round(all / found.wrong)), k: number(Math.round(found.one_in)) };
      return { title: w(key, found.one_in ? "title" : "title_few", values), subtitle: w(key, "subtitle", values) };
    }
    if (key === "score") {
      const found = story.score;
      const values = { low: number(found.low), adults: number(found.adults), high: number(found.high ?? 0, 2), below: number(story.rules.below), from: number(story.rules.from), base: number(story.rules.base), most: number(Math.max(0, ...found.bins.map((bin) => bin.count))) };
      return { title: w(key, found.adults ? "title" : "title_none", values), subtitle: w(key, "subtitle", values) };
    }
    if (key === "closed") {
      const reel = this.restricted?.watched;
      const share = story ? story.closed.now : reel.mean.at(-1);
      const found = story?.closed;
      const adults = story?.records.adults;
      const count = story ? ` ${w(key, "count", { count: number(Math.round((adults * share) / 100)), adults: number(adults) })}` : "";
      const more = found && found.concentration !== null ? ` ${w(key, "burden", { share: number(found.concentration, 2), wrongful: number(found.wrongful), imposed: number(found.imposed) })}` : "";
      const court = found?.listed > found?.by_score ? ` ${w(key, "by_court", { listed: number(found.listed), by_score: number(found.by_score) })}` : "";
      return { title: w(key, story ? "title" : "title_live", { now: number(10 * (share ?? 0), 2) }), subtitle: w(key, "subtitle") + count + court + more, notes: this.keys(key) };
    }
    if (key === "silence") {
      const { gap, chilled, acts } = this.silence();
      const { bands, sensitivity } = this.shared;
      let note = w(key, "one_pair");
      if (acts && acts.low !== null && acts.other) {
        // The interval of the difference, as a share of the mean of the other world.
        const [low, high] = [-acts.high, -acts.low].map((value) => fixed((100 * value) / acts.other, 1));
        note = w(key, "chance", { count: bands.seeds.length, low, high });
      }
      const range = sensitivity?.measures.find((row) => row.name === "chilled_share");
      if (range && range.low !== null) note += ` ${w(key, "assumptions", { low: fixed(range.low, 0), high: fixed(range.high, 0), own: fixed(chilled, 0) })}`;
      return { title: w(key, "title", { change: fixed(gap, 1) }), subtitle: `${w(key, "subtitle")}. ${note}`, notes: this.keys(key) };
    }
    const guards = this.shared.guards;
    const best = guards.rows.find((row) => row.key !== "all" && row.beyond_chance);
    const values = { name: best && this.rule(best), back: fixed(best?.back, 1), base: fixed(guards.none, 1) };
    const title = best ? (best.back < guards.none / 2 ? "title_less" : "title") : "title_none";
    const size = ` ${w(key, "size", { citizens: number(guards.citizens), count: guards.seeds, own: fixed(this.silence().chilled, 1) })}`;
    return { title: w(key, title, values), subtitle: w(key, "subtitle", values) + size };
  }

  chart(key, width) {
    if (!this.ready(key)) return null;
    const story = this.shared.stories.watched;
    const { first_day: first, days } = this.shared.experiment;
    const title = this.title(key).title;
    if (key === "watched") {
      const found = story.watched;
      return areas({ parts: [{ name: w(key, "companies"), values: found.companies }, { name: w(key, "state"), values: found.state }], at: found.days, first, days, unit: w(key, "unit"), events: this.events(key), title }, width);
    }
    if (key === "records") {
      const rows = Object.entries(story.records.causes).map(([name, value]) => ({ label: w(key, name), value, text: number(value) })).sort((a, b) => b.value - a.value);
      return bars({ rows, unit: w(key, "unit"), title }, width);
    }
    if (key === "score") {
      if (!story.score.bins.length) return null;
      const limits = [{ at: story.rules.below, label: w(key, "below", { below: number(story.rules.below) }), side: "below", tone: "bad" }];
      if (story.rules.from) limits.push({ at: story.rules.from, label: w(key, "above", { from: number(story.rules.from) }), side: "above" });
      return histogram({ bins: story.score.bins, limits, unit: w(key, "unit"), title, log: true }, width);
    }
    if (key === "closed") {
      const series = WORLDS.map((world) => {
        const reel = this.restricted[world];
        const every = Math.max(1, Math.ceil(reel.days.length / 400));
        const kept = reel.days.map((_, k) => k).filter((k) => k % every === 0 || k === reel.days.length - 1);
        return { name: w(key, world), days: kept.map((k) => reel.days[k]), values: kept.map((k) => 10 * reel.mean[k]) };
      });
      return lines({ series, first, days, unit: w(key, "unit"), events: this.events(key), title }, width);
    }
    if (key === "silence") {
      const series = WORLDS.map((world) => {
        const found = this.shared.stories[world].silence;
        return { name: w(key, world), days: found.days.map((day) => Math.min(days - 1, day + 15)), values: found.acts };
      });
      return lines({ series, first, days, unit: w(key, "unit"), events: this.events(key), title }, width);
    }
    const guards = this.shared.guards;
    const rows = guards.rows.map((row) => ({
      label: this.rule(row),
      detail: row.key === "all" ? "" : texts("safeguards")[row.key],
      value: row.back, low: row.low, high: row.high, tone: row.beyond_chance ? "good" : "quiet",
      text: row.beyond_chance ? `${fixed(row.back, 1)}\u00a0%` : w(key, "nothing"),
    }));
    return bars({ rows, unit: "%", title, mark: { at: guards.none, label: w(key, "none", { base: fixed(guards.none, 1) }) } }, width);
  }

  table(key) {
    if (!this.ready(key)) return null;
    const story = this.shared.stories.watched;
    const date = (day) => dateAfter(this.shared.experiment.first_day, day).slice(0, 10);
    if (key === "watched") {
      return { head: [w(key, "month"), w(key, "companies"), w(key, "state")], rows: story.watched.days.map((day, k) => [date(day), number(story.watched.companies[k]), number(story.watched.state[k])]) };
    }
    if (key === "records") {
      return { head: [w(key, "cause"), w(key, "unit")], rows: Object.entries(story.records.causes).map(([name, value]) => [w(key, name), number(value)]) };
    }
    if (key === "score") {
      return { head: [w(key, "from"), w(key, "to"), w(key, "adults")], rows: story.score.bins.filter((bin) => bin.count).map((bin) => [number(bin.from), number(bin.to), number(bin.count)]) };
    }
    if (key === "closed") {
      const [a, b] = WORLDS.map((world) => this.restricted[world]);
      const every = Math.max(1, Math.ceil(a.days.length / 60));
      return { head: [t("worlds.day"), w(key, "watched"), w(key, "other")], rows: a.days.filter((_, k) => k % every === 0 || k === a.days.length - 1).map((day) => [date(day), fixed(10 * a.meanOn(day), 2), day <= b.reach ? fixed(10 * b.meanOn(day), 2) : "–"]) };
    }
    if (key === "silence") {
      const [a, b] = WORLDS.map((world) => this.shared.stories[world].silence);
      return { head: [w(key, "month"), w(key, "watched"), w(key, "other")], rows: a.days.map((day, k) => [date(day), number(a.acts[k]), number(b.acts[k])]) };
    }
    const guards = this.shared.guards;
    return {
      head: [w(key, "safeguard"), w(key, "value"), w(key, "back"), w(key, "low"), w(key, "high")],
      rows: guards.rows.map((row) => [this.rule(row), ...[row.value, row.back, row.low, row.high].map((found) => fixed(found, 2))]),
    };
  }
}
