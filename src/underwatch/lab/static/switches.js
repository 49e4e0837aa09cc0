// The switches: scenario and size, every organ, every safeguard, and any figure by its key.

import { all, el, one, put, say } from "./dom.js";
import { number } from "./format.js";
import { t, texts } from "./texts.js";

/**
 * The panel. wanted(changes): the reader asks for these worlds.
 * Returns {offer(catalogue), taken(state, experiment)}.
 */
export function switches(form, wanted) {
  let catalogue = null;
  let before = null;
  const note = el("p", { class: "small", role: "status" });
  const problem = el("p", { class: "error", role: "alert" });

  function field(name, label, control, help = "") {
    control.id = `set-${name}`;
    control.name = name;
    const hint = help ? el("p", { class: "help", id: `help-${name}` }, help) : null;
    if (hint) control.setAttribute("aria-describedby", hint.id);
    return el("div", { class: "field" }, el("label", { for: control.id }, label), control, hint);
  }
  function organ(entry) {
    const id = `organ-${entry.number}`;
    const input = el("input", { type: "checkbox", class: "toggle", id, checked: true, "data-organ": entry.number, role: "switch", disabled: !entry.can_be_off });
    return el(
      "div", { class: "switch" }, input,
      el("label", { for: id, class: "name" }, entry.name, " ", el("span", { class: "quiet small" }, entry.number)),
      el("p", { class: "what" }, texts("organs")[entry.number] ?? entry.sentence),
      el("p", { class: "source" }, t("worlds.organ_source", { article: entry.sentence })),
    );
  }
  function guard(entry) {
    const id = `guard-${entry.key}`;
    const level = el("input", { type: "range", min: 0, max: 1, step: 0.1, value: 0, "data-level": entry.key, "aria-label": t("worlds.level_of", { name: entry.name }) });
    const shown = el("output", { class: "number" }, "0");
    const input = el("input", { type: "checkbox", class: "toggle", id, "data-guard": entry.key, role: "switch" });
    const row = el("div", { class: "level" }, level, shown);
    input.addEventListener("change", () => {
      level.value = input.checked ? 1 : 0;
      tell();
    });
    level.addEventListener("input", () => {
      input.checked = Number(level.value) > 0;
      tell();
    });
    function tell() {
      say(shown, number(Number(level.value), 2));
      level.setAttribute("aria-valuetext", number(Number(level.value), 2));
    }
    return el(
      "div", { class: "switch" }, input,
      el("label", { for: id, class: "name" }, entry.name),
      el("p", { class: "what" }, texts("safeguards")[entry.key] ?? entry.level),
      row,
      el("p", { class: "source" }, `${t("worlds.guard_what", { level: entry.level })} ${t("worlds.guard_law", { law: entry.law })}`),
    );
  }

  function offer(found) {
    catalogue = found;
    const choice = () => found.scenarios.map((entry) => el("option", { value: entry.name }, entry.title));
    const wide = matchMedia("(min-width: 68rem)").matches;
    const [low, high] = found.limits.citizens;
    const [least, most] = found.limits.days;
    put(
      form,
      el("details", { class: "switch-group", open: wide }, el("summary", {}, t("worlds.organs")), el("p", { class: "small quiet" }, t("worlds.organs_help")), found.organs.filter((entry) => entry.can_be_off).map(organ)),
      el("details", { class: "switch-group", open: wide }, el("summary", {}, t("worlds.safeguards")), el("p", { class: "small quiet" }, t("worlds.safeguards_help")), found.safeguards.map(guard)),
      el("details", { class: "switch-group" }, el("summary", {}, t("worlds.setup")),
        el("div", { class: "setup" },
          field("scenario", t("worlds.scenario"), el("select", {}, choice())),
          field("other", t("worlds.compared"), el("select", {}, choice())),
          field("citizens", t("worlds.citizens"), el("input", { type: "number", min: low, max: high, step: 1, required: true }), t("worlds.between", { low: number(low), high: number(high) })),
          field("days", t("worlds.days_field"), el("input", { type: "number", min: least, max: most, step: 1 }), `${t("worlds.days_help")} ${t("worlds.between", { low: number(least), high: number(most) })}`),
          field("seed", t("worlds.seed"), el("input", { type: "number", min: 0, step: 1, required: true }), t("worlds.seed_help")),
          field("figures", t("worlds.figures"), el("textarea", { rows: 3, spellcheck: "false", autocomplete: "off" }), t("worlds.figures_help")),
        )),
      el("div", { class: "apply" }, note, problem, el("div", { class: "row" },
        el("button", { type: "submit", class: "primary" }, t("worlds.run")),
        el("button", { type: "button", class: "link", onclick: undo }, t("worlds.reset")))),
    );
  }

  function read() {
    const value = (name) => one(`#set-${name}`, form).value.trim();
    const days = value("days");
    const set = {};
    for (const line of value("figures").split("\n").map((text) => text.trim()).filter(Boolean)) {
      const [key, ...rest] = line.split(/[:=]/);
      if (!rest.length) throw new Error(t("worlds.figures_bad", { line }));
      set[key.trim()] = scalar(rest.join(":").trim());
    }
    return {
      scenario: value("scenario"), other: value("other"), citizens: Number(value("citizens")), days: days ? Number(days) : null, seed: Number(value("seed")),
      without: all("[data-organ]", form).filter((input) => !input.checked).map((input) => input.dataset.organ),
      with: Object.fromEntries(all("[data-level]", form).filter((input) => Number(input.value) > 0).map((input) => [input.dataset.level, Number(input.value)])),
      set,
    };
  }
  function mark() {
    for (const input of all("[data-organ]", form)) input.closest(".switch").classList.toggle("changed", !input.checked);
    for (const input of all("[data-level]", form)) input.closest(".switch").classList.toggle("changed", Number(input.value) > 0);
    const parts = [
      ...all("[data-organ]", form).filter((input) => !input.checked).map((input) => t("worlds.off", { name: name("organs", "number", input.dataset.organ) })),
      ...all("[data-level]", form).filter((input) => Number(input.value) > 0).map((input) => `${name("safeguards", "key", input.dataset.level)} ${number(Number(input.value), 2)}`),
      ...one("#set-figures", form).value.split("\n").map((line) => line.trim()).filter(Boolean),
    ];
    say(note, parts.length ? t("worlds.changed", { changes: parts.join(", ") }) : t("worlds.unchanged"));
  }
  const name = (list, key, value) => catalogue[list].find((entry) => entry[key] === value)?.name ?? value;
  function undo() {
    fill({ ...before, without: [], with: {}, set: {} });
    mark();
  }
  function fill(state) {
    for (const input of all("[data-organ]", form)) input.checked = !state.without.includes(input.dataset.organ);
    for (const input of all("[data-level]", form)) {
      input.value = state.with[input.dataset.level] ?? 0;
      input.dispatchEvent(new Event("input"));
    }
    for (const key of ["scenario", "other", "citizens", "seed"]) one(`#set-${key}`, form).value = state[key];
    one("#set-days", form).value = state.days ?? "";
    one("#set-figures", form).value = Object.entries(state.set).map(([key, value]) => `${key}: ${value}`).join("\n");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say(problem, "");
    try {
      wanted(read());
    } catch (error) {
      say(problem, error.message);
    }
  });
  form.addEventListener("change", () => catalogue && mark());
  return {
    offer,
    taken(state) {
      before = state;
      if (catalogue) {
        fill(state);
        mark();
      }
    },
  };
}

function scalar(text) {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}
