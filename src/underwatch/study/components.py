"""What a study switches on and off: organs, or safeguards, and the world of any set of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from underwatch.errors import Problem, UserError, did_you_mean, shortened
from underwatch.scenario import Scenario
from underwatch.scenario.loading.retired import renamed
from underwatch.study.shapley import Coalition
from underwatch.study.worlds import lay_over

Names = Iterable[str] | str  # keys, or one text in which commas separate them
# The organs of an attribution that names none: those that observe, score and sanction.
USUAL_ORGANS = ("M1", "M6", "M7", "M10", "M11", "M13", "M14", "M16")


@dataclass(frozen=True)
class Components:
    """Organs or safeguards, and the scenario in which exactly some of them are present.

    kind: "organs" or "safeguards". names: key -> how a table shows it.
    """

    kind: str
    keys: tuple[str, ...]
    names: dict[str, str]
    scenario: Callable[[Coalition], Scenario]

    def code(self, coalition: Coalition) -> str:
        """The set as a number, one bit for each component, in hexadecimal digits."""
        return f"{sum(1 << k for k, key in enumerate(self.keys) if key in coalition):x}"

    def describe(self, coalition: Coalition) -> str:
        """The set in words: what is present, or what is absent where that is shorter."""
        present = [key for key in self.keys if key in coalition]
        absent = [key for key in self.keys if key not in coalition]
        if not present:
            return f"none of the {self.kind}"
        if not absent:
            return f"all of the {self.kind}"
        shorter = len(present) <= len(absent)
        return f"only {', '.join(present)}" if shorter else f"all but {', '.join(absent)}"


def organ_components(base: Scenario, numbers: Names | None = None) -> Components:
    """Organs of a scenario; one that is absent is switched off as in its `without-…` scenario."""
    from underwatch.scenario.organs import organs

    able = {organ.number: organ for organ in organs() if organ.without}
    without = {key: organ.without or "" for key, organ in able.items()}
    keys = _checked(USUAL_ORGANS if numbers is None else numbers, able, "organ")

    def scenario(coalition: Coalition) -> Scenario:
        return lay_over(base, [without[key] for key in keys if key not in coalition])

    names = {key: f"{key} {able[key].name}" for key in keys}
    return Components("organs", keys, names, scenario)


def safeguard_components(base: Scenario, names: Names | None = None) -> Components:
    """Safeguards, "all" or None for all of them.

    A safeguard that is present has the level that it has in the scenario `safeguarded`.
    """
    from underwatch.scenario.safeguards import safeguards

    able = {guard.key: guard for guard in safeguards()}
    keys = _checked(able if names in (None, "all") else names, able, "safeguard")
    full = Scenario.load("safeguarded").safeguards
    level = {key: getattr(full, key).steps[-1][1] for key in keys}

    def scenario(coalition: Coalition) -> Scenario:
        return base._replaced(
            {f"safeguards.{key}": level[key] if key in coalition else 0 for key in keys}
        )

    return Components("safeguards", keys, {key: able[key].name for key in keys}, scenario)


def _checked(keys: Names, able: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    """The keys if each is known and none is repeated."""
    if isinstance(keys, str):
        keys = [key.strip() for key in keys.split(",") if key.strip()]
    if not isinstance(keys, Iterable):
        raise UserError(f"{keys!r} is not a list of {kind}s, such as {', '.join([*able][:2])}.")
    keys = tuple(map(str, keys))
    what = "an organ that can be switched off" if kind == "organ" else f"a {kind}"
    unknown = [key for key in keys if key not in able]
    if unknown:
        raise UserError(
            Problem(
                None,
                renamed(f"{kind}s.{k}") or f"{shortened(k)} is not {what}{did_you_mean(k, able)}",
            )
            for k in unknown
        )
    if not keys:
        raise UserError(f"No {kind} is named; name at least one.")
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise UserError(f"{', '.join(repeated)} is named twice; name each {kind} once.")
    return keys
