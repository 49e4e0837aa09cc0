"""The findings of one scenario, run with one seed or several, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from underwatch.measurement.estimates import MIN_EVENTS, TOO_FEW
from underwatch.report.bands import MISSING, Bands
from underwatch.report.few import EXACT, beside, share_in_words
from underwatch.report.findings import Finding
from underwatch.report.numbers import format_interval, format_value, is_defined
from underwatch.report.words import upper_first


class Figure(Protocol):
    """A measure with its value: a line of a summary, or a value over seeds with low and high."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def value(self) -> float | int | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def definition(self) -> str: ...
    @property
    def note(self) -> str: ...


# Each names measures by {name}, for the value with its unit and interval. A sentence whose
# measures are not all defined gives way to the next of its row.
_SENTENCES: tuple[tuple[str, ...], ...] = (
    (
        "Because of perceived risk, citizens withhold {chilled_share:share} of the lawful "
        "expression they intend.",
    ),
    (
        "Perceived detection deters {offences_deterred:share} of minor offences; citizens commit "
        "{offences}.",
        "Citizens commit minor offences at a rate of {offences}.",
    ),
    (
        "On the last day {restricted_now:share} of adults are under restrictions"
        "{restricted_now:bound}.",
        "The share of adults under restrictions on the last day rests on {restricted_now:note}.",
    ),
    (
        "Of {imposed}, {wrongful_share:share} have no act of the person's own as a reason.",
        "{wrongful} have no act of the person's own as a reason; for a share these are "
        "{wrongful_share:note}.",
    ),
    ("Of {alerts}, {alert_precision:share} are for a person on the watch list.",),
    ("Generalised trust ends at {trust} (50 is the resting level).",),
)


# Of which measure a share is taken, where a sentence quotes it on few events.
_WHOLES = {"wrongful_share": "imposed"}


class _Counted:
    """A measure over seeds, and the events that it rests on over all of them."""

    def __init__(self, of: Figure, events: int | None):
        self.name, self.value, self.unit, self.note = of.name, of.value, of.unit, of.note
        self.low, self.high = getattr(of, "low", None), getattr(of, "high", None)
        self.events = events


def in_brief(
    measures: Iterable[Figure],
    events: Mapping[str, int | None] | None = None,
    citizens: int | None = None,
    bands: Bands | str = "",
) -> list[Finding]:
    """The sentences of which every measure is defined.

    bands: what the assumptions leave; a sentence without an interval ends with it.

    events: on how many the values of several seeds rest, by measure; a line of a summary has
    its own. citizens: over all seeds; for how many a share on few events would take.
    """
    values: dict[str, Any] = {each.name: each for each in measures}
    if events:
        values = {n: _Counted(each, events.get(n)) for n, each in values.items()}
    found = []
    for row in _SENTENCES:
        for sentence in row:
            names = [name.partition(":") for name in _fields(sentence)]
            if all(_usable(values, name, how) for name, _, how in names):
                texts = {
                    f"{{{n}{c}{how}}}": _few_in_words(values, n, citizens)
                    if how == "note" else _text(values[n], how)
                    for n, c, how in names
                }  # fmt: skip
                for field, text in texts.items():
                    sentence = sentence.replace(field, text)
                mark = EXACT if "exact 95 %" in sentence else ""
                measured = tuple(name for name, *_ in names)
                sentence = _with_band(sentence, values, names, bands)
                found.append(Finding(upper_first(sentence), measured, mark))
                break
    return found


def _with_band(
    sentence: str, values: Mapping[str, Any], names: Iterable[tuple[str, str, str]],
    bands: Bands | str,
) -> str:  # fmt: skip
    """A sentence with what the assumptions leave of its measures, if they have no interval."""
    if isinstance(bands, str):
        return sentence
    left = [
        f"{band} {'%' if how == 'share' else values[name].unit}"
        for name, _, how in names
        if how in ("", "share") and not is_defined(getattr(values[name], "low", None))
        and (band := bands.band(name)) != MISSING
    ]  # fmt: skip
    if not left:
        return sentence
    old = ", computed for an earlier version" if bands.stale else ""
    return f"{sentence.removesuffix('.')} (the assumptions leave {' and '.join(left)}{old})."


def headline(measures: Iterable[Figure], events: Mapping[str, int | None] | None = None) -> str:
    """The main finding as the title of a page; without one, an empty text.

    events: see `in_brief`. What rests on a few events is no title; that nobody is, is one.
    """
    values: dict[str, Any] = {each.name: each for each in measures}
    if events:
        values = {n: _Counted(each, events.get(n)) for n, each in values.items()}
    values = {n: each for n, each in values.items() if not each.value or not _few(each)}
    parts = []
    share = values.get("chilled_share")
    if share is not None and is_defined(share.value):
        held = _short(share) if share.value else "nothing"
        parts.append(f"Citizens withhold {held} of lawful expression")
        if not share.value:
            parts = ["Nobody withholds lawful expression because of perceived risk"]
    restricted = values.get("restricted_now")
    if restricted is not None and is_defined(restricted.value):
        many = f"{_short(restricted)} of adults are" if restricted.value else "nobody is"
        parts.append(f"{many} under restrictions at the end")
    return upper_first("; ".join(parts))


def _fields(sentence: str) -> list[str]:
    return [part.partition("}")[0] for part in sentence.split("{")[1:]]


def _usable(values: Mapping[str, Figure], name: str, how: str) -> bool:
    if name not in values:
        return False
    if how == "note":
        return values[name].note.startswith(TOO_FEW) or _few(values[name])
    return is_defined(values[name].value) and not (how == "share" and _few(values[name]))


def _few(figure: Figure) -> bool:
    """Whether a share rests on fewer events than are compared."""
    events = getattr(figure, "events", None)
    return events is not None and events < MIN_EVENTS


def _few_in_words(values: Mapping[str, Any], name: str, citizens: int | None) -> str:
    """Why a share is not quoted, its exact interval, and how many citizens it would take."""
    share, whole = values[name], values.get(_WHOLES.get(name, ""))
    if share.note.startswith(TOO_FEW):
        return beside(share.note, citizens)
    counted, of = share.events, getattr(whole, "events", None)
    text = beside(f"{TOO_FEW} events ({counted:,})", citizens)
    if not of:
        return text
    part = counted if share.value <= 50 else of - counted
    return f"{text}: {share_in_words(part, of)}"


def _text(figure: Figure, how: str) -> str:
    low, high = (getattr(figure, end, None) for end in ("low", "high"))
    if how == "bound":
        limit = getattr(figure, "limit", "") or figure.note
        return f" ({limit})" if "at capacity" in limit else ""
    unit = "%" if how == "share" else figure.unit
    if is_defined(low) and is_defined(high):
        text = format_interval(figure.value, low, high)
        number, rest = text.partition(" (")[::2]
        return f"{number} {unit}" + (f" ({rest}" if rest else "")
    return format_value(figure.value, unit=unit, events=getattr(figure, "events", None))


def _short(figure: Figure) -> str:
    """A percentage in the text of a title."""
    value: Any = figure.value
    return f"{float(f'{value:.2g}'):g} %" if value < 10 else f"{value:.0f} %"
