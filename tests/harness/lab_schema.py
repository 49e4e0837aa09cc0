"""Requests drawn from the lab's OpenAPI: `python -m tests.harness.lab_schema --examples 200`.

Schemathesis draws requests that fit the description and requests that do not, for every route. No
answer may be a server error, take more than five seconds (a minute where a file is made first),
have a status or a body that the description does not have, or refuse without a sentence. It prints
counts, and exits with 1 if one does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.helpers.lab import ADDRESS, SMALL, finished, lab

from underwatch.lab.catalogue import catalogue
from underwatch.lab.server import create_app
from underwatch.lab.settings import Settings

SLOW = 5.0
# Routes that start a process for a file that is not there yet.
SLOWER = {"/api/jobs/{id}/series": 60, "/api/jobs/{id}/charts/{name}.{form}": 60,
          "/api/jobs/{id}/data.{form}": 60, "/api/jobs/{id}/report.html": 60}  # fmt: skip
CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
GUARDED = {403, 404, 405, 413, 414, 415}  # said by what stands before every route
NAMES = ("restricted", "chilled_share", "wrongful", "nothing")


def simulated(runs: Path) -> list[str]:
    """The ids of two finished worlds and of their experiment."""
    with lab(runs) as client:
        begun = client.post("/api/experiments", json=SMALL).json()
        jobs = [world["job"]["id"] for world in begun["worlds"]]
        for job in jobs:
            finished(client, job)
    return [begun["id"], *jobs]


def tried(
    runs: Path, known: list[str], examples: int, making: bool = True
) -> tuple[Counter[str], list[str]]:
    """(how many answers had which status, what is wrong) of a lab that starts nothing new.

    known: ids that exist; half of the requests have one. making: also where a process is started
    that makes a file first.
    """
    counts: Counter[str] = Counter()
    faults: list[str] = []
    quiet = Settings(runs=runs, processes=0, waiting=20, jobs_a_minute=10_000)
    catalogue(quiet)  # reads every scenario once
    app = create_app(quiet)
    try:
        for result in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
            operation = result.ok()
            ids = known if making or operation.path not in SLOWER else []
            _try(app, operation, ids, examples, counts, faults)
    finally:
        asgi.shutdown_lifespans()
    return counts, faults


def _try(app, operation, known, examples, counts, faults) -> None:
    """Some requests of one route, half of them with an id that exists."""
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    drawn = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @settings(
        max_examples=examples, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(drawn, st.sampled_from([None, *known]), st.sampled_from([None, *NAMES]))
    def request(case, name, chart):
        if name and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = name
        if chart and "name" in (case.path_parameters or {}):
            case.path_parameters["name"] = chart
        where = f"{operation.method.upper()} {operation.path}"
        limit = SLOWER.get(operation.path, SLOW)
        try:
            answer, took = _asked(case, app)
            if took > limit:  # once more: a busy machine makes any request slow at times
                answer, took = _asked(case, app)
        except (UnicodeError, ValueError):  # what no client can send
            return
        counts[f"{answer.status_code}"] += 1
        asked, answered = case.as_curl_command()[:300], answer.content[:200]
        shown = f"{where}: {answer.status_code} {answered!r} to {asked}"
        if answer.status_code >= 500 and answer.status_code != 503:
            faults.append(f"server error: {shown}")
        if took > limit:
            faults.append(f"{took:.1f} s: {shown}")
        if answer.status_code >= 400 and not _has_sentence(answer):
            faults.append(f"no sentence: {shown}")
        if answer.status_code not in GUARDED:
            try:
                case.validate_response(answer, checks=CHECKS)
            except Exception as error:
                faults.append(f"{type(error).__name__}: {shown}: {str(error)[:300]}")

    request()


def _asked(case, app):
    """(the answer to a request, the seconds that it took)."""
    begun = time.monotonic()
    return case.call(base_url=ADDRESS, app=app, timeout=90), time.monotonic() - begun


def _has_sentence(answer) -> bool:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return "text/html" in str(answer.headers.get("content-type"))
    return isinstance(detail, str) and bool(detail)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=200, help="requests of each route")
    given_ = parser.parse_args()
    warnings.simplefilter("ignore")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        counts, faults = tried(Path(place), simulated(Path(place)), given_.examples)
    print(f"{sum(counts.values()):,} requests in {time.monotonic() - begun:.0f} s; statuses "
          f"{dict(sorted(counts.items()))}")  # fmt: skip
    print(f"faults: {len(faults)}")
    for fault in faults[:20]:
        print(f"  {fault}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
