"""Rules: a scenario's figures as the law reads them on one day, all integers.

Probabilities are thresholds of 2^32, shares and weights are 65,536ths, curves
are tables of 256. One RULES record holds between two dates of change. Made
once, in Python, so that no floating point decides anything in the loop.
"""

from datetime import date, timedelta

import numpy as np

from underwatch.dated import Dated
from underwatch.scenario import Part, Scenario
from underwatch.society.people import CENSUS

_WORDS = (
    # live
    "hear_boost contradicting_share true_share buy_disfavoured buy_favoured minor_rate "
    "serious_rate elsewhere cure_barred cure_free good_rate flight_rate train_rate visa_rate "
    # sense
    "read_hit read_false shops_shared probed match_hit alert_hit instalments_reported good_seen "
    "register_missed register_mistyped "
    # files, score
    "halve_days scoring piloted base floor ceiling association hops_many "
    # decide
    "restrict_on line restrict_days score_bans list_on list_days list_bans watch_line "
    "visit_speech visit_serious privilege_line "
    # redress
    "notice appeals appeals_refused appeal_delay reverse_wrongful reverse_rightful correct "
    # respond
    "risk_removed risk_stopped risk_penalised risk_refused risk_heard risk_decay "
    "detection_caught detection_heard detection_decay "
    "trust_kept trust_broke trust_stopped trust_wronged trust_decay "
    # desks: places a day for each million people, in 65,536ths
    "court_desk police_desk appeal_desk"
).split()

RULES = np.dtype(
    [(w, "i8") for w in _WORDS]
    + [(w, "i8", (256,)) for w in ("post_rate", "chill", "deter", "miss_rate")]
    + [(w, "i8", (3,)) for w in ("watched_spots", "serious_cleared", "pass_checked", "observed")]
    + [("match_false", "i8", (4, 4)), ("alert_false", "i8", (4,)), ("points", "i8", (10,))]
)

_BANS = {"flights": 1, "trains": 2, "visas": 4}
# The mean, over citizens, of what the law multiplies a rate by (see society/acts.py).
_MEAN_SOCIABLE = (128 + 127.5) / 256
_MEAN_INDEPENDENT = _MEAN_MOBILE = (64 + 127.5) / 256
_MEAN_INCOME = 127.5 / 128
_MEAN_TASTE = 127.5 / 256
_MEAN_TRUST = 0.5


def chance(p):
    """Probabilities as thresholds of 2^32."""
    return np.round(np.clip(p, 0, 1) * 2.0**32).astype(np.int64)


def part(x):
    """Shares and weights as 65,536ths."""
    return np.round(np.asarray(x, float) * 65536).astype(np.int64)


def daily(rate, mean=1.0):
    """A yearly rate as a daily threshold, for a law that multiplies by `mean` on average."""
    return chance(np.asarray(rate, float) / 365.25 / mean)


def decay(half_life_days):
    """What a feeling loses a day, to halve in so many."""
    return part(1 - 0.5 ** (1 / half_life_days))


def on(section: Part, day: date) -> dict:
    """A section's values as they hold on a day."""
    return {
        name: value.on(day) if isinstance(value, Dated) else value for name, value in section
    }


def changes(scenario: Scenario) -> list[date]:
    """The first day, and every later day on which a value changes."""
    dates = {scenario.first_day}
    for _, section in scenario:
        if isinstance(section, Part):
            for _, value in section:
                if isinstance(value, Dated):
                    dates.update(value.changes)
    return sorted(d for d in dates if scenario.first_day <= d <= scenario.last_day)


def rules_on(scenario: Scenario, day: date) -> np.ndarray:
    """The RULES record that holds on a day, as an array of one."""
    r = np.zeros(1, RULES)
    _life(r, scenario, day)
    _sensors(r, scenario, day)
    _judgement(r, scenario, day)
    _response(r, scenario)
    return r


