// The form of a deployment file: what its fields hold that differs from what was shipped, and faults
// beside the field that they are about.

import { all, el, one, put } from "./dom.js";

const COMMAS = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** A number as people write one; the text itself where it is none, so that the server says so. */
export function parsed(text) {
  const plain = COMMAS.test(text.trim()) ? text.trim().replaceAll(",", "") : text.trim();
  const value = Number(plain);
  return plain === "" || Number.isNaN(value) ? text : value;
}

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const changed = (input) => (input.tagName === "SELECT"
  ? !input.selectedOptions[0].defaultSelected
  : input.type === "checkbox" ? input.checked !== input.defaultChecked : input.value !== input.defaultValue);

function answerOf(field) {
  const inputs = all("input, select, textarea", field);
  if (!inputs.some(changed)) return undefined;
  const sort = field.dataset.sort;
  if (sort === "choices") return inputs.filter((box) => box.checked).map((box) => box.value);
  const part = Object.fromEntries(inputs.map((input) => [input.dataset.part, input]));
  const text = part.value.value;
  if (sort === "whole" || sort === "number") return parsed(text);
  if (sort === "list") return text.split(",").map((each) => each.trim()).filter(Boolean);
  if (sort === "numbers") return text.split(",").filter((each) => each.trim()).map(parsed);
  if (sort !== "figure") return text;
  const value = parsed(text);
  if (![part.low, part.high, part.source].some(changed) || !isNumber(value)) return value;
  const made = { value, source: part.source.value };
  for (const end of ["low", "high"]) {
    if (part[end].value.trim() === "") continue;
    made[end] = parsed(part[end].value);
    if (!isNumber(made[end])) return made[end];
  }
  return made;
}

/** The answers that differ from what was shipped, by path. */
export function answers(form) {
  const found = {};
  for (const field of all(".question", form)) {
    const answer = answerOf(field);
    if (answer !== undefined) found[field.dataset.path] = answer;
  }
  return found;
}

/** What the fields hold that differs from what was shipped, as an address states it. */
export function written(form) {
  return all(".question", form).flatMap((field) => {
    const path = field.dataset.path;
    const inputs = all("input, select, textarea", field);
    if (field.dataset.sort === "choices") {
      return inputs.some(changed) ? [`${path}:${inputs.filter((box) => box.checked).map((box) => box.value).join(",")}`] : [];
    }
    return inputs.filter(changed).map(({ dataset: { part }, value }) => `${path}${part === "value" ? "" : `@${part}`}:${value}`);
  });
}

/** Fill in what an address states, and unfold where it stands. */
export function restore(form, entries) {
  for (const { path, part, text } of entries) {
    const field = one(`.question[data-path="${CSS.escape(path)}"]`, form);
    if (field.dataset.sort === "choices") {
      const chosen = text.split(",");
      for (const box of all("input", field)) box.checked = chosen.includes(box.value);
    } else one(`[data-part="${part}"]`, field).value = text;
    field.closest(".questions").open = true;
    const ends = one(".sourced", field);
    if (ends && part !== "value") ends.open = true;
  }
}

/** Put each fault beside its field or at the head of its section; returns the first of them. */
export function showFaults(form, faults) {
  for (const error of all(".error", form)) {
    error.hidden = true;
    put(error);
  }
  for (const input of all("[aria-invalid]", form)) input.removeAttribute("aria-invalid");
  let first = null;
  for (const fault of faults) {
    const place = placeOf(form, fault.path);
    if (!place) continue;
    place.error.hidden = false;
    place.error.append(el("span", { class: "fault" }, fault.sentence));
    for (const input of place.inputs) input.setAttribute("aria-invalid", "true");
    first = first ?? place;
  }
  return first;
}

function placeOf(form, path) {
  if (path === null) return null;
  const field = one(`.question[data-path="${CSS.escape(path)}"]`, form);
  if (field) {
    const inputs = all('[data-part="value"], [type="checkbox"]', field);
    return { error: one(":scope > .error", field), inputs, target: inputs[0] };
  }
  const within = all(".question", form).find((each) => each.dataset.path.startsWith(`${path}.`) || each.dataset.path === path);
  const section = within?.closest(".questions");
  if (!section) return null;
  return { error: one(":scope > .error", section), inputs: [], target: within.querySelector("input, select, textarea") };
}

/** Unfold what holds a field, and go there. */
export function goTo(place) {
  const section = place.target.closest(".questions");
  section.open = true;
  place.target.focus();
  place.target.scrollIntoView({ block: "center" });
}

/** Note beside a figure that its range moves along. */
export function noteChanges(form) {
  for (const field of all('.question[data-sort="figure"]', form)) {
    const inputs = all("[data-part]", field);
    field.classList.toggle("changed", inputs.some(changed));
  }
}
