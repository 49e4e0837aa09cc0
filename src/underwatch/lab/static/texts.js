// The sentences of the page, by key: the server puts them into the page, from one file.

const block = document.getElementById("texts");
const known = block ? JSON.parse(block.textContent) : {};

/** A text by its key, such as "worlds.play"; {names} in it are filled in. */
export function t(key, values = {}) {
  let found = known;
  for (const part of key.split(".")) found = found?.[part];
  if (typeof found !== "string") return key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A table of texts, such as all steps; an empty one if there is none. */
export function texts(key) {
  let found = known;
  for (const part of key.split(".")) found = found?.[part];
  return found ?? {};
}