def _life(r, scenario, day):
    x = np.arange(256)
    life = scenario.life
    # The mean of (q/255)^skew over citizens is one over skew + 1, whatever they hold.
    lean = scenario.society.conviction_skew * life.critical_posts_skew
    r["post_rate"] = daily(
        life.critical_posts_per_year * (lean + 1) * (x / 255) ** life.critical_posts_skew,
        _MEAN_SOCIABLE,
    )
    r["hear_boost"] = part(life.posts_more_per_hearing)
    r["contradicting_share"] = chance(life.share_contradicting)
    r["true_share"] = chance(life.share_true_news)
    r["buy_disfavoured"] = daily(life.disfavoured_purchases_per_year, _MEAN_TASTE)
    r["buy_favoured"] = daily(life.favoured_purchases_per_year, _MEAN_TASTE)
    r["minor_rate"] = daily(life.minor_offences_per_year, _MEAN_INDEPENDENT)
    r["serious_rate"] = daily(life.serious_offences_per_year, _MEAN_INDEPENDENT)
    r["miss_rate"] = chance(
        life.missed_instalments_worst * (1 - x / 255) ** life.missed_instalments_skew
    )
    r["cure_free"] = chance(life.cured_per_month)
    r["cure_barred"] = chance(life.cured_per_month_restricted)
    r["good_rate"] = chance(life.good_deeds_per_year * 30 / 365.25 / _MEAN_TRUST)
    r["flight_rate"] = daily(life.flights_per_year, _MEAN_INCOME * _MEAN_MOBILE)
    r["train_rate"] = daily(life.train_trips_per_year, 2 * _MEAN_MOBILE)
    r["visa_rate"] = chance(life.visas_per_year * 30 / 365.25 / _MEAN_INCOME)


def _sensors(r, scenario, day):
    cameras, platforms = on(scenario.cameras, day), on(scenario.platforms, day)
    registers, groups = on(scenario.registers, day), scenario.society.group_shares
    hundreds = cameras["per_1000_people"] / 100
    first = dict(cameras["share_covered_per_100"])
    covered = [1 - (1 - min(1.0, first[place])) ** hundreds for place in first]
    r["watched_spots"] = chance(np.array(covered) * cameras["uptime"])
    r["probed"] = chance(cameras["share_matched"])
    r["match_hit"] = chance(1 - cameras["miss_rate"])
    factors = np.array(cameras["group_factors"], float)
    found = _found(cameras["false_match_rate"] * factors, cameras["gallery"])
    r["match_false"] = chance(_doubles(found, groups, cameras["double_in_group"]))
    r["alert_hit"] = r["match_hit"]
    r["alert_false"] = chance(
        _found(cameras["watch_list_false_match_rate"] * factors, cameras["watch_list_gallery"])
    )
    r["pass_checked"] = daily(cameras["passes_checked_per_day"] * 365.25, _MEAN_MOBILE)
    r["read_hit"] = chance(platforms["read"])
    r["read_false"] = daily(platforms["misread_per_year"], _MEAN_MOBILE)
    r["shops_shared"] = chance(platforms["purchases_shared"])
    r["instalments_reported"] = chance(registers["instalments_reported"])
    r["register_missed"] = chance(registers["judgement_missed"])
    r["register_mistyped"] = chance(registers["judgement_mistyped"])
    r["good_seen"] = chance(registers["good_deeds_seen"])
    r["serious_cleared"] = chance([share for _, share in registers["serious_cleared"]])


def _found(false_match_rate, gallery):
    """FPIR: the chance that a search of a gallery of strangers returns somebody."""
    return -np.expm1(gallery * np.log1p(-np.minimum(false_match_rate, 1 - 1e-12)))


def _doubles(found, groups, within):
    """P(the day's double is taken for a citizen), by [citizen's group, double's group].

    The double is drawn evenly from everyone; weighting by group keeps the whole
    at `found` and puts the share `within` in the citizen's own group, as far as
    probabilities stay below 1.
    """
    shares = np.array(groups) / np.sum(groups)
    p = np.zeros((4, 4))
    for g in range(4):
        wanted = (1 - within) * shares
        wanted[g] += within
        p[g] = found[g] * wanted / np.maximum(shares, 1e-9)
        for _ in range(4):  # what one group cannot take, the others do
            over = np.clip(p[g] - 1, 0, None) @ shares
            p[g] = np.minimum(p[g], 1)
            room = (1 - p[g]) * shares
            if over <= 0 or room.sum() <= 0:
                break
            p[g] += (1 - p[g]) * min(1.0, over / room.sum())
    return p


