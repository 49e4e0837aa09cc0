"""The page docs/reference/fitted.md: what is fitted, to what, how surely, and with what error.

`make refit` calibrates `atlantic-2018` (`underwatch calibrate atlantic-2018`) and then runs
`python -m docs.fitted FOLDER`, which keeps what came out in docs/data/calibration.json, simulates
the values that the scenario holds, and writes the page. `python -m docs.fitted` writes the page
from what is kept.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.assessments.closed_forms.watch_list_published import published
from underwatch.assessments.declaration import read_deployment
from underwatch.calibration.findings import Fitted, interval_words, share_words
from underwatch.calibration.measured import OUTPUT, output_of
from underwatch.scenario.data import DATA
from underwatch.scenario.evidence import is_fitted
from underwatch.scenario.keys import in_words

ROOT = Path(__file__).parent
PAGE = ROOT / "reference" / "fitted.md"
KEPT = ROOT / "data" / "calibration.json"
SCENARIO = "atlantic-2018"
ASSESSMENTS = DATA / "assessments"
UNKNOWN = "not measured"
# The error of each other fitted figure, and the test that holds it below.
ERRORS = {
    "cameras.watch_list_threshold": "at most 5 % (`tests/model/test_cameras.py`)",
    "support.lost_when_learning": "at most 2 % of support (`tests/model/test_support.py`)",
    "police.enrolled_at_random": "at most 5 % (`tests/model/test_cameras.py`)",
    "list.share_of_passes": "case 15 of the [verification](verification.md)",
    "accuracy.curve.loose.false_match_rate": "case 15 of the [verification](verification.md)",
}
IN_CLOSED_FORM = (
    "Where the program itself fits a figure, no file holds it. A camera deployment that was "
    "published: what is fitted so that its alerts are met, exactly but for rounding. The published "
    "risk score (`sweden_2017_model`): one strength of its signal, to the overall hit rate of "
    "49.3 %, and one strength of the proxies of each of four attributes, to the shares of the "
    "groups among the chosen; the hit rates by group are not fitted (case 40 of the "
    "[verification](verification.md))."
)
INTRODUCTION = (
    "A fitted figure reproduces what it was fitted to; it predicts nothing. Everything that is "
    "fitted is on this page. `make refit` calibrates the scenario anew "
    "([how](../how-to/calibrate.md)) and writes this page. It changes no scenario: a value is "
    "changed by hand, if the calibration excludes it."
)


def declared_figures(citizens: int) -> list[float]:
    """The figures of all targets in one run with the values that the scenario holds."""
    targets = uw.Targets.load(SCENARIO)
    scenario = uw.Scenario.load(SCENARIO).with_(targets.settings)
    days = targets.length(scenario.first_day, scenario.days)
    run = uw.run(scenario, citizens=citizens, days=days)
    return [float(one) for one in output_of(targets, scenario.first_day, citizens)(run)]


def kept(found: uw.Calibration, citizens: int) -> dict[str, Any]:
    """What the page and the tests need of a calibration, and the figures of the declared values."""
    about = {key: found.provenance[key] for key in ("citizens", "days", "seconds", "versions")}
    return found._record() | {
        "about": about,
        "runs": len(found.runs),
        OUTPUT: [one | {"declared": figure} for one, figure in zip(
            found._record()["targets"], declared_figures(citizens), strict=True)],
        "citizens_of_declared": citizens,
    }  # fmt: skip


def page(found: dict[str, Any]) -> str:
    """The page in Markdown."""
    about = found["about"]
    shares = ", ".join(share_words(wave["share"]) for wave in found["waves"])
    fitted = [one for one in found["targets"] if not one["held_out"]]
    worst = max(abs(one["declared"] / one["value"] - 1) for one in fitted)
    parts = [
        "# Fitted figures",
        INTRODUCTION,
        "## The court's list and refused tickets",
        "Restrictions by score are off in these runs, because the published figures concern the "
        f"court's list alone. {found['runs']:,} runs of {about['citizens']:,} invented citizens "
        f"over at most {about['days']:,} days; the waves left {shares} of the space. The "
        "implausibility of the values that the scenario holds is "
        f"{found['declared_implausibility']:.1f}; above 3 they would be ruled out.",
        "\n".join(_parameters(found)),
        "Values that the scenario holds, in one run of "
        f"{found['citizens_of_declared']:,} invented citizens, and the posterior beside the "
        "published figures. The held-out figures were known when the model was built: their error "
        "is out of sample, but no prediction. The largest error of a fitted figure is "
        f"{100 * worst:.1f} % for the values that the scenario holds.",
        "\n".join(_targets(found)),
        "## Other fitted figures",
        "Sources as the files give them.",
        "\n".join(["| file | key | value | source | error |", "|---|---|---|---|---|", *others()]),
        "## Fitted in closed form",
        IN_CLOSED_FORM,
        "\n".join(closed_forms()),
    ]
    return "\n\n".join(parts) + "\n"


def _parameters(found: dict[str, Any]) -> list[str]:
    rows = [
        f"| `{one.name}` | {one.low:g} to {one.high:g} | {one.declared:g} | {interval_words(one)} "
        f"| {100 * (one.width or 0):.0f} % |"
        for one in (Fitted(**each) for each in found["parameters"])
    ]
    head = "| parameter | sought in | scenario holds | median (90 % interval) | width after fit |"
    return [head, "|---|---|---:|---|---:|", *rows]


def _targets(found: dict[str, Any]) -> list[str]:
    lines = [
        "| figure | use | published | scenario holds | error | posterior | error |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in found["targets"]:
        value, declared, simulated = (_number(one[key]) for key in
                                      ("value", "declared", "simulated"))  # fmt: skip
        errors = [f"{100 * (one[key] / one['value'] - 1):+.1f} %" for key in
                  ("declared", "simulated")]  # fmt: skip
        use = "held out" if one["held_out"] else "fitted"
        lines.append(
            f"| {one['name']} | {use} | {value} | {declared} | {errors[0]} | {simulated} "
            f"| {errors[1]} |"
        )
    return lines


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def others() -> list[str]:
    """Rows of every other figure whose source says that it is fitted."""
    known = set()
    lines = []
    calibrated = {*uw.Targets.load(SCENARIO).fit}
    for name, values, sources in _declared():
        for key, source in sources.items():
            if not is_fitted(source) or key in calibrated:
                continue
            value = in_words(_at(values, key))
            error = ERRORS.get(key, UNKNOWN)
            if (key, value, source) not in known:
                known.add((key, value, source))
                lines.append(f"| {name} | `{key}` | {value} | {source} | {error} |")
    for path in sorted(ASSESSMENTS.glob("*.yaml")):
        lines += [
            f"| assessments/{path.stem} | `{key}` | {in_words(one.value)} | {one.source} "
            f"| {ERRORS.get(key, UNKNOWN)} |"
            for key, one in read_deployment(path.stem).figures.items()
            if is_fitted(one.source)
        ]
    return sorted(lines)


def closed_forms() -> list[str]:
    """The published camera deployments: what is fitted to the alerts of each, and its value."""
    rows = [
        f"| {case.name} | {case.fitted} | 1 in {1 / case.share_on_list:,.0f} passes | "
        f"{case.true_alerts:,} of {case.alerts:,} alerts true (`{case.evidence}`) |"
        for case in published()
    ]
    return ["| deployment | fitted | share on the list | to |", "|---|---|---:|---|", *rows]


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


def main() -> None:
    """Write the page, and before it what is kept of a new calibration."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="of a calibration")
    parser.add_argument("--citizens", type=int, default=400_000, help="of the declared values")
    options = parser.parse_args()
    if options.folder:
        text = json.dumps(kept(uw.Calibration.load(options.folder), options.citizens), indent=1)
        KEPT.write_text(text + "\n", "utf-8")
    PAGE.write_text(page(json.loads(KEPT.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main()
