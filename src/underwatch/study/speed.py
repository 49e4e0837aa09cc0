"""The speed of this machine, remembered after every study and run.

It is kept in the folder of compiled code. Before the first measurement a cautious constant stands
in for it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

LEAST_WORK = 2e7  # citizen-days; less is over before the code is loaded
LEAST_OF_ONE_RUN = 1e8  # citizen-days of a single run, so that its days are most of its time
BUILDING = 12  # days that take as long as building their nation: docs/about/speed.md
_REMEMBERED = 5  # speeds; their median counts


@dataclass(frozen=True)
class Speed:
    """The speed of one core.

    citizen_days: a second. seconds_a_run: what each run takes besides its days. measured: on
    this machine, not assumed. slowest, fastest: of the measurements, citizen-days a second.
    """

    citizen_days: float = 5e6
    seconds_a_run: float = 0.5
    measured: bool = False
    slowest: float = 0.0
    fastest: float = 0.0


def measured_speed() -> Speed:
    """The median of the last speeds on this machine; without any, a cautious one."""
    known = _read()
    if not known:
        return Speed()
    speeds, besides = zip(*known, strict=True)
    return Speed(median(speeds), median(besides), True, min(speeds), max(speeds))


def remember(citizen_days: float, seconds: float, runs: int, seconds_besides: float) -> None:
    """Keep a measured speed of one core; too short a measurement is not kept.

    citizen_days: simulated in `seconds` of one core. seconds_besides: what `runs` runs took
    besides.
    """
    folder = _folder()
    if folder is None or citizen_days < LEAST_WORK or runs < 1:
        return
    found = [citizen_days / seconds, max(0.0, seconds_besides) / runs]
    written = json.dumps([*_read(), found][-_REMEMBERED:])
    part = folder / f".speed-{os.getpid()}.json"
    try:
        part.write_text(written, "ascii")
        part.rename(folder / _FILE)
    except OSError:
        part.unlink(missing_ok=True)


_FILE = "speed.json"


def _folder() -> Path | None:
    """The folder of compiled code of all versions."""
    from underwatch.kernel.compile import CACHE

    return Path(CACHE).parent if CACHE else None


def _read() -> list[tuple[float, float]]:
    """(citizen-days a second, seconds a run) of the last measurements; what is no such is not."""
    folder = _folder()
    try:
        rows = json.loads((folder / _FILE).read_text("ascii")[:10_000]) if folder else []
        pairs = [(float(speed), float(rest)) for speed, rest in rows]
    except (OSError, ValueError, TypeError):
        return []
    return [(s, r) for s, r in pairs if 1e4 < s < 1e10 and 0 <= r < 1e3][-_REMEMBERED:]


def note_run(provenance: Mapping[str, Any]) -> None:
    """Remember the speed of a single run, whose time besides its days is taken as known.

    A run on several ranks, or on a graphics card, says nothing of one core.
    """
    if provenance.keys() & {"ranks", "device"}:
        return
    seconds = float(provenance["seconds"])
    days = float(provenance["citizen_days_per_second"]) * seconds
    if days < LEAST_OF_ONE_RUN:
        return
    besides = measured_speed().seconds_a_run
    work = days + BUILDING * float(provenance["citizens"])
    of_days = max(seconds / 2, seconds - besides)
    remember(work, of_days * float(provenance["threads"]), 1, besides)