def _judgement(r, scenario, day):
    scoring, blacklist = on(scenario.scoring, day), on(scenario.blacklist, day)
    restrictions, police = on(scenario.restrictions, day), on(scenario.police, day)
    redress = on(scenario.redress, day)
    r["halve_days"] = scenario.files.half_life_days
    r["scoring"] = scoring["on"]
    r["piloted"] = round(scoring["share_of_places"] * 256)
    r["base"], r["floor"], r["ceiling"] = scoring["base"], scoring["floor"], scoring["ceiling"]
    r["points"] = [points for _, points in scoring["points"]]
    r["association"] = part(scoring["association"])
    r["hops_many"] = scoring["association_hops_many"]
    r["observed"] = [scoring[f"observed_{layer}"] for layer in ("home", "local", "online")]
    r["list_on"], r["list_days"] = blacklist["on"], blacklist["days"]
    r["list_bans"] = sum(_BANS[b] for b in set(blacklist["bans"]))
    r["restrict_on"], r["restrict_days"] = restrictions["on"], restrictions["days"]
    r["line"] = restrictions["below"]
    r["score_bans"] = sum(_BANS[b] for b in set(restrictions["bans"]))
    r["watch_line"] = police["watch_after_posts"]
    r["visit_speech"] = police["visit_for_posts"]
    r["visit_serious"] = police["visit_for_serious_offences"]
    r["privilege_line"] = scenario.privileges.from_score.on(day)
    r["notice"] = chance(redress["notice"])
    r["appeals"] = chance(redress["appeals_after_notice"])
    r["appeals_refused"] = chance(redress["appeals_after_refusal"])
    r["appeal_delay"], r["correct"] = redress["delay_days"], redress["corrects_file"]
    r["reverse_wrongful"] = chance(redress["reversed_wrongful"])
    r["reverse_rightful"] = chance(redress["reversed_rightful"])
    r["court_desk"] = part(blacklist["court_places_per_million_a_day"])
    r["police_desk"] = part(police["places_per_million_a_day"])
    r["appeal_desk"] = part(redress["places_per_million_a_day"])


def _response(r, scenario):
    x = np.arange(256) / 255
    feel = scenario.response
    r["chill"], r["deter"] = part(np.exp(-x * feel.caution)), part(np.exp(-x * feel.deterrence))
    r["elsewhere"] = part(feel.detection_felt_elsewhere)
    r["risk_removed"], r["risk_stopped"] = part(feel.risk_after_removal), part(feel.risk_after_stop)
    r["risk_penalised"] = part(feel.risk_after_restriction)
    r["risk_refused"] = part(feel.risk_after_refusal)
    r["risk_heard"] = part(feel.risk_from_contacts)
    r["risk_decay"] = decay(feel.risk_half_life_days)
    r["detection_caught"] = part(feel.detection_after_own)
    r["detection_heard"] = part(feel.detection_from_contacts)
    r["detection_decay"] = decay(feel.detection_half_life_days)
    r["trust_kept"], r["trust_broke"] = part(feel.trust_from_kept), part(feel.trust_from_broken)
    r["trust_stopped"] = part(feel.trust_after_stop)
    r["trust_wronged"] = part(feel.trust_after_wrong)
    r["trust_decay"] = decay(feel.trust_half_life_days)


def timetable(scenario: Scenario, days: int) -> tuple[np.ndarray, np.ndarray]:
    """(rules, epochs): RULES records, and for each of `days` days the one that holds."""
    dates = changes(scenario)
    table = np.concatenate([rules_on(scenario, d) for d in dates])
    every = [scenario.first_day + timedelta(t) for t in range(days)]
    return table, np.searchsorted(np.array(dates), np.array(every), "right").astype(np.int64) - 1


def census(scenario: Scenario) -> np.ndarray:
    """The census as the society is built from, one CENSUS record."""
    s = scenario.society
    record = np.zeros(1, CENSUS)
    record["children"], record["old"] = part(s.share_under_15), part(s.share_over_60)
    record["urban"], record["metropolis"] = part(s.share_urban), part(s.share_metropolis)
    record["shops"], record["online"] = part(s.share_shopping_online), part(s.share_on_platforms)
    record["borrowers"] = part(s.share_borrowing)
    record["groups"] = part(np.cumsum(s.group_shares) / np.sum(s.group_shares))
    record["homes"] = part(np.cumsum(s.household_sizes) / np.sum(s.household_sizes))
    record["convictions"] = np.round(255 * (np.arange(256) / 255) ** s.conviction_skew)
    record["home_income"] = round(256 * s.household_likeness_income)
    record["home_conviction"] = round(256 * s.household_likeness_conviction)
    return record
