"""The routes of the view that assesses a system: its questions, numbers at once, the document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi import Path as OnPath
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

import underwatch as uw
from underwatch.errors import UserError
from underwatch.lab.guard import CSP_OF_REPORTS
from underwatch.lab.jobs.assessment import ESTIMATES, FILE, RESULT, arguments_of
from underwatch.lab.json_files import read_json
from underwatch.lab.laboratory import Here
from underwatch.lab.refusals import Refused, responses
from underwatch.lab.schemas import Id, JobOut
from underwatch.lab.texts import texts

router = APIRouter(prefix="/api", responses=responses(403, 422))
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SYSTEM = "station"  # the one that the page begins with
POINTS = 13  # of the curve over thresholds
# What the page shows first of each kind, and the measure that it shows by group.
HEADLINES = {
    "watch-list camera": ("false_alerts_per_1000_passes", "false_stops_per_day",
                          "precision_of_stops", "missed_after_review"),
    "risk score": ("wrong_ends", "wrong_share_of_findings", "highest_ratio", "missed_share"),
    "citizen score": ("spillover", "restriction_days", "appealed_after_notice", "correctable"),
    "patrol allocation": ("stops_ratio", "stopped_share", "records_by_patrols", "stops"),
}  # fmt: skip
BY_GROUP = {
    "watch-list camera": "false_alerts_per_1000_passes",
    "risk score": "wrong_ends_per_1000_cases",
    "patrol allocation": "stops_per_1000",
}
System = Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$", description="A shipped deployment.")]
Path = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=2_000)]


class Figure(BaseModel):
    """A figure with its range and its source."""

    model_config = ConfigDict(extra="forbid")

    value: Number
    low: Number | None = None
    high: Number | None = None
    source: Annotated[str, Field(max_length=500)] | None = None

    def plain(self) -> dict[str, Any]:
        """The parts that are given."""
        return self.model_dump(exclude_none=True)


Answer = Figure | Number | Text | Annotated[list[Number | Text], Field(max_length=40)]


class Answers(BaseModel):
    """Answers to the questions of a system; what is not answered stays as it is shipped."""

    model_config = ConfigDict(extra="forbid")

    system: System = SYSTEM
    answers: Annotated[dict[Path, Answer], Field(max_length=200)] = {}

    def plain(self) -> dict[str, Any]:
        """The answers as `DeploymentForm` takes them; a whole number is one."""
        return {path: _plain(one) for path, one in self.answers.items()}


class Asked(Answers):
    """Answers, and whether the curve over thresholds is wanted too."""

    curve: bool = False


class Begun(Answers):
    """Answers, and how many seeds are simulated."""

    seeds: Annotated[int, Field(strict=True, ge=3, le=10)] = 5


class SystemOut(BaseModel):
    """A shipped deployment to begin with."""

    name: str
    title: str
    kind: str


class QuestionOut(BaseModel):
    """A question of the form, and what holds without an answer."""

    path: str
    section: str
    text: str
    sort: Literal["figure", "whole", "number", "text", "choice", "choices", "list", "numbers"]
    value: Any
    low: float | None
    high: float | None
    source: str
    least: float | None
    most: float | None
    choices: dict[str, str] | None


class FormOut(BaseModel):
    """The form of one kind of system."""

    system: str
    kind: str
    questions: list[QuestionOut]


class FaultOut(BaseModel):
    """What is wrong with an answer; path: of its entry or its section, null for neither."""

    path: str | None
    sentence: str


class MeasureByForm(BaseModel):
    """A measure in closed form."""

    measure: str
    label: str
    unit: str
    group: str
    declared: float | None
    safeguarded: float | None


class CurvePoint(BaseModel):
    """The measure that is shown by group, at one threshold; and what is missed there."""

    threshold: float
    by_group: dict[str, float]
    missed: float | None


class FiguresOut(BaseModel):
    """What the answers mean, in closed form; or what is wrong with them."""

    kind: str
    title: str
    faults: list[FaultOut]
    measures: list[MeasureByForm]
    headlines: list[str]
    by_group: str | None = Field(description="The measure that is shown by group.")
    groups: dict[str, str] = Field(description="Names of groups that differ from their keys.")
    curve: list[CurvePoint]
    threshold: float | None
    assumptions: int = Field(description="How many of the figures are assumptions.")
    figures: int


class ExportOut(BaseModel):
    """A file for another form or tool."""

    kind: str
    what: str


class AssessmentOut(BaseModel):
    """A finished assessment."""

    title: str
    system: str
    findings: list[str]
    headline: list[list[str]]
    assumptions: int
    figures: int
    seeds: int
    agree: int
    tested: int = Field(description="Figures that have both a formula and a simulation.")
    methods: str
    exports: list[ExportOut]


@router.get("/assessments/systems")
def get_systems() -> list[SystemOut]:
    """The deployments to begin with."""
    return [
        SystemOut(name=name, title=title, kind=uw.DeploymentForm(name).kind)
        for name, title in uw.deployments().items()
    ]


@router.get("/assessments/questions", responses=responses(404))
def get_questions(
    system: Annotated[str, Query(pattern="^[a-z0-9-]{1,40}$")] = SYSTEM,
) -> FormOut:
    """The questions of a system, with what holds without an answer."""
    form = form_of(system)
    questions = [
        QuestionOut.model_validate(each, from_attributes=True) for each in form.questions.values()
    ]
    return FormOut(system=form.name, kind=form.kind, questions=questions)


@router.post("/assessments/figures", responses=responses(400, 404, 413, 415))
def get_figures(asked: Asked) -> FiguresOut:
    """What the answers mean, at once and without a run; faults beside their entries."""
    form = form_of(asked.system)
    found = FiguresOut(
        kind=form.kind, title="", faults=[], measures=[], headlines=list(HEADLINES[form.kind]),
        by_group=BY_GROUP.get(form.kind), groups={}, curve=[], threshold=None, assumptions=0,
        figures=0,
    )  # fmt: skip
    try:
        deployment = form.read(asked.plain())
    except UserError as error:
        faults = [FaultOut(path=one.where, sentence=one.sentence) for one in error.problems]
        return found.model_copy(update={"faults": faults})
    return found.model_copy(
        update={
            "title": deployment.title, "measures": _measures(deployment),
            "groups": {"group": deployment.get("people.group")}
            if deployment.get("people.group") else {},
            "curve": _curve(deployment) if asked.curve else [],
            "threshold": deployment.threshold, "assumptions": deployment.assumptions,
            "figures": len(deployment.figures),
        }
    )  # fmt: skip


@router.post(
    "/assessments/file",
    responses={**responses(400, 404, 413, 415), 200: {"content": {"application/yaml": {}}}},
    response_class=Response,
)
def get_file(asked: Answers) -> Response:
    """The deployment file of the answers, which `underwatch assess` reads."""
    return Response(form_of(asked.system).file(asked.plain()), media_type="application/yaml")


@router.post("/assessments", responses=responses(400, 404, 413, 415, 429, 503))
def begin_assessment(begun: Begun, lab: Here) -> JobOut:
    """Assess the system, with runs: a job of kind `assessment`."""
    answers = begun.plain()
    deployment = form_of(begun.system).read(answers)
    settings, t = lab.settings, texts()
    if (deployment.get("pilot.citizens") or 0) > settings.citizens:
        raise Refused(422, t("refused.citizens", n=f"{settings.citizens:,}"))
    if deployment.period.days > settings.days:
        raise Refused(422, t("refused.days", n=f"{settings.days:,}"))
    arguments = arguments_of(begun.system, answers, begun.seeds)
    title = texts()("jobs.assessment", title=deployment.title)
    return lab.described(lab.queue.submit("assessment", arguments, "assessments", title))


@router.get("/jobs/{id}/assessment", responses=responses(404, 409))
def get_assessment(id: Id, lab: Here) -> AssessmentOut:
    """What an assessment found."""
    return AssessmentOut.model_validate(read_json(lab.done(id, "assessment").folder / RESULT))


@router.get(
    "/jobs/{id}/document.{form}",
    responses={**responses(404, 409), 200: {"content": {"text/html": {}, DOCX: {}}}},
    response_class=FileResponse,
)
def get_document(id: Id, form: Literal["html", "docx"], lab: Here) -> FileResponse:
    """The document of an assessment: a page that needs no script, or a file to edit."""
    file = lab.done(id, "assessment").folder / f"document.{form}"
    if form == "html":
        csp = {"content-security-policy": CSP_OF_REPORTS}
        return FileResponse(file, media_type="text/html", headers=csp)
    return FileResponse(file, media_type=DOCX, filename="assessment.docx")


@router.get(
    "/jobs/{id}/assessment/{part}",
    responses={**responses(404, 409), 200: {"content": {"application/octet-stream": {}}}},
    response_class=FileResponse,
)
def get_part(
    id: Id,
    part: Annotated[str, OnPath(pattern="^[a-z-]{1,20}$")],
    lab: Here,
) -> FileResponse:
    """A file of an assessment: the deployment `file`, its `estimates` as CSV, or an export."""
    folder = lab.done(id, "assessment").folder
    known = {"file": FILE, "estimates": ESTIMATES}
    known |= {one["kind"]: one["file"] for one in read_json(folder / RESULT)["exports"]}
    if part not in known:
        raise Refused(404, texts()("refused.not_found"))
    kind = "application/octet-stream"
    return FileResponse(folder / known[part], media_type=kind, filename=known[part])


def form_of(system: str) -> uw.DeploymentForm:
    """The form of a shipped deployment. Raises Refused (404) if there is none of that name."""
    if system not in uw.deployments():
        raise Refused(404, texts()("refused.no_system"))
    return uw.DeploymentForm(system)


def _plain(answer: Any) -> Any:
    if isinstance(answer, Figure):
        return {name: _plain(part) for name, part in answer.plain().items()}
    if isinstance(answer, list):
        return [_plain(one) for one in answer]
    is_whole = isinstance(answer, float) and answer.is_integer() and abs(answer) < 1e15
    return int(answer) if is_whole else answer


def _measures(deployment: Any) -> list[MeasureByForm]:
    """Every measure by group, as declared and with all safeguards, at the threshold in use."""
    found: dict[tuple[str, str], MeasureByForm] = {}
    for one in uw.closed_forms(deployment):
        if one.threshold not in (None, deployment.threshold):
            continue
        made = found.setdefault(
            (one.measure, one.group),
            MeasureByForm(measure=one.measure, label=one.label, unit=one.unit, group=one.group,
                          declared=None, safeguarded=None),
        )  # fmt: skip
        if one.world == "as declared":
            made.declared = one.value
        else:
            made.safeguarded = one.value
    return [*found.values()]


def _curve(deployment: Any) -> list[CurvePoint]:
    """The measure that is shown by group over the thresholds of the operating curve."""
    points = (deployment.get("accuracy.curve") or {}).values()
    if deployment.threshold is None or not points:
        return []
    ends = [float(point["threshold"]) for point in points]
    low, high = min(ends), max(ends)
    at = [round(low + (high - low) * k / (POINTS - 1), 6) for k in range(POINTS)]
    made = {one: CurvePoint(threshold=one, by_group={}, missed=None) for one in at}
    for one in uw.closed_forms(deployment, at):
        if one.measure == BY_GROUP[deployment.kind]:
            made[one.threshold].by_group[one.group] = one.value
        elif (one.measure, one.group) == ("missed_after_review", "all"):
            made[one.threshold].missed = one.value
    return [*made.values()]
