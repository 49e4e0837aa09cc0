"""The society and its acts, as integers for the kernels."""

from statistics import NormalDist

import numpy as np

from underwatch.model.parameters.units import (
    MEAN_INCOME,
    MEAN_INDEPENDENT,
    MEAN_MOBILE,
    MEAN_SOCIABLE,
    MEAN_TASTE,
    MEAN_TRUST,
    MOST_INDEPENDENT,
    MOST_MOBILE,
    MOST_SOCIABLE,
    chance,
    daily,
    part,
)
from underwatch.model.society.people import CENSUS
from underwatch.model.society.vital import YEAR, life_table, survivors
from underwatch.model.streams import MONTH


def life(r, scenario):
    """Stage 1: acts."""
    x = np.arange(256)
    life = scenario.life
    # The mean of (q/255)^skew over citizens is 1 / (skew + 1).
    lean = scenario.society.conviction_skew * life.critical_skew
    critical = (lean + 1) * (x / 255) ** life.critical_skew
    r["post_rate"] = daily(life.critical_posts_per_year * critical, MEAN_SOCIABLE)
    r["message_rate"] = daily(life.critical_messages_per_year * critical, MEAN_SOCIABLE)
    r["petition_rate"] = daily(life.petitions_per_year * critical)
    r["hear_boost"] = part(life.posts_more_per_hearing)
    r["sign_boost"] = part(life.petitions_more_per_hearing)
    r["foreign_visit_rate"] = daily(life.foreign_visits_per_year, MEAN_INDEPENDENT)
    r["contradicting_share"] = chance(life.share_contradicting)
    r["true_share"] = chance(life.share_true_news)
    r["buy_disfavoured"] = daily(life.disfavoured_purchases_per_year, MEAN_TASTE)
    r["buy_favoured"] = daily(life.favoured_purchases_per_year, MEAN_TASTE)
    r["minor_rate"] = daily(life.minor_offences_per_year, MEAN_INDEPENDENT)
    r["serious_rate"] = daily(life.serious_offences_per_year, MEAN_INDEPENDENT)
    r["miss_rate"] = chance(
        life.missed_instalments_worst * (1 - x / 255) ** life.missed_instalments_skew
    )
    r["cure_free"] = chance(life.cured_per_month)
    r["cure_barred"] = chance(life.cured_per_month_restricted)
    r["good_rate"] = daily(life.good_deeds_per_year, MEAN_TRUST)
    r["flight_rate"] = daily(life.flights_per_year, MEAN_INCOME * MEAN_MOBILE)
    r["train_rate"] = daily(life.train_trips_per_year, 2 * MEAN_MOBILE)
    r["visa_rate"] = daily(life.visas_per_year, MEAN_INCOME)
    _protest(r, scenario.protest, life.critical_skew, x)


def _protest(r, protest, skew, x):
    r["occasion"] = chance(protest.occasions_per_year / 52)
    r["spark"] = chance(protest.sparks * (x / 255) ** skew)
    r["join"] = chance(protest.joining)
    spread = protest.threshold_spread
    normal = NormalDist(protest.threshold_mean, spread) if spread else None
    # Nobody of the normal distribution starts: a threshold is at least 1. A listed one is rounded
    # down, so that k of n others reach a threshold of k / n for every n below 65,536.
    drawn = [normal.inv_cdf((k + 0.5) / 256) if normal else protest.threshold_mean
             for k in range(256)]  # fmt: skip
    listed = [int(share * 65536 + 1e-6) for share in protest.thresholds]
    r["threshold"] = [*listed, *np.maximum(part(drawn), 1)][:256]
    r["thresholds_listed"] = len(listed)
    r["instigators"] = 0 in listed
    r["heeds_district"] = protest.heeds == "district"
    r["tired"] = part((1 - protest.fatigue) ** np.arange(16))
    r["fatigue_days"] = protest.fatigue_half_life_days
    r["threshold_loyal"] = part(protest.threshold_of_loyal / 255)
    r["threshold_risk"] = part(protest.threshold_of_risk / 255)


def vital(r, scenario):
    """Births and deaths."""
    s = scenario.society
    r["vital"] = s.births_and_deaths
    yearly = life_table(s.deaths_per_1000_a_year)
    r["deaths"] = chance(1 - (1 - yearly) ** (MONTH / YEAR))
    r["convictions"] = convictions(s)
    r["conviction_spread"] = round(255 * s.conviction_spread)
    r["heirs"] = round(256 * s.household_likeness_income)


def convictions(society) -> np.ndarray:
    """The conviction of each quantile: int64 (256)."""
    held = 255 * (np.arange(256) / 255) ** society.conviction_skew
    return np.round(held).astype(np.int64)


def mean_readiness(society) -> float:
    """The mean readiness to inform of adults on the first day, as kernels compute it.

    The product of two traits that do not depend on each other: distance from the most critical
    conviction, and from full independence (sensing/neighbours.py).
    """
    return float(np.mean(255 - convictions(society)) * 127.5 / 65_536)


