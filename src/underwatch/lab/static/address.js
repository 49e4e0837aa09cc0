// The address of a page as its state: what differs from how the page begins, readable and bounded.

import { one } from "./dom.js";

const MOST = 4000; // characters of a query that the lab accepts

/** What the address states of this page besides the worlds, as the server has checked it. */
export const view = JSON.parse(one("#view")?.textContent ?? "{}");

/** This address with other values; null or nothing takes a value away, a list repeats its name. */
export function address(values) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    query.delete(name);
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== null && each !== undefined && each !== "") query.append(name, each);
    }
  }
  const text = readable(query);
  return `${location.pathname}${text ? `?${text}` : ""}${location.hash}`;
}

/** Signs that a query may hold as they are. */
export const readable = (query) => query.toString().replaceAll("%3A", ":").replaceAll("%40", "@").replaceAll("%2C", ",");

/** Put values into the address; false, and nothing is put there, where it would be too long. */
export function remember(values) {
  const wanted = address(values);
  if (wanted.length > MOST) return false;
  history.replaceState(null, "", wanted);
  return true;
}
