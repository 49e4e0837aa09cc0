"""Which measures of a study a queue bounds: at capacity they show its places, not the demand."""

from collections.abc import Iterable, Mapping

from underwatch.study.measures import title_words

# The value of a measure under each seed, or in each world; None where it is not defined.
Values = Iterable[float | int | None]
_LEAST = 1  # per cent of days; less is not mentioned


def queue_of(measure: str) -> str:
    """The queue that bounds a measure; empty for most.

    Examples
    --------
    >>> queue_of("stops"), queue_of("chilled_acts")
    ('police', '')
    """
    from underwatch.measurement.summary import LINES

    return LINES[measure].limited_by if measure in LINES else ""


def bound_sentence(queue: str, labels: Iterable[str], shares: Values) -> str:
    """That a queue bounds these measures; empty if it was hardly ever at capacity.

    shares: of days on which the queue was at capacity, in per cent.

    Examples
    --------
    >>> bound_sentence("police", ["Police stops"], [99.8, 20.0])
    'Police stops: the police are at capacity on up to 100 % of days, when the figure shows the \
places of the scenario and not the demand.'
    >>> bound_sentence("police", ["Police stops"], [0.0, None])
    ''
    """
    from underwatch.measurement.summary import LINES

    most = max((share for share in shares if share is not None), default=0)
    if most < _LEAST:
        return ""
    when = LINES[f"{queue}_at_capacity"].label.removeprefix("Days on which ")
    return (
        f"{title_words(labels)}: {when} on up to {most:.0f} % of days, when the figure shows the "
        "places of the scenario and not the demand."
    )


def bounds(measures: Mapping[str, str], summaries: Iterable[Mapping[str, float | None]]) -> str:
    """The sentences for some measures, name → label, in worlds with these summaries."""
    worlds, by_queue = list(summaries), dict[str, list[str]]()
    for name, label in measures.items():
        if queue := queue_of(name):
            by_queue.setdefault(queue, []).append(label)
    made = (
        bound_sentence(queue, labels, [one.get(f"{queue}_at_capacity") for one in worlds])
        for queue, labels in by_queue.items()
    )
    return " ".join(filter(None, made))
