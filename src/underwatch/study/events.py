"""Whether differences between worlds rest on enough events to be ranked."""

from collections.abc import Iterable

from underwatch.measurement.estimates import MIN_EVENTS, TOO_FEW, too_few

Cell = tuple[float | None, int | None]  # (mean over seeds, events over all seeds or None)


def value_of_an_event(cells: Iterable[Cell], share: bool = False) -> float:
    """How much of a measure one event stands for, by the cell with the most events.

    share: whether the measure is a percentage, whose events are those of its rarer outcome.
    Zero if the measure does not rest on events, or if there are none.

    Examples
    --------
    >>> value_of_an_event([(0.5, 2), (10.0, 40)]), value_of_an_event([(98.0, 40)], share=True)
    (0.25, 0.05)
    """
    known = [(events, value) for value, events in cells if value is not None and events]
    if not known:
        return 0.0
    events, value = max(known)
    size = abs(value)
    if share and 0 <= value <= 100:
        size = min(size, 100 - value)
    return size / events


def least_difference(cells: Iterable[Cell], unit: str) -> float:
    """How far two worlds must differ in a measure to be ranked: the size of 30 events.

    cells: of all worlds. unit: of the measure.
    """
    return MIN_EVENTS * value_of_an_event(cells, unit.startswith("%") or unit == "of 100")


def few_in_all(events: Iterable[int | None]) -> str:
    """Why none of these worlds is ranked: not even one rests on enough events; else empty.

    Examples
    --------
    >>> few_in_all([2, 6, 4]), few_in_all([2, 600]), few_in_all([None, None])
    ('too few events (6 and 2)', '', '')
    """
    known = [count for count in events if count is not None]
    if not known or max(known) >= MIN_EVENTS:
        return ""
    return too_few(max(known), min(known))


def few_between(first: Cell, other: Cell) -> str:
    """Why the difference of two worlds is not divided and ranked; empty if it may be.

    A difference counts as many events as it has more in one world than in the other. In
    percentages and rates it counts the events that an equal difference of counts would have.

    Examples
    --------
    >>> few_between((1.0, 3), (3.3, 10)), few_between((0.0, 0), (90.0, 270))
    ('too few events (3 and 10)', '')
    >>> few_between((100.0, 500), (101.0, 505)), few_between((50.0, None), (51.0, None))
    ('too few events (500 and 505)', '')
    """
    if first[0] is None or other[0] is None or first[1] is None or other[1] is None:
        return ""
    most = max(first[1], other[1])
    largest = max(abs(first[0]), abs(other[0]))
    changed = most * abs(other[0] - first[0]) / largest if largest else 0.0
    if most >= MIN_EVENTS and round(changed, 6) >= MIN_EVENTS:
        return ""
    few = too_few(first[1], other[1])
    return few or f"{TOO_FEW} events ({first[1]:,} and {other[1]:,})"
