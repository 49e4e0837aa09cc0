"""Organ M26 in plain Python: a risk score over benefits, one case at a time, for reading.

It uses whole numbers, dictionaries and `if`, and the random draws of `reference/day.py`. A case
is a person's number and a *cell*, 0 to 15: bit 0 = a woman, 1 = foreign background, 2 = no
degree, 3 = income below the median. A probability is a number out of 4,294,967,296, a score a
number of 65,536ths of a standard deviation. The fast organ must agree in every case; a test
compares them.

The order of a round: 1 which cases hold an error, 2 the score, 3 who is checked, 4 what the check
finds, 5 what a second person strikes out, 6 the outcome, 7 the appeal, 8 what the score learns.
"""

from math import log
from statistics import NormalDist

CELLS = 16
FIRST = 2**18  # the first stream of these organs
STREAM = {
    "risk": FIRST + 4, "error": FIRST + 5, "tie": FIRST + 6,
    "checked before": FIRST + 8, "error before": FIRST + 9, "label before": FIRST + 10,
    "found": FIRST + 12, "reviewed": FIRST + 13, "outcome": FIRST + 14, "appealed": FIRST + 15,
    "ruled": FIRST + 16, "random check": FIRST + 17, "feature": FIRST + 32, "lasting": FIRST + 64,
}  # fmt: skip
BITS = ("error", "checked", "finding", "cleared", "debt", "suspended", "appealed", "upheld")


