// The rule of a score, as the API gives it: base + points of the records + weight × (mean of the
// contacts − base), cut at the ends of the scale. Whoever has no scored contacts has no last term.

/** The score of a file. records: how many of each kind; contacts: their mean score, or null. */
export function scoreOf(rule, records, contacts = null) {
  let total = rule.base;
  for (const kind of rule.kinds) total += kind.points * (records[kind.key] ?? 0);
  if (contacts !== null) total += rule.weight * (contacts - rule.base);
  return Math.min(rule.ceiling, Math.max(rule.floor, total));
}

/** Whether a score is "restricted", "privileged" or "between": a whole point is compared. */
export function standing(rule, score) {
  const whole = Math.floor(score + 0.5);
  if (rule.restricted_below !== null && whole < rule.restricted_below) return "restricted";
  if (rule.privileged_from !== null && whole >= rule.privileged_from) return "privileged";
  return "between";
}
