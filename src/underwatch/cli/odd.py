"""The ODD+D page: the protocol's text, filled in from the source code, the schema and the pages.

The text is data/pages/odd.md. What it names between double braces is made here, so that the page
cannot describe another model than the one that runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from underwatch.cli import pages, source_code
from underwatch.scenario import Scenario

SCENARIO = "atlantic-2018"
LOOP = "engine.threads:simulate_days"  # the compiled loop over days
# Functions that are opened in the order of calls; the others are named with what they do.
OPENED = (
    "_work", "_simulate", "simulate_chunk", "start_day", "simulate_active", "_day_of", "morning",
    "citizen_day", "act", "speak", "sense", "decide", "respond", "overnight",
)  # fmt: skip
# Names in model/streams.py that are no address: bounds of ranges, and intervals.
_NO_STREAMS = {"HALVES", "DAILY_STREAMS", "LEVELS_EVERY", "MONTH", "LOWER_HALF"}
# What no comment beside a field says.
_MEANINGS = {
    "sociability": "how often a citizen speaks and boasts",
    "mobility": "how often a citizen travels, and passes a street",
    "standing": "bits: in default, instalments overdue, waiting or served in a queue, why the "
    "police come, member of the private score, knows of penalties, dismissed",
    "region": "the file of the regional tier, of the same layout",
    "nation": "the file of the national tier, of the same layout",
}
_ARRAYS = {"empty_counts", "add_up_limits"}  # calls that only make or empty arrays
_MARK = re.compile(r"\{\{(\w+)\}\}")
_SECTION = re.compile(r"^## (.+)\n", re.M)
_LEFT_OUT = ("Parameters", "Limits")  # of an organ's page: the first is made, the other linked


def odd_page(name: str = SCENARIO) -> str:
    """The ODD+D description of the model, as Markdown, with the values of a scenario."""
    scenario = Scenario.load(name)
    made = parts(scenario, name)
    return _MARK.sub(lambda found: made[found[1]](), pages.page("odd"))


def parts(scenario: Scenario, name: str) -> Mapping[str, Callable[[], str]]:
    """What each mark of the text stands for."""
    return {
        "scenario": lambda: name,
        "days": lambda: f"{(scenario.last_day - scenario.first_day).days + 1:,}",
        "first_day": lambda: str(scenario.first_day),
        "last_day": lambda: str(scenario.last_day),
        "block": lambda: f"{source_code.constant('model.society.people', 'BLOCK'):,}",
        "district": lambda: f"{source_code.constant('model.society.people', 'DISTRICT'):,}",
        "counts": lambda: _counts(scenario),
        "traits": lambda: _fields("model.society.people", "Person"),
        "state": lambda: _fields("model.state", "State"),
        "steps": lambda: "\n".join(source_code.steps("model.day")),
        "schedule": schedule,
        "streams": _streams,
        "strata": _strata,
        "measures": _measures,
        "censuses": _censuses,
        "notation": _notation,
        "organs": lambda: "\n".join(_organs(scenario)),
        "safeguards": _safeguards,
        "shared": lambda: _functions(unclaimed()),
    }


def schedule() -> str:
    """The calls of a day in the order of the code, as a list; a call stands where it first is."""
    lines, named = [], set()
    above: dict[int, str] = {}
    for depth, one in source_code.order(LOOP, OPENED):
        call = (above.get(depth - 1, ""), one.name)
        above[depth] = one.name
        if call in named or one.name in _ARRAYS:
            continue
        named.add(call)
        lines.append(f"{'    ' * depth}- `{one.name}` – {one.summary} (`{one.file}`)")
    return "\n".join(lines)


def unclaimed() -> list[str]:
    """The modules of the model with compiled functions that no organ's entry names."""
    from underwatch.scenario.organs import organs

    claimed = {file for organ in organs() for file in organ.files}
    files = sorted((source_code.PACKAGE / "model").rglob("*.py"))
    modules = [".".join(file.relative_to(source_code.PACKAGE).with_suffix("").parts)
               for file in files]  # fmt: skip
    return [each for each in modules
            if f"src/underwatch/{each.replace('.', '/')}.py" not in claimed
            and source_code.functions(each)]  # fmt: skip


def _counts(scenario: Scenario) -> str:
    from underwatch.scenario.evidence import assumptions

    return f"{assumptions(scenario.sources).sentence()}."


