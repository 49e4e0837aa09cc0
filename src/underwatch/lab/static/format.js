// Numbers and dates as the reports write them: thousands separators, no more digits than are known.

const LANGUAGE = document.documentElement.lang || "en";
const NARROW = "\u00a0";

/** A number with so many significant digits; whole numbers stay whole. */
export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (Number.isInteger(value) || Math.abs(value) >= 10 ** digits) {
    return Math.round(value).toLocaleString(LANGUAGE);
  }
  const size = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const places = Math.max(0, digits - 1 - size);
  return value.toLocaleString(LANGUAGE, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A number of a scale from `low` to `high`, with the digits that its span needs. */
export function onScale(value, { low, high }) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(high - low || 1)));
  return Number(value.toFixed(digits)).toLocaleString(LANGUAGE, { maximumFractionDigits: 6 });
}

/** A number with so many digits after the point. */
export function fixed(value, places) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const shown = Math.abs(value) < 0.5 * 10 ** -places ? 0 : value; // and no zero below zero
  return shown.toLocaleString(LANGUAGE, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** How many digits after the point an interval carries: two significant digits of its half-width. */
export function places(low, high) {
  const half = Math.abs(high - low) / 2;
  if (!(half > 0)) return 1;
  return Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(half))));
}

/** "4.3 %", "12 of 100", "1,858 records". */
export function withUnit(value, unit, digits = 3) {
  const text = number(value, digits);
  if (!unit) return text;
  return `${text}${NARROW}${unit}`;
}

/** "21.6 (95 % interval 20.9 to 22.3)", without the bracket where there is none. */
export function interval(value, low, high, unit, words) {
  if (low === null || low === undefined) return withUnit(value, unit);
  const n = places(low, high);
  return words(`${fixed(value, n)}${NARROW}${unit}`, fixed(low, n), fixed(high, n));
}

/** A date, so many days after an ISO date, as an ISO date. */
export function dateAfter(first, days) {
  const day = new Date(`${first}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** "14 June 2014". */
export function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  return day.toLocaleDateString(LANGUAGE === "en" ? "en-GB" : LANGUAGE, {
    day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
}

/** Seconds in words: "40 s", "3 min". */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))}${NARROW}s`;
  return `${Math.round(seconds / 60)}${NARROW}min`;
}

/** Round numbers from `low` or below to `high` or above. */
export function ticks(low, high, steps = 4) {
  const top = high > low ? high : low + (Math.abs(low) || 1);
  const raw = (top - low) / steps;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= raw * 0.999) ?? 10 * power;
  const found = [];
  for (let k = Math.floor(low / step + 1e-9); k <= Math.ceil(top / step - 1e-9); k += 1) {
    found.push(Number((k * step).toPrecision(12)));
  }
  return found;
}