def old_ages(society) -> np.ndarray:
    """The age of each quantile of people of 60 and over, as the life table leaves them."""
    alive = survivors(life_table(society.deaths_per_1000_a_year))[60:]
    if not alive.sum():
        return np.full(256, 60)
    shares = np.cumsum(alive) / alive.sum()
    return 60 + np.searchsorted(shares, (np.arange(256) + 0.5) / 256)


def response(r, scenario, day):
    """How perceived risk and detection reduce acts."""
    x = np.arange(256) / 255
    feel = scenario.response
    r["chill"], r["deter"] = part(np.exp(-x * feel.caution)), part(np.exp(-x * feel.deterrence))
    care = feel.repayment_care * bool(scenario.blacklist.on.on(day))
    r["careful"] = part(np.exp(-x * care))
    r["elsewhere"] = part(feel.detection_felt_elsewhere)
    r["striving"] = part(feel.striving)
    r["striving_reach"] = feel.striving_reach_points if feel.striving else 0
    r["risk_in_private"] = part(feel.risk_felt_in_private)


def caps(r, skew):
    """The most that anybody's chance of an act can be today, from the rates themselves."""
    # (x/255)^skew lies below a square if skew ≥ 2, below a line if skew ≥ 1, below 1 always;
    # a little is added for rounding.
    r["lean"] = 64 if skew >= 1 else 65536 + 64
    r["lean_linear"] = 65800 if 1 <= skew < 2 else 0
    r["lean_square"] = 259 if skew >= 2 else 0

    def most(rate, factor):
        # One more than the bound, for rounding.
        return np.minimum(np.ceil(rate * factor).astype(np.int64) + 1, 1 << 32) * (rate > 0)

    posts, signs = r["post_rate"].max(1), r["petition_rate"].max(1)
    r["cap_post"] = most(posts, 1)
    r["cap_post_heard"] = most(posts, 1 + r["hear_boost"] / 65536)
    r["cap_sign"] = most(signs, 1)
    r["cap_sign_heard"] = most(signs, 1 + r["sign_boost"] / 65536)
    r["cap_message"] = most(r["message_rate"].max(1), 1)
    r["cap_spark"] = most(r["spark"].max(1), 1) * (r["occasion"] > 0)
    r["cap_march"] = np.maximum(r["cap_spark"], r["join"] * (r["occasion"] > 0))
    strives = 1 + r["striving"] / 65536
    bought = np.maximum(r["buy_disfavoured"], r["buy_favoured"])
    r["cap_purchase"] = most(bought, 1) * (r["shops_record"] > 0)
    bought = np.maximum(bought, r["buy_favoured"] * strives)
    r["cap_purchase_striving"] = most(bought, 1)  # what is done for a score counts, recorded or not
    r["cap_serious"] = most(r["serious_rate"], MOST_INDEPENDENT)
    r["cap_visa"] = most(r["visa_rate"], 2)
    r["cap_good"] = most(r["good_rate"], strives)
    r["cap_misread"] = most(r["read_false"], MOST_SOCIABLE)
    checked = most(r["pass_checked"].max(1), MOST_MOBILE)
    r["cap_watched"] = checked * (r["watch_line"] + r["watch_crimes"] + r["enrolled"] > 0)
    r["cap_checked"] = checked


def census(scenario) -> np.ndarray:
    """The census as the society is built from, one CENSUS record."""
    s = scenario.society
    record = np.zeros(1, CENSUS)
    record["children"], record["old"] = part(s.share_under_15), part(s.share_over_60)
    record["urban"], record["metropolis"] = part(s.share_urban), part(s.share_metropolis)
    record["shops"], record["online"] = part(s.share_shopping_online), part(s.share_on_platforms)
    record["borrowers"], record["evaders"] = part(s.share_borrowing), part(s.share_evading)
    for name, shares in (("markets", s.market_shares), ("platforms", s.platform_shares)):
        record[name] = part(1)
        record[name][0, : len(shares)] = part(np.cumsum(shares) / np.sum(shares))
    record["groups"] = part(np.cumsum(s.group_shares) / np.sum(s.group_shares))
    record["homes"] = part(np.cumsum(s.household_sizes) / np.sum(s.household_sizes))
    record["convictions"], record["old_ages"] = convictions(s), old_ages(s)
    record["home_income"] = round(256 * s.household_likeness_income)
    record["home_conviction"] = round(256 * s.household_likeness_conviction)
    opinion = s.homophily if s.homophily_opinion is None else s.homophily_opinion
    income = s.homophily if s.homophily_income is None else s.homophily_income
    record["likeness"] = [opinion, income, s.homophily_age, s.homophily_group]
    record["evened_income"] = evened(s.household_likeness_income)
    record["evened_conviction"] = evened(s.household_likeness_conviction)
    return record


def evened(weight: float) -> np.ndarray:
    """The distribution function of (1 − w) · U + w · V, for even U and V, as 256 quantiles."""
    x = (np.arange(256) + 0.5) / 256
    small, large = sorted((weight, 1 - weight))
    if small == 0:
        return np.arange(256)
    rise = x**2 / (2 * small * large)
    middle = (x - small / 2) / large
    fall = 1 - (1 - x) ** 2 / (2 * small * large)
    quantile = np.where(x <= small, rise, np.where(x <= large, middle, fall))
    return np.minimum(255, np.floor(256 * quantile)).astype(np.int64)
