"""The file that Canada's official tool loads: the questionnaire as far as it can be filled."""

from __future__ import annotations

import json

from underwatch.assessments.exports.canada.filled import filled
from underwatch.assessments.exports.canada.proposals import proposals
from underwatch.assessments.exports.canada.questions import form
from underwatch.assessments.exports.canada.scoring import possible
from underwatch.assessments.exports.exported import Exported
from underwatch.assessments.result import Assessed


def export(assessed: Assessed, kind: str) -> Exported:
    """The tool's own save format, and what the answers leave possible of the impact level."""
    answers = filled(assessed)
    saved = {
        "version": form().rules["save_version"],
        "currentPage": 0,
        "data": answers,
        "translationsOnResult": {},
    }
    left = possible(answers)
    proposed = [each.question for each in proposals(assessed)]
    checked = (
        f" {len(proposed)} of these answers are proposals, which the author has to check: "
        f"{', '.join(proposed)}." if proposed else ""
    )  # fmt: skip
    note = (
        f"{left.answered} of {left.asked} scored questions are answered; the rest is the author's. "
        f"Until then the impact level is {left.levels} (raw score {left.lowest.raw} to "
        f"{left.highest.raw} of 167).{checked}"
    )
    return Exported(json.dumps(saved, indent=2, ensure_ascii=False) + "\n", note)
