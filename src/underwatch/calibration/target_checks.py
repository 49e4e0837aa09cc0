"""What is wrong with one target, by key: its measure, dates, error, count and source."""

from collections.abc import Iterator

from underwatch.calibration.declaration import Target
from underwatch.errors import did_you_mean, shortened
from underwatch.report.numbers import COUNTED
from underwatch.scenario.evidence import checked_source, figures, is_assumption

READ = ("V", "S")  # confidences of what was read, in a source or in the press


def faults_of(target: Target) -> Iterator[tuple[str, str]]:
    """Keys and sentences of what is wrong with one target."""
    from underwatch.measurement.catalogue import MEASURES
    from underwatch.measurement.summary import NAMES

    measure = MEASURES.get(target.measure)
    dated = target.by or target.since or target.at
    known = [*MEASURES] if dated else [*NAMES, *MEASURES]
    if target.measure not in known:
        what = "a tally, as a date needs" if target.measure in NAMES else "a measure"
        hint = did_you_mean(target.measure, known)
        yield "measure", f"{shortened(target.measure)} is not {what}{hint}"
    elif measure is not None and measure.type == "flow" and target.at:
        yield "at", f"{target.measure} is counted anew each day; write `by:` for its sum."
    if target.per is not None and target.per not in MEASURES:
        yield "per", f"{shortened(target.per)} is not a tally{did_you_mean(target.per, MEASURES)}"
    elif target.per is not None and measure is None:
        yield "per", f"{target.measure} is a measure of the summary; only a tally has a `per`."
    if target.at and (target.by or target.since):
        yield "at", "at is one day, and by and since are a period; write one or the other."
    if target.since and not target.by:
        yield "since", "since needs `by:`, the last day of the period."
    elif target.since and target.by and target.by < target.since:
        yield "by", f"by is {target.by}, before since, {target.since}."
    yield from _of_error(target)
    yield from _of_count(target)
    _, wrong = checked_source(target.source)
    for sentence in wrong:
        yield "source", f"source {sentence}"
    known_as = figures().get(target.source)
    if known_as and target.confidence not in (None, known_as.confidence):
        yield (
            "confidence",
            f"confidence is {target.confidence}, but that of {target.source} is "
            f"{known_as.confidence}; leave it out.",
        )
    elif not wrong and not known_as and target.confidence in READ and is_assumption(target.source):
        yield (
            "confidence",
            f"confidence is {target.confidence}, but the source is an assumption, which nobody "
            "has read anywhere; write C (computed) or M (from memory).",
        )
    elif not wrong and not known_as and target.confidence is None:
        yield (
            "source",
            "has no confidence; write `confidence:` V (read in the source), S (in the press), M "
            "(from memory) or C (computed).",
        )


def _of_count(target: Target) -> Iterator[tuple[str, str]]:
    """A figure below zero of what is counted, whatever it is divided by."""
    from underwatch.measurement.catalogue import LEVEL, MEASURES, unit_of
    from underwatch.measurement.summary import LINES

    name = target.measure
    tally = MEASURES[name].type != LEVEL if name in MEASURES else False
    if not tally and (name not in LINES or unit_of(name) not in COUNTED):
        return
    for key in ("value", "low"):
        figure = getattr(target, key)
        if figure is not None and figure < 0:
            yield key, f"{key} is {figure:g}, but {name} is a count, which is 0 or more."


def _of_error(target: Target) -> Iterator[tuple[str, str]]:
    low, high = target.low, target.high
    if (low is None) != (high is None):
        yield ("low" if high is None else "high"), "an interval has both ends, low and high."
    elif low is not None and high is not None:
        if target.standard_error is not None:
            yield "standard_error", "write a standard error or an interval, not both."
        if not low < high:
            yield "low", f"low is {low:g} and high {high:g}; low is below."
        elif target.value is not None and not low <= target.value <= high:
            yield "value", f"value is {target.value:g}, outside its interval."
    elif target.standard_error is None:
        yield "value", "has no error; write `standard_error:`, or `low:` and `high:`."
    elif target.value is None:
        yield "standard_error", "has no value; write `value:`."
