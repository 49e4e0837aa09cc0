"""Cross-field checks: what several figures of a scenario must fulfil together.

Each check names the keys that it reads, and returns sentences about what does not fit. The
loader runs every check whose figures are each accepted, so that all faults of a file are
reported at once, at the line of the figure that was written last.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from underwatch.scenario.dated import Dated
from underwatch.scenario.keys import at
from underwatch.scenario.limits import MAX_DAYS, too_long
from underwatch.scenario.sections.values import Section

TOLERANCE = 1e-6  # of a sum of shares
_DAYS_A_YEAR = 365.25

# The most active citizen's multiple of the mean rate (see model/parameters/units.py): traits
# from 0 to 255 weigh as 128 + sociability, 64 + independence or mobility, income, or taste.
_SOCIABLE, _INDEPENDENT, _TASTE, _MOBILE = 1.5, 1.67, 2.0, 1.67
_FLYING = 3.34


class Check(NamedTuple):
    """Figures, by their keys, and what is wrong with their values together."""

    keys: tuple[str, ...]
    faults: Callable[..., Iterator[str]]


def _sums_to_one(key: str) -> Check:
    def faults(shares: Sequence[float]) -> Iterator[str]:
        total = sum(shares)
        if abs(total - 1) > TOLERANCE:
            yield f"{key} adds up to {total:.7g}, but shares of a whole add up to 1."

    return Check((key,), faults)


def _not_all_zero(key: str) -> Check:
    def faults(weights: Sequence[float]) -> Iterator[str]:
        if not any(weights):
            yield f"{key} is zero in every entry; write at least one entry above 0."

    return Check((key,), faults)


def _ages_fit(sizes: Sequence[float], young: float, old: float) -> Iterator[str]:
    """Heads of households are adults, and the old are as frequent among heads as elsewhere."""
    people = sum(size * share for size, share in enumerate(sizes, 1))
    if abs(sum(sizes) - 1) > TOLERANCE or people <= 0:
        return  # reported by another check
    if young + old > 1:
        yield (
            f"society.share_under_15 is {young:g} and society.share_over_60 is {old:g}, "
            f"but together they are at most 1."
        )
        return
    heads = 1 / people
    room = (1 - heads) * (1 - old)
    if young > room + TOLERANCE:
        yield (
            f"society.share_under_15 is {young:g}, but households of {people:.3g} people on "
            f"average have adult heads ({100 * heads:.3g} % of citizens), and "
            f"society.share_over_60 is {old:g}, which leaves at most {room:.3g} for children; "
            f"write fewer children or larger households."
        )


def _metropolis_in_towns(urban: float, metropolis: float) -> Iterator[str]:
    if metropolis > urban:
        yield (
            f"society.share_metropolis is {metropolis:g}, but it is a part of society.share_urban, "
            f"which is {urban:g}; write at most {urban:g}."
        )


def _scale(section: str) -> Check:
    def faults(floor: int, base: int, ceiling: int) -> Iterator[str]:
        if floor >= ceiling:
            yield (
                f"{section}.floor is {floor:,} and {section}.ceiling is {ceiling:,}, "
                f"but the floor of a scale is below its ceiling."
            )
        elif not floor <= base <= ceiling:
            yield _outside(f"{section}.base", base, section, floor, ceiling)

    return Check((f"{section}.floor", f"{section}.base", f"{section}.ceiling"), faults)


def _within_scale(key: str, section: str, zero: bool = False) -> Check:
    """zero: the value 0 is accepted, and means that there is no such line."""

    def faults(line: Any, floor: int, ceiling: int) -> Iterator[str]:
        for value in _every(line):
            if floor < ceiling and not floor <= value <= ceiling and not (zero and value == 0):
                yield _outside(key, value, section, floor, ceiling, zero)

    return Check((key, f"{section}.floor", f"{section}.ceiling"), faults)


def _outside(
    key: str, value: int, section: str, floor: int, ceiling: int, zero: bool = False
) -> str:
    none = ", or 0 for none" if zero else ""
    return (
        f"{key} is {value:,}, but the scale runs from {floor:,} ({section}.floor) to "
        f"{ceiling:,} ({section}.ceiling){none}."
    )


def _at_most_daily(key: str, most: float) -> Check:
    """most: how many times the mean rate the most active citizen acts."""

    def faults(rate: Any) -> Iterator[str]:
        for value in _every(rate):
            yield from _too_often(key, value, most)

    return Check((key,), faults)


def _lies_at_most_daily(rate: Any, conviction: float) -> Iterator[str]:
    """The readiest neighbour's multiple of the mean: see model/sensing/neighbours.py."""
    for value in _every(rate):
        yield from _too_often("neighbours.lies_per_year", value, 2 * (1 + 1 / conviction))


