"""The findings of a run in brief: a sentence each, with numbers of the summary."""

from collections.abc import Iterable

from underwatch.measurement.summary import SummaryLine
from underwatch.report.numbers import format_value, is_defined

# Each names measures by {name}, for the value with its unit; without a value it is left out.
_SENTENCES = (
    "Because of perceived risk, people withhold {chilled_share} of lawful expression.",
    "On the last day {restricted_now} are under restrictions.",
    "{wrongful} are wrongful (no act of the person's own), which is {wrongful_share}.",
    "Among minor offences, perceived detection deters {offences_deterred}.",
)
_NAMES = ("chilled_share", "restricted_now", "wrongful", "wrongful_share", "offences_deterred")


def in_brief(measures: Iterable[SummaryLine]) -> list[str]:
    """The sentences of which every measure is defined."""
    values = {
        m.name: format_value(m.value, unit=m.unit, events=m.events)
        for m in measures
        if m.name in _NAMES and is_defined(m.value)
    }
    absent = [name for name in _NAMES if name not in values]
    return [
        sentence.format(**values)
        for sentence in _SENTENCES
        if not any(f"{{{name}}}" in sentence for name in absent)
    ]
