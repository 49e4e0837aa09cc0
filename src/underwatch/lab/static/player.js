// Play, pause, scrub and speed: one clock for both worlds, and the dated events on its rail.

import { calm, el, one, put, say } from "./dom.js";
import { longDate, dateAfter, number } from "./format.js";
import { t } from "./texts.js";

const SPEEDS = [15, 30, 60, 120, 365];

/**
 * The controls. shown(day): draw this day. reach(): the last day that both worlds have.
 * Returns {node, begin({first, days, every, events}), tick(), day}.
 */
export function player({ shown, reach, ended }) {
  const play = el("button", { type: "button", class: "play primary" });
  const live = el("button", { type: "button", class: "follow" }, t("worlds.follow"));
  const speed = el("select", { id: "speed" }, SPEEDS.map((n) => el("option", { value: n, selected: n === 60 }, t("worlds.a_second", { days: n }))));
  const when = el("p", { class: "when" });
  const range = el("input", { type: "range", id: "scrub", min: 0, max: 1, value: 0, step: 1 });
  const pins = el("ol", { class: "pins", "aria-label": t("worlds.events") });
  const filled = el("span", {});
  const note = el("p", { class: "event-text" }, t("worlds.no_event"));
  const node = el(
    "div", { class: "player" },
    el("div", { class: "buttons" }, play, live, el("label", { for: "speed", class: "visually-hidden" }, t("worlds.speed")), speed),
    when,
    el("div", { class: "rail" }, pins, el("label", { for: "scrub", class: "visually-hidden" }, t("worlds.scrub")), range, el("div", { class: "run" }, filled)),
  );
  let about = { first: "2000-01-01", days: 1, every: 1, events: [] };
  let day = 0;
  let mode = "follow"; // "follow", "play" or "still"
  let before = performance.now();
  let drawn = -1;

  function name() {
    say(play, mode === "still" ? t("worlds.play") : t("worlds.pause"));
    play.setAttribute("aria-pressed", String(mode !== "still"));
    live.hidden = mode === "follow" || ended();
  }
  function set(found) {
    day = Math.max(0, Math.min(about.days - 1, found));
    draw();
  }
  function draw() {
    const whole = Math.floor(day);
    if (whole === drawn) return;
    drawn = whole;
    const iso = dateAfter(about.first, whole);
    say(when, `${longDate(iso)} · ${t("worlds.day")} ${number(whole + 1)}`);
    range.value = whole;
    range.setAttribute("aria-valuetext", longDate(iso));
    for (const pin of pins.children) pin.firstElementChild.classList.toggle("past", Number(pin.dataset.day) <= whole);
    shown(whole);
  }
  function tell(event) {
    say(note, t("worlds.event", { number: event.number, date: longDate(event.date), text: event.text }));
  }
  play.addEventListener("click", () => {
    if (mode === "still") {
      if (day >= about.days - 1 - about.every) day = 0;
      mode = "play";
    } else mode = "still";
    name();
  });
  live.addEventListener("click", () => {
    mode = "follow";
    name();
  });
  range.addEventListener("input", () => {
    mode = "still";
    set(Number(range.value));
    name();
  });
  name();
  return {
    node,
    note,
    get day() {
      return Math.floor(day);
    },
    get live() {
      return mode === "follow";
    },
    begin(found, at = null) {
      about = found;
      day = at ?? 0;
      drawn = -1;
      mode = at === null ? "follow" : "still";
      range.max = about.days - 1;
      range.step = about.every;
      put(pins, about.events.map((event) => {
        const pin = el("li", { "data-day": event.day }, el("button", { type: "button", "aria-label": t("worlds.event", event), title: event.text, onclick: () => { tell(event); mode = "still"; set(event.day); name(); } }, event.number));
        pin.style.left = `${(100 * event.day) / Math.max(1, about.days - 1)}%`;
        return pin;
      }));
      spread(pins);
      name();
      draw();
    },
    redraw() {
      drawn = -1;
      draw();
    },
    /** Called on every animation frame. */
    tick(now = performance.now()) {
      const passed = Math.min(0.25, (now - before) / 1000);
      before = now;
      const most = reach();
      filled.style.width = `${(100 * Math.max(0, most)) / Math.max(1, about.days - 1)}%`;
      if (most < 0) return;
      if (mode === "follow") {
        // Catches up within half a second, however fast the worlds run.
        const behind = most - day;
        if (behind > 0) set(calm() ? most : Math.min(most, day + Math.max(passed * 30, behind * Math.min(1, passed * 3))));
        if (ended() && day >= most) {
          mode = "still";
          name();
        }
      } else if (mode === "play") {
        set(Math.min(most, day + passed * Number(speed.value)));
        if (day >= most && ended()) {
          mode = "still";
          name();
        }
      }
      live.hidden = mode === "follow" || ended();
    },
  };
}

/** Pins that would cover each other are moved down by a line. */
function spread(pins) {
  const width = one("ol.pins")?.clientWidth || pins.clientWidth || 600;
  let before = -99;
  let lower = false;
  for (const pin of pins.children) {
    const at = (parseFloat(pin.style.left) / 100) * width;
    lower = at - before < 26 && !lower;
    pin.style.top = lower ? "-1.6rem" : "0";
    before = at;
  }
  pins.style.marginTop = [...pins.children].some((pin) => pin.style.top !== "0px" && pin.style.top !== "0") ? "1.7rem" : "0";
}
