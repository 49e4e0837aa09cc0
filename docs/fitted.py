"""The page docs/reference/fitted.md: what is fitted, to what, and with what error.

`python -m docs.refit --page` writes it: the constants that this command fits, with their errors,
and below them every other figure of a shipped scenario or study whose source says "fitted".
"""

from typing import Any

from docs.refit import COURT, FLIGHTS, SCENARIO, TRAINS, WITHIN, Constants, Row, table, written

import underwatch as uw
from underwatch.scenario.keys import in_words

UNKNOWN = "not measured"
# The error of each other fitted figure, and the test that holds it below.
ERRORS = {
    "cameras.watch_list_threshold": "at most 5 % (`tests/model/test_cameras.py`)",
    "support.lost_when_learning": "at most 2 % of support (`tests/model/test_support.py`)",
    "police.enrolled_at_random": "at most 5 % (`tests/model/test_cameras.py`)",
}


def page(rows: list[Row], stock: list[str], constants: Constants, citizens: int) -> str:
    """The page in Markdown."""
    worst = max(abs(row.error) for row in rows if row.fitted)
    parts = [
        "# Fitted figures",
        "A fitted figure reproduces what it was fitted to; it predicts nothing. Everything that is "
        "fitted is on this page. `make refit` fits the constants of the first table anew, and "
        "`python -m docs.refit --check` fails if a shipped value is off. "
        "`python -m docs.refit --page` writes this page.",
        "## The court's list and refused tickets",
        f"Constants of `{SCENARIO}`: {_code(constants)}. They are fitted to `court_blacklist` and "
        "`refused_travel` together: the largest relative error up to the end of 2018 is least, "
        "where an error of the list counts twice, because refused tickets follow from who is on "
        f"the list. The largest error is {100 * worst:.1f} %; {100 * WITHIN:.0f} % is accepted. "
        "Figures of 2019 were known when the model was built and are compared, not fitted. "
        f"Simulated figures come from {citizens:,} invented citizens, scaled to the nation, with "
        "restrictions by score switched off, because the published figures concern the list "
        "alone.",
        "\n".join(table(rows)),
        " ".join(stock) + " These shares are not fitted.",
        "## Other fitted figures",
        "Sources as the files give them.",
        "\n".join(["| file | key | value | source | error |", "|---|---|---|---|---|", *others()]),
    ]
    return "\n\n".join(parts) + "\n"


def _code(constants: Constants) -> str:
    return "; ".join(f"`{part}`" for part in written(constants).split("; "))


def others() -> list[str]:
    """Rows of every other figure whose source says that it is fitted."""
    known = set()
    lines = []
    for name, values, sources in _declared():
        for key, source in sources.items():
            if "fitted" not in source or key in (COURT, FLIGHTS, TRAINS):
                continue
            value = in_words(_at(values, key))
            error = ERRORS.get(key, UNKNOWN)
            if (key, value, source) not in known:
                known.add((key, value, source))
                lines.append(f"| {name} | `{key}` | {value} | {source} | {error} |")
    return sorted(lines)


def _at(values: Any, key: str) -> Any:
    """The value of a dotted key; a step may be an attribute or a key of a mapping."""
    for step in key.split("."):
        values = values[step] if isinstance(values, dict) else getattr(values, step)
    return values


def _declared() -> list[tuple[str, Any, dict[str, str]]]:
    """Each shipped scenario and study: name, values, sources; the default scenario first."""
    from underwatch.scenario.data import STUDIES
    from underwatch.study.diffusion.declaration import reading

    names = sorted(uw.scenarios(), key=lambda name: (name != SCENARIO, name))
    made = [(name, scenario := uw.Scenario.load(name), scenario.sources) for name in names]
    for path in sorted(STUDIES.glob("*.yaml")):
        loaded = reading(path.stem)
        made.append((path.stem, loaded.value, loaded.sources))
    return made
