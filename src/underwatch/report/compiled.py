"""Charts as Vega draws them, compiled from Vega-Lite once for all that differ in numbers alone.

In a process that has drawn little, compiling a chart takes a third of its time. What an earlier
process compiled is used, if it was kept. It is kept only if the first chart of its kind, drawn
from it, is the SVG file that the chart gives by itself, but for the numbers of its clips.
"""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import vl_convert

from underwatch.storage.text_cache import TextCache

Spec = dict[str, Any]
_DATE = re.compile(r"\d{4}-\d\d-\d\d")  # not a time of day, which would be local


class Kind(NamedTuple):
    """A chart without its numbers, and the numbers."""

    chart: Spec  # in Vega-Lite: data without rows; parameters for ends of scales, ticks, places
    rows: dict[str, list[Any]]  # by name of the data
    given: dict[str, Any]  # by name of the parameter


def draw(spec: Spec) -> str:
    """A chart in Vega-Lite as an SVG file."""
    kind = kind_of(spec)
    text = json.dumps(kind.chart, sort_keys=True)
    held = _cache().find(text)
    if held is not None:
        with suppress(Exception):  # the engine raises whatever its JavaScript does
            return vl_convert.vega_to_svg(filled(json.loads(held), kind))
    drawn: str = vl_convert.vegalite_to_svg(spec)
    with suppress(Exception):
        vega = vl_convert.vegalite_to_vega(kind.chart)
        again = vl_convert.vega_to_svg(filled(vega, kind))
        if without_numbers_of_clips(again) == without_numbers_of_clips(drawn):
            _cache().keep(text, json.dumps(vega).encode())
    return drawn


def without_numbers_of_clips(image: str) -> str:
    """An SVG file without what a process counts over all its charts: the areas that cut others."""
    return re.sub(r"clip\d+", "clip", image)


def kind_of(spec: Spec) -> Kind:
    """A chart in Vega-Lite and its numbers apart.

    Examples
    --------
    >>> axis, rows = {"values": [0, 5]}, [{"a": 3}]
    >>> kind = kind_of({"data": {"values": rows}, "encoding": {"x": {"field": "a", "axis": axis}}})
    >>> kind.chart["data"], kind.chart["encoding"]["x"]["axis"]
    ({'values': [], 'name': 'rows_0'}, {'values': {'expr': 'given_0'}})
    >>> kind.rows, kind.given
    ({'rows_0': [{'a': 3}]}, {'given_0': [0, 5]})
    """
    separation = _Separation()
    chart = separation.without_numbers(spec)
    if separation.given:
        names = [{"name": name, "value": 0} for name in separation.given]
        chart["params"] = [*spec.get("params", []), *names]
    return Kind(chart, separation.rows, separation.given)


def filled(vega: Spec, kind: Kind) -> Spec:
    """A compiled kind of charts with the numbers of one of them."""
    data = [
        {**each, "values": kind.rows[each["name"]]} if each["name"] in kind.rows else each
        for each in vega.get("data", [])
    ]
    signals = [
        {**each, "value": kind.given[each["name"]]} if each["name"] in kind.given else each
        for each in vega.get("signals", [])
    ]
    return {**vega, "data": data, "signals": signals}


class _Separation:
    """Goes through a chart. Equal numbers of one axis are one, as layers share scales and axes."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Any]] = {}
        self.given: dict[str, Any] = {}
        self._names: dict[tuple[str, ...], str] = {}

    def without_numbers(self, found: Any, inside: str = "", channel: str = "") -> Any:
        """A part of a chart without its numbers.

        inside: the key under which it stands. channel: such as x, whose encoding it is in.
        """
        if isinstance(found, list):
            return [self.without_numbers(one, inside, channel) for one in found]
        if not isinstance(found, dict):
            return found
        return {
            key: self._value(value, key, inside, key if inside == "encoding" else channel, found)
            for key, value in found.items()
        }

    def _value(self, value: Any, key: str, inside: str, channel: str, around: Spec) -> Any:
        if key == "data" and isinstance(value, dict) and isinstance(value.get("values"), list):
            name = self._name("rows", json.dumps(value["values"]))
            self.rows[name] = value["values"]
            return {**value, "values": [], "name": name}
        if (inside, key) == ("scale", "domain") and isinstance(value, list):
            ends = _numbers(value, around.get("type") == "utc")
            if ends:
                return [self._parameter(channel, f"end {k}", end) for k, end in enumerate(ends)]
        if (inside, key) == ("axis", "values") or key == "dy":
            return self._parameter(channel, key, value)
        return self.without_numbers(value, key, channel)

    def _parameter(self, channel: str, role: str, value: Any) -> Spec:
        name = self._name("given", channel, role, json.dumps(value))
        self.given[name] = value
        return {"expr": name}

    def _name(self, *what: str) -> str:
        """A name for rows or a number: the same for the same."""
        if what not in self._names:
            before = sum(known[0] == what[0] for known in self._names)
            self._names[what] = f"{what[0]}_{before}"
        return self._names[what]


def _numbers(ends: list[Any], is_utc: bool) -> list[float]:
    """The ends of a scale as numbers, dates as Vega counts them; empty if they are neither."""
    if all(isinstance(end, int | float) for end in ends):
        return ends
    dates = all(isinstance(end, str) and _DATE.fullmatch(end) for end in ends)
    if not is_utc or not dates or len({*ends}) < len(ends):  # equal dates are one to Vega-Lite
        return []
    return [1000 * datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp() for end in ends]


@cache
def _cache() -> TextCache:
    return TextCache("charts", (vl_convert.__version__, Path(__file__)))
