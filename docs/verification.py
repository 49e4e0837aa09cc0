"""The whole verification, kept with the package: `make verify`.

`python -m docs.verification` runs every case and writes src/underwatch/data/verification.json,
which reports quote, docs/reference/verification.md, and the line of README.md. `--from FOLDER …`
takes verifications that were saved by `underwatch verify` instead, which together hold every case;
of a case that is in several, the last counts. A case that is not reproduced stays, and all three
say so; so do cases that were run quickly, with fewer replicates.
"""

import argparse
import json
import re
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.report.verified import FILE
from underwatch.verification.case import Check
from underwatch.verification.registry import cases
from underwatch.verification.verdict import CaseResult, result_of
from underwatch.verification.wording import counted_by_kind, headline, missed, sentences, words

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "verification.md"
LINE = re.compile(r"^- \*\*It is checked against what is known:\*\* .*$", re.M)


def kept(listed: Sequence[CaseResult], seed: int, quick: Collection[int]) -> dict[str, Any]:
    """What the package keeps of a verification. quick: numbers of cases with fewer replicates."""
    texts = sentences(listed)
    if quick:
        texts.append(
            f"{len(quick)} cases were run with the fewer replicates of a quick verification."
        )
    return {
        "headline": headline(listed),
        "sentences": texts,
        "counts": counted_by_kind(listed),
        "seed": seed,
        "cases": [
            {
                "number": case.number, "title": case.title, "kind": case.kind,
                "confidence": case.confidence, "verdict": case.verdict, "sentence": case.sentence,
                "miss": missed(case) if case.is_miss else "", "counted": len(case.counted),
                "beside": case.beside, "note": case.note, "tests": case.tests,
                "source": case.source, "notices": case.notices,
                "checks": [_numbers(check, case.kind) for check in case.checks],
            }
            for case in listed
        ],
    }  # fmt: skip


def _numbers(check: Check, kind: str) -> dict[str, Any]:
    """A check as the package keeps it; numbers with eight digits."""

    def short(values: Sequence[float]) -> list[float]:
        return [float(f"{value:.8g}") for value in values]

    expected, got = short((check.expected, check.got))
    return {
        "label": check.label, "unit": check.unit, "expected": expected,
        "allowed": short(check.allowed), "got": got, "interval": short(check.interval),
        "replicates": check.replicates, "role": check.role, "agrees": check.agrees,
        "counts": check.counts, "words": words(check, kind),
    }  # fmt: skip


def line(known: dict[str, Any]) -> str:
    """The line of the README."""
    texts = [text for text in known["sentences"] if not text.startswith("Exact cases have")]
    runs = f"`underwatch verify` runs {len(known['cases'])} cases"
    return f"- **It is checked against what is known:** {runs}. {' '.join(texts)}"


def page(known: dict[str, Any]) -> str:
    """The page of the documentation."""
    rows = [
        f"| {one['number']} | {one['title']} | {cases()[one['number']].tests} | {one['kind']} "
        f"| {one['confidence']} | {one['counted'] or '–'} | {one['sentence']} |"
        for one in known["cases"]
    ]
    notes = [
        f"- **{one['number']} {one['title']}.** {_sentence(one['beside'])}{one['note']}"
        for one in known["cases"]
        if one["note"] or one["beside"]
    ]
    return "\n".join([
        "# Verification", "",
        "Written by `make verify`, which runs every case; [how to read it](../how-to/verify.md).",
        "", *(f"{text} " for text in known["sentences"]), "",
        "| No. | case | tested | kind | confidence | checks | verdict |",
        "|--:|---|---|---|---|--:|---|", *rows, "",
        "## Not reproduced", "", *misses(known), "",
        "## Notes", "", *notes, "",
    ])  # fmt: skip


def misses(known: dict[str, Any]) -> list[str]:
    """Every check of each case that is not reproduced, the misses in bold: lines of Markdown."""
    lines = []
    for one in known["cases"]:
        if one["verdict"] != "not reproduced":
            continue
        lines.append(f"- **{one['number']} {one['title']}.** {one['sentence'].capitalize()}.")
        for check in one["checks"]:
            if check["counts"] or not check["agrees"]:
                text = check["words"] if check["agrees"] else f"**{check['words']}**"
                lines.append(f"    - {text}.")
    return lines or ["None."]


def _sentence(text: str) -> str:
    return f"{text}. " if text else ""


def main() -> int:
    """Run, or read, and write; 1 if an exact case is not reproduced."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="folders", nargs="+", type=Path, help="saved verifications")
    options = parser.parse_args()
    made = [_loaded(folder) for folder in options.folders or ()] or [
        uw.verify(progress=lambda *step: print(*step, file=sys.stderr))
    ]
    by_number = {case.number: case for found in made for case in found.cases}
    assert list(cases()) == sorted(by_number), "some case has not been run"
    last = {case.number: found for found in made for case in found.cases}
    quick = [n for n in cases() if last[n].provenance["quick"] and by_number[n].checks]
    listed = [
        result_of(case, by_number[number].checks, by_number[number].seconds)
        for number, case in cases().items()
    ]
    known = kept(listed, made[0].provenance["seed"], quick)
    FILE.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(known), "utf-8")
    readme = ROOT / "README.md"
    text, count = LINE.subn(lambda _: line(known), readme.read_text("utf-8"))
    assert count == 1, "README.md has no line that says how it is verified"
    readme.write_text(text, "utf-8")
    print("\n".join(known["sentences"]))
    return int(any(case.is_miss for case in listed if case.kind == "exact"))


def _loaded(folder: Path) -> uw.Verification:
    found = uw.load(folder)
    assert isinstance(found, uw.Verification), folder
    return found


if __name__ == "__main__":
    sys.exit(main())
