"""What `frontier` finds: the harm and the benefit of sets of safeguards, and which are listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from underwatch.measurement.estimates import MIN_EVENTS
from underwatch.report.few import beside
from underwatch.report.numbers import format_column
from underwatch.study.dominance import TOLERANCE
from underwatch.study.events import least_difference
from underwatch.study.measures import title_words
from underwatch.study.result import Study
from underwatch.study.statistics import seeds_phrase


@dataclass(frozen=True)
class Point:
    """A set of safeguards, the harm it leaves and the benefit it keeps.

    harm, benefit: mean over seeds, None where undefined; with 95 % intervals from three seeds
    on. gives_up: every stated goal that is worse than without safeguards, and by how much in
    the goal's own unit; None where the goal is no longer defined. From three seeds on, a goal
    is worse if its paired difference is beyond chance, with those of all goals and sets judged
    together (see `multiplicity`). harm_events, benefit_events:
    the events that harm and benefit rest on over all seeds; None where they rest on none.
    """

    safeguards: tuple[str, ...]
    harm: float | None
    harm_low: float | None
    harm_high: float | None
    benefit: float | None
    benefit_low: float | None
    benefit_high: float | None
    gives_up: dict[str, float | None]
    harm_events: int | None = None
    benefit_events: int | None = None

    @property
    def defined(self) -> bool:
        """Whether both harm and benefit have a value."""
        return self.harm is not None and self.benefit is not None

    @property
    def name(self) -> str:
        """The safeguards in words."""
        return ", ".join(self.safeguards) or "no safeguard"


@dataclass(frozen=True, eq=False, repr=False)
class FrontierFindings(Study):
    """The findings of a frontier, which its tables, charts and pages read."""

    tolerance: ClassVar[float] = TOLERANCE  # of the span of each measure over evaluated sets

    provenance: dict[str, Any]
    harm: str
    harm_label: str
    harm_unit: str
    benefit: str
    benefit_label: str
    benefit_unit: str
    none: Point
    points: tuple[Point, ...]
    evaluated: tuple[Point, ...]
    sets: int
    complete: bool
    few: str
    seeds: tuple[int, ...]
    limited: str = ""

    @property
    def undefined(self) -> tuple[Point, ...]:
        """The evaluated sets in which harm or benefit has no value (nothing to divide by)."""
        return tuple(point for point in self.evaluated if not point.defined)

    def best_single(self) -> str:
        """Which safeguard alone leaves least harm, in a sentence; empty if none clearly does.

        Differences within the tolerance count as none, from the baseline as from each other.
        """
        harms = [point.harm for point in self.evaluated if point.harm is not None]
        alone = [
            (p.harm, p) for p in self.evaluated if len(p.safeguards) == 1 and p.harm is not None
        ]
        if self.none.harm is None or len(alone) < 2 or self.few:
            return ""
        cells = [(point.harm, point.harm_events) for point in self.evaluated]
        tolerance = max(
            self.tolerance * (max(harms) - min(harms)), least_difference(cells, self.harm_unit)
        )
        least, best = min(alone, key=lambda one: one[0])
        if self.none.harm - least <= tolerance:
            return ""
        near = [point.name for harm, point in alone if harm - least <= tolerance]
        spans = [(point.harm_low, point.harm_high) for point in (self.none, best)]
        before, after = format_column([self.none.harm, least], spans, self.harm_unit)
        verb = "reduces" if len(near) == 1 else "reduce"
        about = "" if len(near) == 1 else "about "
        return (
            f"Of the safeguards alone, {title_words(near)} {verb} the harm most. "
            f"{self.harm_label}: from {before} to {about}{after} ({self.harm_unit})."
        )

    def few_sentence(self) -> str:
        """Why no set is listed; empty if enough events were counted."""
        return f"No set is ranked. {beside(self.few)}." if self.few else ""

    def sentences(self) -> list[str]:
        """What was searched, which sets are listed, and what is undefined, one sentence each."""
        seeds = seeds_phrase(len(self.seeds))
        sentences = [f"{len(self.evaluated):,} of {self.sets:,} sets were evaluated, with {seeds}."]
        if self.few:
            sentences.append(self.few_sentence())
        else:
            sentences.append(
                "No evaluated set has less harm and no less benefit than a listed one; "
                f"differences of up to {100 * self.tolerance:.1f} % of the span of a measure, or "
                f"of fewer than {MIN_EVENTS} events, count as none."
            )
        ends = [
            end
            for p in self.evaluated
            for value, end in (
                (p.harm, p.harm_low), (p.harm, p.harm_high),
                (p.benefit, p.benefit_low), (p.benefit, p.benefit_high),
            )
            if end != value
        ]  # fmt: skip
        if 0 in ends or 100 in ends:
            sentences.append(
                "An interval of a count or of a share is cut at 0, and that of a share at 100 %."
            )
        if best := self.best_single():
            sentences.append(best)
        if self.limited:
            sentences.append(self.limited)
        if not self.complete:
            sentences.append(
                "The search ended before all neighbours of listed sets were evaluated; allow "
                "more sets."
            )
        if self.undefined:
            named = "; ".join(point.name for point in self.undefined[:8])
            more = len(self.undefined) - 8
            sentences.append(
                f"{self.harm} or {self.benefit} is not defined in {len(self.undefined):,} "
                f"evaluated sets, where there is nothing to divide by; these are not listed: "
                f"{named}{f'; and {more} more' if more > 0 else ''}."
            )
        return sentences
