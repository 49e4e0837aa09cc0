"""How a result was made: the paragraph for a paper, and the lines that reproduce it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from underwatch.report.verified import verified
from underwatch.scenario.evidence import assumptions, is_fitted

_AS = {
    "run": "simulated one scenario",
    "replicates": "simulated one scenario",
    "compare": "simulated {worlds} scenarios with the same invented people and common random "
    "draws, and compared each with the first",
    "attribute": "attributed the difference that some components of a scenario make to each of "
    "them by Shapley values, from worlds with the same invented people and common random draws",
    "frontier": "simulated sets of safeguards with the same invented people and common random "
    "draws, and listed those with less harm or more benefit than any other",
    "diffusion": "let organs of surveillance spread over invented states, and simulated an "
    "invented population for each adopter",
    "sweep": "simulated every point of a plan over figures of the scenario, with common random "
    "draws",
    "calibrate": "fitted assumptions of a scenario to published figures by history matching, with "
    "Gaussian-process emulators, and sampled the posterior in the space that was left",
    "sensitivity": "varied the assumptions of a scenario over their ranges, with common random "
    "draws: a Latin hypercube for the band of each measure{indices}",
    "explain": "followed one invented citizen record by record",
}


def paragraph(provenance: Mapping[str, Any]) -> str:
    """The methods of a result as one paragraph for a paper, from its provenance.

    Examples
    --------
    >>> text = paragraph({"kind": "run", "citizens": 2000, "days": 60, "seed": 2018,
    ...                   "first_day": "2014-06-14", "title": "A town"})
    >>> text.split(". ")[1]
    'It simulated one scenario (“A town”) over 60 days from 2014-06-14 with 2,000 invented \
citizens and one seed (2018), without an interval over seeds'
    """
    kind = str(provenance.get("kind", "run"))
    version = (provenance.get("versions") or {}).get("underwatch", "")
    what = _AS.get(kind, "simulated").format(
        worlds=len(provenance.get("worlds") or ()), indices=_indices(provenance)
    )
    title = f" (“{provenance['title']}”)" if provenance.get("title") else ""
    made = f"It {what}{title}{_size(provenance)}"
    parts = [
        f"We used Underwatch{f' {version}' if version else ''}, an agent-based model of an "
        "invented nation under algorithmic surveillance",
        made,
        "Citizens are drawn from aggregate margins and correspond to no real person; sensors are "
        "represented by published error rates",
    ]
    counted = assumptions(provenance.get("sources") or {})
    if counted.figures:
        fitted = sum(map(is_fitted, provenance["sources"].values()))
        parts.append(
            f"Of the {counted.figures:,} figures of the scenario, {counted.assumed:,} are "
            f"assumptions and {counted.figures - counted.assumed:,} rest on a cited source"
            + (f"; {fitted:,} are fitted to published figures" if fitted else "")
        )
    parts.append(verified())
    if found := _hashes(provenance):
        parts.append(found)
    return ". ".join(parts) + "."


def _indices(provenance: Mapping[str, Any]) -> str:
    """What a sensitivity study did after its band: Sobol' indices only where it has any."""
    if (provenance.get("design") or {}).get("samples"):
        return ", Morris trajectories, and Sobol' indices of those that matter most"
    return " and Morris trajectories"


def _size(provenance: Mapping[str, Any]) -> str:
    days, first = provenance.get("days"), provenance.get("first_day")
    text = f" over {days:,} days from {first}" if isinstance(days, int) and first else ""
    citizens = provenance.get("citizens")
    text += f" with {citizens:,} invented citizens" if isinstance(citizens, int) else ""
    seeds = provenance.get("seeds") or ([provenance["seed"]] if "seed" in provenance else [])
    if not seeds:
        return text
    listed = _seeds(seeds)
    if len(seeds) == 1:
        return f"{text} and one seed ({listed}), without an interval over seeds"
    text += f" and {len(seeds):,} seeds ({listed})"
    if provenance.get("kind") == "calibrate":
        return f"{text}, one for each run"
    if len(seeds) < 3:
        return f"{text}, too few for an interval"
    return f"{text}; intervals are 95 % Student intervals over seeds"


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]} to {seeds[-1]}"
    return ", ".join(map(str, seeds))


def _hashes(provenance: Mapping[str, Any]) -> str:
    if digest := provenance.get("scenario_hash"):
        text = f"The SHA-256 of the scenario is {digest}"
        state = provenance.get("state_hash")
        return text + (f" and that of the final state {state}" if state else "")
    many = provenance.get("scenario_hashes")
    if not isinstance(many, Mapping):
        return ""
    listed = ", ".join(f"{name} {str(digest)[:16]}" for name, digest in sorted(many.items()))
    return f"The SHA-256 of each scenario begins: {listed}"


def command_line(provenance: Mapping[str, Any]) -> str:
    """The command that made a result; empty if it was made in Python."""
    command = provenance.get("command")
    return shlex.join(map(str, command)) if isinstance(command, list | tuple) and command else ""


def python_snippet(provenance: Mapping[str, Any]) -> str:
    """Lines of Python that simulate the run or the replicates of a folder again, and compare."""
    kind, size = provenance.get("kind"), provenance
    if kind not in ("run", "replicates") or "observed" in size or "score_rule" in size:
        return ""
    seeds = f"seed={size['seed']}" if kind == "run" else f"seeds={list(size['seeds'])}"
    hashes = "{0}.state_hash" if kind == "run" else "[run.state_hash for run in {0}.runs]"
    lines = [
        "import underwatch as uw",
        'found = uw.load("FOLDER")',
        f"again = uw.run(found.scenario, days={size['days']}, {seeds})",
        f"assert {hashes.format('again')} == {hashes.format('found')}",
    ]
    return "\n".join(lines)