def _companies_exist(key: str, shares_key: str) -> Check:
    def faults(named: Any, shares: Sequence[float]) -> Iterator[str]:
        for number in sorted({number for value in _every(named) for number in value or ()}):
            if number > len(shares):
                yield (
                    f"{key} names company {number}, but {shares_key} has {len(shares)} shares; "
                    f"write a number from 1 to {len(shares)}."
                )

    return Check((key, shares_key), faults)


def _critical_at_most_daily(key: str, most: float) -> Check:
    def faults(rate: float, skew: float, conviction: float) -> Iterator[str]:
        yield from _too_often(key, rate, most * (1 + skew * conviction))

    return Check((key, "life.critical_skew", "society.conviction_skew"), faults)


def _too_often(key: str, rate: float, most: float) -> Iterator[str]:
    if 0 <= rate <= 365 and rate * most > _DAYS_A_YEAR:
        limit = int(100 * _DAYS_A_YEAR / most) / 100
        yield (
            f"{key} is {rate:g}, a mean over citizens; the most active would reach "
            f"{rate * most:,.0f} a year, but one a day is the most; write at most {limit:g}."
        )


_MIX = ("cameras.group_factors", "cameras.tested_mix", "society.group_shares")


def _mean_factor(factors: Sequence[float], mix: Sequence[float], shares: Sequence[float]) -> float:
    """The mean of the group factors over the mix of groups that was tested; 0 if there is none."""
    weights = mix or shares
    total = sum(weights)
    if len(weights) != len(factors) or total <= 0:
        return 0
    return sum(w * f for w, f in zip(weights, factors, strict=True)) / total


def _groups_were_tested(
    factors: Sequence[float], mix: Sequence[float], shares: Sequence[float]
) -> Iterator[str]:
    if mix and len(mix) != len(factors):
        yield (
            f"cameras.tested_mix has {len(mix)} entries; write one weight for each of the "
            f"{len(factors)} groups, or [] for society.group_shares."
        )
    elif any(factors) and sum(mix or shares) and not _mean_factor(factors, mix, shares):
        yield (
            "cameras.group_factors is zero in every group of cameras.tested_mix (or of "
            "society.group_shares, if that is empty), but the published rate is the mean over them."
        )


def _rate_of_group(key: str) -> Check:
    def faults(rate: float | None, *mixed: Sequence[float]) -> Iterator[str]:
        mean = _mean_factor(*mixed)
        most = max(mixed[0]) / mean if mean else 0
        if rate is not None and rate * most > 1:
            yield (
                f"{key} is {rate:g}, the mean over the groups that were tested, and "
                f"cameras.group_factors go up to {most:g} times the mean, but their product is a "
                f"probability from 0 to 1."
            )

    return Check((key, *_MIX), faults)


_CURVE = "cameras.operating_curve"
_COLUMNS = ("false_match_rates", "miss_rates")


def _curve_is_one(thresholds: Sequence[float], *columns: Sequence[float]) -> Iterator[str]:
    """columns: each rate, its low and its high end."""
    names = [f"{name}{end}" for name in _COLUMNS for end in ("", "_low", "_high")]
    uneven = [n for n, c in zip(names, columns, strict=True) if len(c) != len(thresholds)]
    if uneven:
        yield (
            f"{_CURVE}.{uneven[0]} has another number of entries than {_CURVE}.thresholds, "
            f"which has {len(thresholds)}; write one rate for each threshold."
        )
        return
    if any(b <= a for a, b in pairwise(thresholds)):
        yield f"{_CURVE}.thresholds do not ascend; put them in ascending order."
    for k, name in enumerate(_COLUMNS):
        rate, low, high = columns[3 * k : 3 * k + 3]
        if any(not a <= b <= c for a, b, c in zip(low, rate, high, strict=True)):
            yield (
                f"{_CURVE}.{name} lies outside its interval, from {name}_low to {name}_high; "
                f"correct the one or the other."
            )
    if any(b > a for a, b in pairwise(columns[0])) or any(b < a for a, b in pairwise(columns[3])):
        yield (
            f"{_CURVE}: with the threshold false_match_rates fall and miss_rates rise; "
            f"put the rates in this order."
        )