def _table(head: str, rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    columns = head.count("|") + 1
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join([f"| {head} |", "|---" * columns + "|", *(f"| {line} |" for line in lines)])


def _fields(module: str, name: str) -> str:
    found = source_code.fields(module, name)
    rows = [(f"`{one.name}`", _MEANINGS.get(one.name, one.meaning)) for one in found]
    return _table("field | meaning", rows)


def _streams() -> str:
    named = [one for one in source_code.streams() if one not in _NO_STREAMS]
    return ", ".join(f"`{one.lower()}`" for one in named) + "."


def _strata() -> str:
    return "group × age × place × conviction (thirds of the fixed conviction)"


def _measures() -> str:
    from underwatch.measurement.pages import SUMMARY, entries

    return _table(
        "measure | name | unit",
        [(one.label, f"`{name}`", one.unit) for name, one in entries().items()
         if one.type == SUMMARY],
    )  # fmt: skip


def _censuses() -> str:
    from underwatch.scenario.censuses import censuses

    return "\n".join(f"- `{one.name}`: {one.title}" for one in censuses())


def _notation() -> str:
    text = pages.page("model").split("## Notation of the organ pages\n")[1].split("\n## ")[0]
    return f"#### Notation\n{text.strip()}"


def _organs(scenario: Scenario) -> Iterator[str]:
    """The submodels: idea, rules, compiled functions and parameters of each organ."""
    from underwatch.scenario.organs import organs

    for organ in organs():
        text = (pages.PAGES / "organs" / f"{organ.number}.md").read_text("utf-8")
        _, *halves = _SECTION.split(text)
        yield f"#### {organ.number} {organ.name}"
        yield f"[Page and limits](organs/{organ.number}.md)\n"
        for title, body in zip(halves[::2], halves[1::2], strict=True):
            if title not in _LEFT_OUT:
                yield f"**{title}.**\n\n{_moved(body).strip()}\n"
        if modules := [_module(file) for file in organ.files]:
            if listed := _functions(modules):
                yield f"**Compiled functions.**\n\n{listed}\n"
        if rows := list(_parameters(text, scenario)):
            yield "**Parameters.**\n"
            yield _table("key | meaning | value | range | source", rows) + "\n"


def _parameters(text: str, scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """A row for each key that an organ's page lists."""
    from underwatch.scenario.keys import at
    from underwatch.scenario.ranges import ranges

    known, sources = ranges(scenario), scenario.sources
    for key, meaning in pages.ROW.findall(text):
        source = sources.get(key) or pages.section_source(key, sources)
        found = known.get(key)
        yield (
            f"`{key}`", _moved(meaning), pages.written(at(scenario, key)),
            found.words if found is not None else "", pages.with_confidence(source),
        )  # fmt: skip


def _safeguards() -> str:
    from underwatch.scenario.safeguards import safeguards

    rows = [(f"`safeguards.{one.key}`", one.between, one.level) for one in safeguards()]
    return _table("safeguard | between | level", rows)


def _functions(modules: list[str]) -> str:
    """A table of the compiled functions of modules that say what they do."""
    rows = [
        (f"`{one.name}({', '.join(one.arguments)})`", one.summary, f"`{one.file}`")
        for module in modules
        for one in source_code.functions(module).values()
        if one.summary and not one.name.startswith("_")
    ]
    return _table("function | what it computes | file", rows) if rows else ""


def _module(file: str) -> str:
    return file.removeprefix("src/underwatch/").removesuffix(".py").replace("/", ".")


def _moved(text: str) -> str:
    """Links between organ pages as they are from a page beside their folder."""
    return re.sub(r"\]\((M\d+)\.md\)", r"](organs/\1.md)", text)


def unknown_names(scenario: Scenario) -> dict[str, list[str]]:
    """Names with an underscore in the rules of each organ that nothing in the model has.

    A name is a part of a key of the scenario, a measure, a safeguard, or a name of the code. What
    is left is an equation that describes another model.
    """
    from underwatch.measurement.pages import entries
    from underwatch.scenario.organs import organs

    known = {part for key in scenario.sources for part in key.split(".")} | set(entries())
    known |= {part for key in pages.meanings() for part in key.split(".")}
    known |= source_code.names()
    found = {}
    for organ in organs():
        text = (pages.PAGES / "organs" / f"{organ.number}.md").read_text("utf-8")
        rules = "\n".join(re.findall(r"^```\n(.*?)^```", text, re.M | re.S))
        names = set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", rules))
        if left := sorted(names - known):
            found[organ.number] = left
    return found