def normal(number):
    """The quantile of the normal distribution of a draw, in 65,536ths, from its upper half."""
    return round(NormalDist().inv_cdf((number // 65_536 + 0.5) / 65_536) * 65_536)


def cell_of(person, low_income, claims, thresholds, seed, draw):
    """The cell of a person who claims; None for somebody who does not.

    claims: the chance to claim of people with an income from the median, and of those below it.
    thresholds: for both, eight numbers; the first that the draw stays below gives the other bits.
    """
    if draw(seed, FIRST, 0, person) >= claims[low_income]:
        return None
    number = draw(seed, FIRST + 1, 0, person)
    for bits, bound in enumerate(thresholds[low_income]):
        if number < bound:
            return bits + 8 * low_income


def handle(cases, rules, seed, draw):
    """All rounds: for each, a list of what happened to each case, as a set of words.

    cases: (person, cell) of each. rules: the whole numbers of a risk score. draw: that of
    `reference/day.py`.
    """
    checked_before, entered = look_back(cases, rules, seed, draw)
    of_cell = [sum(cell == each for _, each in cases) for cell in range(CELLS)]
    rounds = []
    for this in range(rules["rounds"]):
        extra = learn(checked_before, entered, of_cell, rules)
        happened = []
        scored = []
        for person, cell in cases:
            risk = risk_of(person, cell, rules, seed, draw)
            error = draw(seed, STREAM["error"], this, person) < risk
            happened.append({"error"} if error else set())
            own = risk
            if not rules["reads_risk"]:
                own = score(person, cell, error, this, rules, seed, draw) + extra[cell]
            scored.append((own, person))
        chosen = choose(scored, this, rules, seed, draw)
        for (person, cell), events in zip(cases, happened):
            if person not in chosen:
                continue
            events.add("checked")
            follow(person, events, this, rules, seed, draw)
            if rules["relearns"]:
                checked_before[cell] += 1
                entered[cell] += "finding" in events and "cleared" not in events
        rounds.append(happened)
    return rounds


def risk_of(person, cell, rules, seed, draw):
    """How likely a case of this person is to hold an error."""
    return rules["risks"][cell][draw(seed, STREAM["risk"], 0, person) // 2**20]


def look_back(cases, rules, seed, draw):
    """Earlier checks: how many cases of each cell were checked, and entered as an error."""
    checked, entered = [0] * CELLS, [0] * CELLS
    for person, cell in cases:
        if draw(seed, STREAM["checked before"], 0, person) >= rules["checked_before"][cell]:
            continue
        checked[cell] += 1
        risk = risk_of(person, cell, rules, seed, draw)
        error = draw(seed, STREAM["error before"], 0, person) < risk
        enters = rules["label_found"] if error else rules["label_wrong"]
        entered[cell] += draw(seed, STREAM["label before"], 0, person) < enters
    return checked, entered


def learn(checked, entered, of_cell, rules):
    """What the score adds for each cell: the log odds of an entered error over those of all.

    The share in a cell is drawn towards that of all, as if 20 more cases had been seen there.
    """
    if rules["strength"] == 0:
        return [0] * CELLS
    among = of_cell if rules["learns_from_all"] else checked
    yes = 2 * sum(entered) + 1
    no = max(1, 2 * (sum(among) - sum(entered)) + 1)
    extra = []
    for one, of in zip(entered, among):
        odds = (one * (yes + no) + 20 * yes) / (max(0, of - one) * (yes + no) + 20 * no)
        extra.append(round(rules["strength"] * (log(odds) - log(yes / no))))
    return extra


def score(person, cell, error, this, rules, seed, draw):
    """The weighted sum of the features: signal, proxies, and noise that stays or is fresh."""
    total = 0
    for k in range(len(rules["weights"])):
        stays, fresh = rules["lasting"][k]
        noise = normal(draw(seed, STREAM["feature"] + k, this, person))
        if stays:
            same = normal(draw(seed, STREAM["lasting"] + k, 0, person))
            noise = (stays * same + fresh * noise) // 65_536
        feature = rules["proxies"][k][cell] + noise
        if error:
            feature += rules["signals"][k]
        total += rules["weights"][k] * feature
    return total // 65_536


def choose(scored, this, rules, seed, draw):
    """The people who are checked: at or above the cut, or as many as there are places for."""
    if rules["select"] == "none":
        return set()
    if rules["cut"] is not None:
        return {person for own, person in scored if own >= rules["cut"]}
    places = (len(scored) * rules["capacity"] + 2**31) // 2**32
    by_chance = places
    if rules["select"] != "random":
        by_chance = (places * rules["drawn"] + 2**31) // 2**32
    lots = [(draw(seed, STREAM["random check"], this, person), person) for _, person in scored]
    chosen = {person for _, person in sorted(lots)[:by_chance]}
    ranked = []
    for own, person in scored:
        if person not in chosen:
            ranked.append((-own, draw(seed, STREAM["tie"], this, person), person))
    return chosen | {person for _, _, person in sorted(ranked)[: places - by_chance]}


def follow(person, events, this, rules, seed, draw):
    """What a check leads to; adds words to the case's events."""

    def happens(what, if_error, if_right):
        chance = rules[if_error] if "error" in events else rules[if_right]
        return draw(seed, STREAM[what], this, person) < chance

    if not happens("found", "found", "wrongly_found"):
        return
    events.add("finding")
    if happens("reviewed", "clears_right", "clears_wrong"):
        events.add("cleared")
        return
    outcome = draw(seed, STREAM["outcome"], this, person)
    if outcome < rules["debts"]:
        events.add("debt")
    elif outcome < rules["ended"]:
        events.add("suspended")
    else:
        return
    if happens("appealed", "appeals_if_right", "appeals_if_wrong"):
        events.add("appealed")
        if happens("ruled", "upheld_if_right", "upheld_if_wrong"):
            events.add("upheld")


# --- A finding by rule: averaged income


def false_debt(person, bounds, earned, free, taper, seed, draw):
    """The debt, in hundredths, that averaging raises against a person who declared everything.

    bounds: pairs of a number that the draw stays below and the fortnights worked. earned, free:
    of a fortnight, in hundredths. taper: in 65,536ths.
    """
    number = draw(seed, FIRST + 18, 0, person)
    worked = next(fortnights for bound, fortnights in bounds if number < bound)
    over = max(0, worked * earned - 26 * free)
    return (26 - worked) * taper * over // 26 // 65_536
