"""Why a recorded citizen's loan was granted or declined, compared with what was decided (M9)."""

from typing import Any

from underwatch.explanation import dossier
from underwatch.model.state import DECLINED


def application(who, day: int) -> dict[str, Any]:
    """The lender's score, traced to the instalments on file, and the score from which it lends.

    Raises AssertionError if the score does not give the decision that was made.
    """
    params, held = who.params(day), dossier.file_on(who, day)
    late, repaid = held["late"].count, held["repaid"].count
    each = {"late": int(params["credit_late"]), "repaid": int(params["credit_repaid"])}
    score = int(params["credit_base"]) + each["late"] * late + each["repaid"] * repaid
    line, granted = int(params["credit_line"]), bool(who.happened(day, "loan granted"))
    if granted != (score >= line):
        raise AssertionError(f"day {day}: a lender's score of {score}, but granted is {granted}")
    found: dict[str, Any] = {
        "rule": "the lender reads instalments on file and nothing else",
        "lender's score": score, "granted from": line,
        "late instalments": f"{late} at {each['late']:+} each",
        "repaid instalments": f"{repaid} at {each['repaid']:+} each",
    }  # fmt: skip
    if granted:
        return found | {"instalments": int(params["credit_term"])}
    return found | {"months until the next application": int(params["credit_wait"])}


def loan(credit: int) -> dict[str, int]:
    """What a citizen's credit of an evening says: instalments left, or months to wait."""
    waits = max(0, credit - DECLINED)
    return {"instalments left": 0 if waits else credit, "months to wait for a loan": waits}
