"""What the figures of a deployment file must fulfil, alone and together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from underwatch.assessments.declaration.closed_world import refused_text, unprintable_text
from underwatch.assessments.declaration.together import check_together
from underwatch.assessments.declaration.values import Quantity, of_percent
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.law import law
from underwatch.errors import Problem, did_you_mean, shortened
from underwatch.scenario.evidence import checked_source
from underwatch.scenario.loading.builder import Builder

_OWN_PAPER = "document:"


def check(builder: Builder[Any]) -> None:
    """Ranges, sources, and shares that are parts of a whole."""
    for path in [p for p in builder.leaves if p[-1] == "value"]:
        parent = path[:-1]
        model = builder.shape_at(parent).model
        if model is None or not issubclass(model, Quantity):
            continue
        _check_figure(builder, parent)
    _check_conclusion(builder)
    _check_groups(builder)
    _check_curve(builder)
    _check_shorter_list(builder)
    _check_law(builder)
    _check_texts(builder)
    check_together(builder)
    for where, key, total in _wholes(builder):
        if abs(total - 1) > 1e-6:
            sentence = f"{key} add up to {total:.7g}, but shares of a whole add up to 1."
            builder.problems.append(Problem(where, sentence))


def _check_texts(builder: Builder[Any]) -> None:
    """Texts of settings, and of files that this one extends; those of its own are read before."""
    for path, leaf in builder.leaves.items():
        parts = leaf.value if isinstance(leaf.value, list) else [leaf.value]
        for k, text in enumerate(parts):
            if isinstance(text, str):
                where = leaf.where((k,) if isinstance(leaf.value, list) else ())
                builder.problems += unprintable_text(where, path[-1], text)
                builder.problems += refused_text(where, path[-1], text)


def _check_figure(builder: Builder[Any], path: tuple[str, ...]) -> None:
    key = ".".join(path)
    leaves = {name: builder.leaves.get((*path, name)) for name in ("value", "low", "high")}
    source = builder.leaves.get((*path, "source"))
    numbers = {
        name: number
        for name, leaf in leaves.items()
        if leaf is not None and (number := of_percent(leaf.value)) is not None
    }
    where = builder.places.get(path)

    def refuse(name: str, sentence: str) -> None:
        leaf = builder.leaves.get((*path, name))
        builder.problems.append(Problem(leaf.where(()) if leaf else where, sentence))

    if "low" in numbers and "value" in numbers and numbers["low"] > numbers["value"]:
        refuse("low", f"{key}.low is {numbers['low']:g}, above the value {numbers['value']:g}.")
    if "high" in numbers and "value" in numbers and numbers["high"] < numbers["value"]:
        refuse("high", f"{key}.high is {numbers['high']:g}, below the value {numbers['value']:g}.")
    if ("low" in numbers) != ("high" in numbers):
        there, absent = ("low", "high") if "low" in numbers else ("high", "low")
        refuse(there, f"{key} has {there} and no {absent}; write both ends of the range.")
    if source is None or not isinstance(source.value, str):
        return
    if source.value.startswith(_OWN_PAPER) and source.value[len(_OWN_PAPER) :].strip():
        return
    for fault in checked_source(source.value)[1]:
        refuse("source", f"{key}.source {fault}")
    if source.value.startswith("assumption") and "low" not in numbers and "high" not in numbers:
        refuse("value", f"{key} is an assumption and has no range; add low and high.")


def _check_conclusion(builder: Builder[Any]) -> None:
    """The measure that decides is one of the kind."""
    kind, measure = builder.leaves.get(("kind",)), builder.leaves.get(("conclusion", "measure"))
    if kind is None or measure is None or kind.value not in KINDS:
        return
    known = KINDS[kind.value].measures
    if isinstance(measure.value, str) and measure.value not in known:
        written = f"conclusion.measure is {shortened(repr(measure.value))}, which is not a measure"
        mean = did_you_mean(measure.value, known)
        builder.problems.append(Problem(measure.where(()), f"{written} here{mean}"))


def _check_groups(builder: Builder[Any]) -> None:
    """What is stated by group names groups that exist, and every one of them."""
    groups = {path[2] for path in builder.places if path[:2] == ("people", "groups") and path[2:]}
    for section in (("accuracy", "group_factors"), ("accuracy", "tested_mix")):
        named = {path[2]: where for path, where in builder.places.items()
                 if path[:2] == section and path[2:]}  # fmt: skip
        key = ".".join(section)
        for name, where in named.items():
            if name not in groups:
                mean = did_you_mean(name, groups)
                builder.problems.append(Problem(where, f"{key}.{name} is no group{mean}"))
        absent = sorted(groups - set(named))
        if named and absent:
            sentence = f"{key} leaves out {', '.join(absent)}; state it for every group."
            builder.problems.append(Problem(builder.places.get(section), sentence))


def _check_curve(builder: Builder[Any]) -> None:
    """The points of an operating curve stand at different thresholds."""
    seen: dict[float, str] = {}
    for path, leaf in builder.leaves.items():
        if path[:2] != ("accuracy", "curve") or path[-1] != "threshold":
            continue
        if isinstance(leaf.value, int | float):
            first = seen.setdefault(float(leaf.value), path[2])
            if first != path[2]:
                sentence = (
                    f"accuracy.curve: {first} and {path[2]} have the same threshold; keep one."
                )
                builder.problems.append(Problem(leaf.where(()), sentence))


def _check_shorter_list(builder: Builder[Any]) -> None:
    """A shorter list is shorter, and its people pass no more often than those of the whole list."""

    def known(*path: str) -> float | None:
        leaf = builder.leaves.get((*path, "value"))
        return float(leaf.value) if leaf and isinstance(leaf.value, int | float) else None

    section = ("safeguards", "smaller_list")
    faces, shorter = known("list", "size"), known(*section, "size")
    passes, fewer = known("list", "share_of_passes"), known(*section, "share_of_passes")
    if None in (faces, shorter, passes, fewer) or not faces or not passes:
        return
    if shorter > faces or fewer / passes > shorter / faces * (1 + 1e-6):
        sentence = (
            f"{'.'.join(section)}: {shorter:,.0f} of {faces:,.0f} faces make at most "
            f"{passes * shorter / faces:.3g} of the passes, if they pass as often as the others."
        )
        builder.problems.append(Problem(builder.places.get(section), sentence))


def _check_law(builder: Builder[Any]) -> None:
    """The legal regime names acts that the table of the law knows."""
    leaf = builder.leaves.get(("legal_regime",))
    if leaf is None or not isinstance(leaf.value, list):
        return
    known = law().acts
    for k, key in enumerate(leaf.value):
        if isinstance(key, str) and key not in known:
            sentence = f"legal_regime: {shortened(key)} is not in the table of the law"
            builder.problems.append(Problem(leaf.where((k,)), sentence + did_you_mean(key, known)))


def _wholes(builder: Builder[Any]) -> Iterator[tuple[str | None, str, float]]:
    """The sums of shares that are parts of a whole: (place, key, sum)."""
    sums: dict[tuple[str, str, str], list[float]] = {}
    for path, leaf in builder.leaves.items():
        if path[-1] != "value" or not isinstance(leaf.value, int | float):
            continue
        match path:
            case ("people", "groups" | "visitors" as what, _, part, "value") if "share" in part:
                sums.setdefault(("people", what, part), []).append(leaf.value)
            case ("accuracy", "tested_mix", _, "value"):
                sums.setdefault(("accuracy", "tested_mix", ""), []).append(leaf.value)
    for (section, what, part), shares in sums.items():
        name = f"{section}.{what}" + (f".*.{part}" if part else "")
        yield builder.places.get((section, what)), name, sum(shares)
