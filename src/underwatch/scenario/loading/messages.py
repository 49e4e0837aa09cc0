"""Messages for what pydantic refuses, in terms of the file: what is written, what belongs there."""

import re
from datetime import date
from typing import Any

from underwatch.errors import nearest
from underwatch.scenario.dated import FIRST_DATE, LAST_DATE, like_a_date
from underwatch.scenario.loading.schema import A_DATE, Shape, as_written

_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "string": "text",
    "date": A_DATE,
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "dict": "a mapping",
    "model": "a mapping",
}
_LIMITS = {
    "greater_than": "above {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "below {lt}",
    "less_than_equal": "at most {le}",
    "literal_error": "one of {expected}",
    "enum": "one of {expected}",
}
_LENGTHS = {
    "too_short": "has {actual_length} entries, but it needs at least {min_length}",
    "too_long": "has {actual_length} entries, but it takes at most {max_length}",
    "string_too_short": "is {}, but it needs at least {min_length} characters",
    "string_too_long": "is {}, but it takes at most {max_length} characters",
    "string_pattern_mismatch": "is {}, but it has the form {pattern}",
    "multiple_of": "is {}, but it is a multiple of {multiple_of}",
}


def refusal(name: str, value: Any, errors: list[dict[str, Any]], shape: Shape | None) -> str:
    """The sentence about one place that pydantic refused, for one reason or several."""
    kind, context = errors[0]["type"], errors[0].get("ctx", {})
    end = _instead(value, shape) if shape else "."
    if kind in ("value_error", "assertion_error"):
        reason = str(context.get("error", "")).strip().rstrip(".")
        return f"{name}: {reason or 'this does not fit together'}.".removeprefix(": ")
    if kind == "missing":
        return missing(name, shape)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{name} is not known here."
    if value is None:
        return f"{name} is empty{end}"
    if kind in _LENGTHS:
        return f"{name} {_LENGTHS[kind].format(as_written(value), **context)}{end}"
    if kind.startswith("date") and isinstance(value, str) and like_a_date(value):
        return f"{name} is {value}, but the calendar has no such day."
    belongs = shape.expected() if shape else " or ".join(dict.fromkeys(map(_expected, errors)))
    if not belongs:
        return f"{name} is {as_written(value)}, which does not fit here{end}"
    return f"{name} is {as_written(value)}, but it is {belongs}{_unit(name, shape)}{end}"


def missing(name: str, shape: Shape | None) -> str:
    """The sentence about a key that must be given and is not."""
    key, example = name.rpartition(".")[2], shape and shape.example()
    if example:
        return f"{name} is missing; write for example `{key}: {example}`."
    belongs = shape and shape.expected()
    if not belongs:
        return f"{name} is missing."
    return f"{name} is missing; it is {belongs}{_unit(name, shape)}."


def _unit(name: str, shape: Shape | None) -> str:
    """The unit of a number, as the last word of its key gives it."""
    if shape is None or shape.is_probability or not {int, float} & {*shape.parts}:
        return ""
    key = name.partition(" from ")[0].rpartition(".")[2]
    if key == "days" or key.endswith("_days"):
        return ", in days"
    found = re.search(r"_(per_million_a_day|per_(?:day|month|year))$", key)
    return f", {found[1].replace('_', ' ')}" if found else ""


def _expected(error: dict[str, Any]) -> str:
    kind = error["type"]
    if kind in _LIMITS:
        return _LIMITS[kind].format(**error["ctx"])
    return next((w for start, w in _KINDS.items() if kind.startswith(start)), "something else")


def _instead(value: Any, shape: Shape) -> str:
    """The end of the sentence: what to write instead."""
    number = int in shape.parts or float in shape.parts
    if shape.is_fraction and isinstance(value, (int, float)) and 1 < abs(value) <= 100:
        if value > 0 or not shape.is_probability:
            return f". For {value:.10g} % write {value / 100:.10g}."
    if isinstance(value, str):
        word = _meant(value.strip(), shape, number)
        if word:
            return word
    elif str in shape.parts and not number and isinstance(value, (bool, int, float)):
        return f'; write "{as_written(value)}" in quotes.'
    example = shape.example()
    return f"; write for example {example}." if example else "."


def _meant(text: str, shape: Shape, number: bool) -> str | None:
    """What to write if a text is a switch, a number or a choice in another notation."""
    if bool in shape.parts:
        word = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(text.lower())
        if word or text.lower() in ("true", "false"):
            return f"; write {word or text.lower()}{'' if word else ' without quotes'}."
    if number and len(text) <= 40:
        bare = _bare_number(text, float in shape.parts)
        sign = "" if shape.is_probability else "[-+]?"
        percent = re.fullmatch(rf"({sign}(?:\d+\.?\d*|\.\d+))\s*%", bare)
        if percent and shape.is_fraction:
            written = text.rstrip("% ")
            if shape.is_probability and float(percent[1]) > 100:
                return "; write for example 0.5 for 50 %."
            return f". For {written} % write {float(percent[1]) / 100:.10g}."
        if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", bare):
            return f"; write {bare}{' without quotes' if bare == text else ''}."
    close = nearest(text, shape.choices)
    return f"; did you mean {close}?" if close else None


def _bare_number(text: str, decimal: bool) -> str:
    """A number without thousands separators, and with a dot for a decimal comma."""
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3}){2,}", text):  # 10.000.000
        return text.replace(".", "")
    if re.match(r"[-+]?\d{1,3}(\.\d{3})+,\d", text):  # 1.000,5
        return text.replace(".", "").replace(",", ".")
    grouped = re.match(r"[-+]?[1-9]\d{0,2}([,_' ]\d{3})+(?![\d,])", text)  # 10,000
    if decimal and not grouped and re.match(r"[-+]?\d*,\d+\s*%?$", text):  # 0,8
        return text.replace(",", ".")
    return re.sub(r"(?<=\d)[,_' ](?=\d{3}\b)", "", text)


def day_of(key: str) -> date | None:
    """The day of a key such as 2018-01-31; None if it is none, or lies outside the calendar."""
    day = _iso_day(key)
    return day if day and FIRST_DATE <= day <= LAST_DATE else None


def _iso_day(key: str) -> date | None:
    try:
        return date.fromisoformat(key) if re.fullmatch(r"\d{4}-\d\d-\d\d", key) else None
    except ValueError:
        return None


def no_day(key: str) -> str:
    """The sentence about a key that should be a date and is none that is accepted."""
    if _iso_day(key):
        return f"{key} is too far away; dates lie between {FIRST_DATE} and {LAST_DATE}."
    if like_a_date(key):
        year, month, day = re.split("[-/.]", key)
        padded = f"{year}-{month:0>2}-{day:0>2}"
        if _iso_day(padded):
            return f"{key} is not written as a date; write {padded}."
        return f"{key} is not in the calendar; write an existing day as year-month-day."
    if re.fullmatch(r"\d{4}", key):
        return f"{key} is a year and not a date; write {key}-01-01."
    return f"{key} is not a date; write one value, or values by date such as 2018-01-31."


def for_example(shape: Shape) -> str:
    """The end of "write one value": an example, or else what belongs there."""
    example, belongs = shape.example(), shape.expected()
    if example:
        return f", for example {example}."
    return f": {belongs}." if belongs else "."