def _rates_are_given(thresholds: Sequence[float], *rates: float | None) -> Iterator[str]:
    missing = [key for key, rate in zip(_GIVEN, rates, strict=True) if rate is None]
    if not thresholds and missing:
        yield (f"{_CURVE} is empty and {missing[0]} is not given; write a curve, or this rate.")


_GIVEN = (
    "cameras.miss_rate", "cameras.false_match_rate", "cameras.watch_list_false_match_rate",
)  # fmt: skip


def _dates_ascend(first: date, last: date) -> Iterator[str]:
    if last < first:
        yield f"last_day is {last}, before first_day, which is {first}; put them in order."


def _days_can_be_counted(first: date, last: date, *durations: int) -> Iterator[str]:
    days, longest = (last - first).days + 1, max(durations)
    if days > 0 and days + longest > MAX_DAYS:
        sentence = too_long(days, _DURATIONS[durations.index(longest)], longest)
        yield f"from {first} to {last}: {sentence}"


_DURATIONS = ("blacklist.days", "restrictions.days", "redress.ruling_holds_days")

CHECKS: tuple[Check, ...] = (
    Check(("first_day", "last_day"), _dates_ascend),
    Check(("first_day", "last_day", *_DURATIONS), _days_can_be_counted),
    _sums_to_one("society.household_sizes"),
    _sums_to_one("society.group_shares"),
    _sums_to_one("society.market_shares"),
    _sums_to_one("society.platform_shares"),
    _companies_exist("companies.compelled", "society.market_shares"),
    _companies_exist("companies.under_contract", "society.market_shares"),
    _companies_exist("companies.platforms_compelled", "society.platform_shares"),
    Check(
        ("society.household_sizes", "society.share_under_15", "society.share_over_60"), _ages_fit
    ),
    Check(("society.share_urban", "society.share_metropolis"), _metropolis_in_towns),
    _critical_at_most_daily("life.critical_posts_per_year", _SOCIABLE),
    _critical_at_most_daily("life.critical_messages_per_year", _SOCIABLE),
    _critical_at_most_daily("life.petitions_per_year", 1),
    _at_most_daily("life.foreign_visits_per_year", _INDEPENDENT),
    _at_most_daily("life.favoured_purchases_per_year", _TASTE),
    _at_most_daily("life.disfavoured_purchases_per_year", _TASTE),
    _at_most_daily("life.minor_offences_per_year", _INDEPENDENT),
    _at_most_daily("life.serious_offences_per_year", _INDEPENDENT),
    _at_most_daily("life.flights_per_year", _FLYING),
    _at_most_daily("life.train_trips_per_year", _MOBILE),
    _at_most_daily("platforms.misread_per_year", _INDEPENDENT),
    Check(("neighbours.lies_per_year", "society.conviction_skew"), _lies_at_most_daily),
    _not_all_zero("cameras.group_factors"),
    Check(_MIX, _groups_were_tested),
    Check(
        (
            f"{_CURVE}.thresholds",
            *(f"{_CURVE}.{name}{end}" for name in _COLUMNS for end in ("", "_low", "_high")),
        ),
        _curve_is_one,
    ),
    Check((f"{_CURVE}.thresholds", *_GIVEN), _rates_are_given),
    _rate_of_group("cameras.false_match_rate"),
    _rate_of_group("cameras.watch_list_false_match_rate"),
    _scale("scoring"),
    _within_scale("restrictions.below", "scoring"),
    _within_scale("privileges.from_score", "scoring", zero=True),
    _scale("precursor"),
    _within_scale("precursor.boasting_from", "precursor"),
    _within_scale("precursor.perks_from", "precursor", zero=True),
)


def refuse_misfits(section: Section, checks: Iterable[Check]) -> None:
    """Run checks on a whole section; raises pydantic's error with all sentences."""
    faults = [
        sentence
        for check in checks
        for sentence in check.faults(*(at(section, key) for key in check.keys))
    ]
    if faults:
        raise PydanticCustomError("cross_field", "{faults}", {"faults": " ".join(faults)})


def _every(value: Any) -> Iterator[Any]:
    """Each value that a figure takes on some date."""
    yield from (step for _, step in value.steps) if isinstance(value, Dated) else [value]
