"""What a deployment and its run answer in Canada's form; what the author has to judge stays open.

Options are filled where the file or the run settles them, or proposes them with a reason
(proposals.py), which the text beside them marks. Where the run has facts but the answer
is a judgement (how high an impact is, whether a difference is justified), the text that hangs on
the question is prepared and its option left open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from underwatch.assessments.answers.passages import passage
from underwatch.assessments.answers.simulated import worst_group
from underwatch.assessments.exports.canada.proposals import proposals
from underwatch.assessments.exports.canada.questions import PHASE, PHASES, Question, form
from underwatch.assessments.result import Assessed

_CAPABILITY = {"watch-list camera": "images"}
# The sector of the decision, by the kind of deployment and the sector of the deployer.
_SECTOR = {
    ("watch-list camera", "police"): "public safety",
    ("patrol allocation", "police"): "public safety",
    ("risk score", "municipality"): "social assistance",
    ("risk score", "benefits agency"): "social assistance",
    ("risk score", "health"): "health",
    ("risk score", "bank"): "economic interests",
}
_CAMERA = {
    "aboutAlgorithm3": ("learned patterns",),
    "aboutDataSource4": ("yes",),  # pictures of those who pass, and of those on the list
    "aboutDataSource5": ("yes",),
    "aboutDataSourceType1": ("yes",),
    "aboutDataSourceType2": ("images and video",),
}
# Texts of the form, and the passages that each is made of.
_TEXTS = {
    "projectDetailsDescription": ("deployment", "purpose", "assumptions"),
    "businessDrivers4": ("benefit",),
    "businessDrivers6D": ("benefit", "errors"),
    "riskProfile3A": ("affected",),
    "aboutAlgorithm6": ("accuracy",),
    "decisionSector3": ("decisions",),
    "impact31": ("process",),
    "impact21": ("errors", "thresholds"),
    "impact8": ("harms", "appeals", "redress"),
    "impact10": ("affected", "harms"),
    "impact25": ("affected", "burden"),
    "impact14": ("harms",),
    "impact18B": ("affected", "audit"),
    "impact18C": ("affected", "audit", "safeguards"),
    "impact23Y": ("affected", "burden"),
    "impact28A": ("decisions", "errors", "harms", "redress"),
    "aboutDataSource13": ("data", "list"),
    "fairnessDesign13A": ("appeals", "redress"),
    "fairnessDesign18A": ("affected", "safeguards"),
}


def filled(assessed: Assessed, phase: str = "Design") -> dict[str, str | list[str]]:
    """Question to option, ticks or text, in the order of the form.

    phase: "Design" before the system is in use, else "Implementation".
    """
    questions = form().questions
    options: dict[str, str | list[str]] = {PHASE: PHASES[phase]}
    for name, meanings in _options(assessed):
        question = questions[name.replace("Design", phase)]
        options[question.id] = _as_answer(question, meanings)
    texts: dict[str, str | list[str]] = {"projectDetailsTitle": assessed.deployment.title}
    for name, passages in _TEXTS.items():
        found = [text for each in passages if (text := passage(assessed, each).text)]
        if found:
            texts[name.replace("Design", phase)] = "\n\n".join([*found, assessed.stamp])
    for each in reversed(proposals(assessed)):
        question = questions[each.question]
        options[question.id] = _as_answer(question, (each.meaning,))
        texts[each.text] = f"{each.in_words}\n\n{texts.get(each.text) or assessed.stamp}"
    whole = options | texts
    return {name: whole[name] for name in questions if name in whole}


def _options(assessed: Assessed) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions with options that are settled, and what their answers mean."""
    made = assessed.deployment
    person_based = made.kind != "patrol allocation"
    yield "aboutSystem1", (_CAPABILITY.get(made.kind, "risk assessment"),)
    sector = _SECTOR.get((made.kind, made.deployer.sector))
    if sector is not None:
        yield "decisionSector1", (sector,)
    if made.get("review.text"):
        yield "impact30", ("partial",)
    if person_based:
        yield "aboutDataSource1", ("yes",)
        yield "aboutDataSource10", ("yes",)
    if person_based:  # everybody passes, is scored or is ranked
        yield "impact26", ("100 %",)
    if made.kind == "watch-list camera":
        yield from _CAMERA.items()
    if made.get("appeals.text"):
        yield "fairnessDesign13", ("yes",)
    for name, settled in _SIMULATED.items():
        meaning = settled(assessed)
        if meaning is not None:
            yield name, (meaning,)


def _hit_hardest(assessed: Assessed) -> str | None:
    """ "yes" if one group's rate lies above another's and their intervals do not meet."""
    return "yes" if worst_group(assessed) else None


_SIMULATED: dict[str, Callable[[Assessed], str | None]] = {
    "impact23": _hit_hardest,
}


def _as_answer(question: Question, meanings: tuple[str, ...]) -> str | list[str]:
    options = [question.option(meaning) for meaning in meanings]
    return options if question.kind == "ticks" else options[0]
