// The frames of two worlds as they are written: read on, in pieces, and held by day.

import { get, pause, Refused } from "./api.js";

const MOST = 200;

/** The frames of one world for one measure; `grown()` is called whenever there are more. */
export class Reel {
  constructor(job, measure, grown = () => {}) {
    Object.assign(this, { job, measure, grown, days: [], values: [], mean: [], chance: [], unit: "", scale: 1, ended: false, going: true });
  }

  /** Read until the last frame of the run; frames that are not written yet are awaited. */
  async read() {
    let wait = 120;
    while (this.going && !this.ended) {
      const since = this.days.length ? this.days.at(-1) + 1 : 0;
      let found = null;
      try {
        found = await get(`/api/jobs/${this.job}/frames?measure=${this.measure}&since=${since}&most=${MOST}`);
      } catch (error) {
        if (error instanceof Refused && error.status < 500 && ![404, 409, 429].includes(error.status)) throw error;
      }
      if (!this.going) return;
      if (found?.days.length) {
        this.unit = found.unit;
        this.scale = found.scale;
        for (const name of ["days", "values", "mean", "chance"]) this[name].push(...found[name]);
        this.ended = found.last;
        this.grown();
        wait = found.days.length >= MOST ? 0 : 120;
      } else {
        wait = Math.min(1500, wait * 1.5 + 30);
      }
      await pause(document.hidden ? Math.max(wait, 2000) : wait);
    }
  }

  stop() {
    this.going = false;
  }

  /** Days that are there, from 0 on. */
  get reach() {
    return this.days.length ? this.days.at(-1) : -1;
  }

  /** The index of the last frame on a day or before; -1 if there is none. */
  at(day) {
    let low = 0;
    let high = this.days.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.days[middle] <= day) low = middle + 1;
      else high = middle - 1;
    }
    return high;
  }

  /** The values of all neighbourhoods on a day, in the unit; null where there is nobody. */
  frame(day) {
    const index = this.at(day);
    return index < 0 ? null : this.values[index].map((value) => (value < 0 ? null : value * this.scale));
  }

  /** Whether nobody has a value on a day, such as a score where there is none. */
  empty(day) {
    const index = this.at(day);
    return index < 0 || this.values[index].every((value) => value < 0);
  }

  meanOn(day) {
    const index = this.at(day);
    return index < 0 ? null : this.mean[index];
  }
}

/** One scale for several reels: from 0, or from round numbers about what was seen; it only grows. */
export class SharedScale {
  constructor(kind) {
    Object.assign(this, { kind, few: new Set(), low: Infinity, high: -Infinity, seen: new Map() });
  }

  /** Leave out some neighbourhoods, by their place in a frame: those with too few people. */
  leave(few) {
    Object.assign(this, { few: new Set(few), low: Infinity, high: -Infinity, seen: new Map() });
  }

  /** Take in the frames that are new; whether the scale has changed. */
  grow(reels) {
    let [low, high] = [Infinity, -Infinity];
    for (const reel of reels) {
      for (let k = this.seen.get(reel) ?? 0; k < reel.values.length; k += 1) {
        const values = reel.values[k].filter((value, place) => value >= 0 && !this.few.has(place)).sort((a, b) => a - b);
        if (!values.length) continue;
        low = Math.min(low, values[Math.floor(values.length * 0.02)] * reel.scale);
        high = Math.max(high, values[Math.min(values.length - 1, Math.floor(values.length * 0.98))] * reel.scale);
      }
      this.seen.set(reel, reel.values.length);
    }
    const before = `${this.low} ${this.high}`;
    if (high >= low) {
      this.high = Math.max(this.high, rounded(high, Math.ceil, this.kind === "good" ? high - low : high));
      this.low = this.kind === "good" ? Math.min(this.low, rounded(low, Math.floor, high - low)) : 0;
    }
    return before !== `${this.low} ${this.high}`;
  }

  get range() {
    return this.high > this.low ? { low: this.low, high: this.high } : { low: 0, high: 1 };
  }
}

/** A round number at or beyond a value. */
function rounded(value, way, span) {
  if (!span) return way === Math.ceil && !value ? 0.01 : value;
  const power = 10 ** Math.floor(Math.log10(span));
  const step = power / 2;
  return Number((way(value / step - (way === Math.ceil ? 1e-9 : -1e-9)) * step).toPrecision(8));
}
