"""The page about other libraries, its chart and the line of the README: `python -m docs.peers`.

`make bench-peers` measures (bench/peers) and keeps docs/data/peers.json; everything here is drawn
from it: docs/about/peers.md, docs/figures/peers.svg and the line of README.md.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from underwatch.report.look import BLUE, INK, styled
from underwatch.report.rendering import Spec, to_svg

ROOT = Path(__file__).parents[1]
DATA = ROOT / "docs" / "data" / "peers.json"
PAGE, FIGURE = ROOT / "docs" / "about" / "peers.md", ROOT / "docs" / "figures" / "peers.svg"
LINE = re.compile(r"^- \*\*It is measured beside other libraries:\*\* .*$", re.M)
YARDSTICK = "numba"  # the row to which the others are compared
WIDTH, ROW = 296, 40  # pixels; a chart that a phone shows without making it smaller
MISSING = "–"
QUIET = 0.7  # the load below which a machine counts as idle

Row = dict[str, Any]


@cache
def measured() -> dict[str, Any]:
    """What was measured last."""
    return json.loads(DATA.read_text("utf-8"))


def rows() -> list[Row]:
    """The peers that were measured, from the fewest agent-steps a second to the most."""
    known = [row for row in measured()["peers"] if "not_measured" not in row]
    return sorted(known, key=lambda row: row["agent_steps_per_second"])


def two_digits(number: float) -> str:
    """A number in two significant digits.

    Examples
    --------
    >>> two_digits(0.197), two_digits(2.04), two_digits(61.9), two_digits(155.2)
    ('0.20', '2.0', '62', '160')
    """
    short = float(f"{number:.2g}")
    return f"{short:,.0f}" if short >= 10 else f"{short:#.2g}"


def millions(row: Row, key: str = "agent_steps_per_second") -> str:
    """A speed in million agent-steps a second."""
    return two_digits(row[key] / 1e6)


def machine() -> str:
    """The machine in words."""
    of = measured()["machine"]
    return (
        f"{of['processor']}, {of['cores']} cores, {of['memory_gib']:.0f} GiB, {of['system']}, "
        f"Python {of['python']}"
    )


def chart() -> Spec:
    """The speeds as dots on a logarithmic axis; hollow: another rule."""
    values = [
        {"name": row["title"], "speed": row["agent_steps_per_second"] / 1e6, "text": millions(row),
         "above": k * ROW + 14, "middle": k * ROW + 24, "same": row["same_rule"]}
        for k, row in enumerate(rows())
    ]  # fmt: skip
    speeds = [value["speed"] for value in values]
    low, high = min(speeds) / 1.5, max(speeds) * 4  # with room for the numbers
    height = len(values) * ROW
    ticks = [10.0**k for k in range(-3, 5) if low <= 10.0**k <= high]
    across: Spec = {
        "field": "speed", "type": "quantitative", "title": "million agent-steps a second",
        "scale": {"type": "log", "domain": [low, high], "nice": False},
        "axis": {"values": ticks, "format": ",~g"},
    }  # fmt: skip
    scale = {"domain": [0, height], "range": [0, height], "nice": False}
    down: Spec = {"type": "quantitative", "axis": None, "scale": scale}
    middle = {"y": {**down, "field": "middle"}}
    text: Spec = {"type": "text", "align": "left", "fontSize": 13, "color": INK}
    layers = [
        {"mark": text | {"baseline": "bottom", "x": 0, "limit": 0, "dy": 2},
         "encoding": {"y": {**down, "field": "above"}, "text": {"field": "name"}}},
        {"mark": {"type": "point", "size": 90, "strokeWidth": 2, "color": BLUE, "opacity": 1},
         "encoding": {"x": across, **middle,
                      "fill": {"condition": {"test": "datum.same", "value": BLUE},
                               "value": "white"}}},
        {"mark": text | {"dx": 9}, "encoding": {"x": across, "text": {"field": "text"}, **middle}},
    ]  # fmt: skip
    return styled(
        {"data": {"values": values}, "width": WIDTH, "height": height, "layer": layers,
         "padding": 12}, background="white",
    )  # fmt: skip


def table() -> str:
    """The figures of all rows."""
    yardstick = next((row for row in rows() if row["key"] == YARDSTICK), None)
    lines = [
        "| | agents | million agent-steps a second (slowest round) | ns an agent-step "
        "| times the Numba loop's | cores used | million a processor-second | versions |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for row in rows():
        speed = row["agent_steps_per_second"]
        times = two_digits(yardstick["agent_steps_per_second"] / speed) if yardstick else MISSING
        versions = ", ".join(f"{name} {number}" for name, number in row["versions"].items())
        lines.append(
            f"| {row['title']}{'' if row['same_rule'] else ' (other rule)'} | {row['agents']:,} "
            f"| {millions(row)} ({millions(row, 'slowest_round')}) | {two_digits(1e9 / speed)} "
            f"| {times} | {row['cores_used']:.1f} "
            f"| {millions(row, 'agent_steps_per_processor_second')} | {versions} |"
        )
    for row in measured()["peers"]:
        if "not_measured" in row:
            lines.append(f"| {row['title']} |{f' {MISSING} |' * 6} {row['not_measured']} |")
    return "\n".join(lines)


def page() -> str:
    """The page of the documentation."""
    found = measured()
    rule = found["rule"]
    forms = [f"- **{row['title']}.** {row['form']}" for row in found["peers"]]
    return "\n\n".join([
        "# Speed beside other libraries",
        "How many agents do other libraries simulate in a second, on the same machine and with the "
        "same small workload? `make bench-peers` measures it and writes this page; it takes some "
        "five minutes after the peers are installed.",
        f"**The rule.** An agent has an opinion, 0 or 1, and {rule['contacts']} different "
        "contacts, drawn once from all others. In each step it holds 1 if at least "
        f"{rule['needed']} of {rule['contacts'] + 1} did before: its contacts and itself. Then, "
        f"with a probability of {100 * rule['flips']:.0f} %, it flips. Each peer was first checked "
        f"against the rule on {rule['checked_agents']:,} agents: without flips every opinion has "
        "to be the same, and with them as many may differ as the probability says. Rows with "
        "*other rule* simulate something else, as said below.",
        f"![Million agent-steps a second by library, on a logarithmic axis]({_from_page()})",
        "*Hollow: another rule.*",
        table(),
        f"Measured on {found['measured']}: {machine()}.{_busy()} Each peer is a process of its "
        f"own; rounds of at least {found['seconds_a_round']:g} s alternate, the best of "
        f"{found['rounds']} counts, and compiling and building are not in it. *Cores used* is "
        "processor time divided by time: parallel loops of Numba (LASER, Numba alone, Underwatch) "
        "take all cores, all others one. *Million a processor-second* is the same work by "
        "processor time, which other programs disturb less.",
        "## How each is written",
        "Each is written as its own documentation and models suggest; Mesa and agentpy also with "
        "the step outside of the library, on arrays.",
        "\n".join(forms),
        "## What this does not say",
        "- One rule on one machine says little about another model. The rule is as small as a rule "
        "on a network can be, so it shows the cost of reading contacts and little else.\n"
        "- Where the step itself is written for NumPy or Numba, the library holds the agents and "
        "has no part in the speed of the step; those rows are as fast as what they call. Where "
        "agents are objects, a rule may be anything that Python can say.\n"
        "- Sizes differ: fewer agents fit caches better, which favours the slower rows.\n"
        "- Memory, building the network, and results that a model keeps are not measured.",
    ]) + "\n"  # fmt: skip


def _busy() -> str:
    load = measured()["machine"]["load_before"]
    if load < QUIET:
        return ""
    return (
        f" Other programs kept the machine busy when it began (load {load:g}): all figures are "
        "lower than on an idle one, and their ratios less certain; measure again before you quote "
        "them."
    )


def _from_page() -> str:
    return f"../figures/{FIGURE.name}"


def line() -> str:
    """The line of the README."""
    rule = measured()["rule"]
    speeds = "; ".join(
        f"{row['title']} {millions(row)}{'' if row['same_rule'] else ' (other rule)'}"
        for row in rows()
    )
    of = measured()["machine"]
    busy = ", busy with other work" if of["load_before"] >= QUIET else ""
    return (
        f"- **It is measured beside other libraries:** {rule['contacts']} random contacts, "
        f"threshold opinion, {100 * rule['flips']:.0f} % flips, on one machine ({of['processor']}, "
        f"{of['cores']} cores{busy}), in million agent-steps a second: {speeds}. "
        "[How each is written, and what this does not say](docs/about/peers.md); "
        "`make bench-peers`."
    )


def main() -> None:
    """Draw the page, the chart and the line from the data."""
    FIGURE.write_text(to_svg(chart()), "utf-8")
    PAGE.write_text(page(), "utf-8")
    readme = ROOT / "README.md"
    text, count = LINE.subn(lambda _: line(), readme.read_text("utf-8"))
    assert count == 1, "README.md has no line about other libraries"
    readme.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
