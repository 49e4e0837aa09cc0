"""The routes of the view that says why: attribution, assumptions, verification, limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

import underwatch as uw
from underwatch.lab.jobs.attribution import SHARES, arguments_of
from underwatch.lab.json_files import read_json
from underwatch.lab.laboratory import Here, Lab
from underwatch.lab.refusals import Refused, responses
from underwatch.lab.schemas import Id, JobOut
from underwatch.lab.state import State
from underwatch.lab.texts import texts

router = APIRouter(prefix="/api", responses=responses(403, 422))
MOST_ORGANS = 5  # all sets of five are 32 worlds
SHOWN = 5  # assumptions of a measure
MEASURES = (
    "chilled_share", "restricted_now", "wrongful", "offences_deterred", "repayment", "trust",
    "support",
)  # fmt: skip
ORGANS = ("M7", "M11", "M12", "M14")  # chosen to begin with
Organ = Annotated[str, Field(pattern=r"^M([1-9]|1\d|2[0-7])$")]


class Wanted(BaseModel):
    """Which measure is attributed to which organs, in the watched world of a state."""

    model_config = ConfigDict(extra="forbid")

    state: State = State()
    measure: Annotated[str, Field(pattern="^[a-z_]{1,60}$")] = MEASURES[0]
    organs: Annotated[tuple[Organ, ...], Field(min_length=2, max_length=MOST_ORGANS)]


class ShareOut(BaseModel):
    """The share of one organ, with its 95 % interval over seeds."""

    key: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    percent: float | None


class Shares(BaseModel):
    """What each organ adds to a measure, averaged over all orders."""

    measure: str
    label: str
    unit: str
    definition: str
    without: float | None
    with_all: float | None
    total: float | None
    method: str
    cautions: list[str]
    ranked: bool = Field(description="Whether there are enough events to rank the shares.")
    shares: list[ShareOut]
    citizens: int
    days: int


class EffectOut(BaseModel):
    """How far an assumption moves a measure over its range, with its 95 % interval."""

    factor: str
    label: str = Field(description="What the assumption means, in words.")
    keys: list[str]
    range: str
    effect: float
    low: float
    high: float


class SensitivityOut(BaseModel):
    """What the assumptions leave of one measure."""

    name: str
    label: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    note: str
    difference: float | None = Field(description="From the baseline.")
    difference_low: float | None
    difference_high: float | None
    sign: str = Field(description="Of the difference: positive, negative, open, …")
    effects: list[EffectOut]


class SensitivitiesOut(BaseModel):
    """What the assumptions of a scenario leave; computed: whether there are results for it."""

    scenario: str
    computed: bool
    command: str
    baseline: str | None
    citizens: int
    days: int
    points: int
    varied: int
    ranked: int
    measures: list[SensitivityOut]


class CheckOut(BaseModel):
    """One number of a case: what was expected, and what was got with 3.5 standard errors."""

    label: str
    unit: str
    expected: float
    allowed: tuple[float, float]
    got: float
    interval: tuple[float, float]
    replicates: int
    role: str
    agrees: bool
    counts: bool = Field(description="Whether it is a pass if it agrees.")
    words: str


class CaseOut(BaseModel):
    """One case of the verification."""

    number: int
    title: str
    tests: str = Field(description="The organ that is run.")
    source: str = Field(description="Of what is expected.")
    kind: str
    confidence: str
    verdict: str
    sentence: str
    miss: str = Field(description="The widest miss in words; empty if there is none.")
    counted: int = Field(description="How many of the checks count as a pass if they agree.")
    checks: list[CheckOut]
    beside: str = Field(description="Checks that do not count, in words.")
    notices: str = Field(description="A fault that the case would notice.")
    note: str


class VerificationOut(BaseModel):
    """The last whole verification."""

    headline: str
    sentences: list[str]
    seed: int
    cases: list[CaseOut]


class AssumptionOut(BaseModel):
    """A figure that no published figure supports."""

    key: str
    meaning: str
    organs: list[str]
    value: str
    range: str = Field(description="Between which values it is plausible; empty if not varied.")
    reason: str
    source: str


class AssumptionsOut(BaseModel):
    """The assumptions of a scenario, out of all its figures."""

    scenario: str
    assumptions: list[AssumptionOut]


@router.post("/attributions", responses=responses(400, 413, 415, 429, 503))
def begin_attribution(wanted: Wanted, lab: Here) -> JobOut:
    """Attribute a measure to organs, on a small nation: a job of kind `attribution`."""
    if wanted.measure not in MEASURES:
        raise Refused(422, texts()("refused.no_measure", name=wanted.measure))
    organs = tuple(dict.fromkeys(wanted.organs))
    check_organs(organs)
    state = lab.checked(wanted.state)
    label = uw.measures()[wanted.measure].label
    return lab.described(
        lab.queue.submit(
            "attribution", arguments_of(state, wanted.measure, organs), state.hash,
            texts()("jobs.attribution", measure=label),
        )
    )  # fmt: skip


@router.get("/jobs/{id}/attribution", responses=responses(404, 409))
def get_attribution(id: Id, lab: Here) -> Shares:
    """The share of each organ."""
    return Shares.model_validate(read_json(lab.done(id, "attribution").folder / SHARES))


@router.get("/sensitivity/{scenario}", responses=responses(404))
def get_sensitivity(scenario: str) -> SensitivitiesOut:
    """What the assumptions of a shipped scenario leave of its measures."""
    _check(scenario)
    found = uw.shipped_sensitivity(scenario)
    command = f"underwatch sensitivity {scenario}"
    if found is None:
        return SensitivitiesOut(
            scenario=scenario, computed=False, command=command, baseline=None, citizens=0, days=0,
            points=0, varied=0, ranked=0, measures=[],
        )  # fmt: skip
    return SensitivitiesOut(
        scenario=scenario, computed=True, command=command, baseline=found.baseline,
        citizens=found.citizens, days=found.days, points=found.design["band"],
        varied=found.varied, ranked=found.ranked,
        measures=[_sensitivity(each, scenario) for each in found.measures.values()],
    )  # fmt: skip


@router.get("/verification")
def get_verification() -> VerificationOut:
    """What the last whole verification of the model found, case by case."""
    return VerificationOut.model_validate(uw.shipped_verification(), from_attributes=True)


@router.get("/assumptions", responses=responses(404))
def get_assumptions(
    scenario: Annotated[str, Query(pattern="^[a-z0-9-]{1,40}$")] = "atlantic-2018",
) -> AssumptionsOut:
    """Every assumption of a scenario, with its range and the reason for it."""
    _check(scenario)
    return AssumptionsOut(
        scenario=scenario,
        assumptions=[
            AssumptionOut(
                key=each.key, meaning=each.meaning, organs=list(each.organs), value=each.value,
                range=each.range.words if each.range and each.range.varied else "",
                reason=each.range.reason if each.range else "", source=each.source,
            )
            for each in uw.assumptions(scenario).values()
        ],
    )  # fmt: skip


def check_organs(organs: Sequence[str]) -> None:
    """Raise Refused (422) for what is no organ that can be switched off."""
    able = {number for number, organ in uw.organs().items() if organ.without}
    if wrong := [number for number in organs if number not in able]:
        raise Refused(422, texts()("refused.no_switch", organ=wrong[0]))


def context(lab: Lab, state: State) -> dict[str, Any]:
    """What the page is rendered from: the verification by verdict, and the limits."""
    known = uw.shipped_verification()
    verdicts: dict[str, int] = {}
    for case in known.cases:
        verdicts[case.verdict] = verdicts.get(case.verdict, 0) + 1
    organs = [
        {"number": number, "name": organ.name}
        for number, organ in uw.organs().items()
        if organ.without
    ]
    return {
        "verification": known, "verdicts": verdicts, "limits": uw.limits(), "organs": organs,
        "most_organs": MOST_ORGANS,
        "measures": {name: uw.measures()[name].label for name in MEASURES},
    }  # fmt: skip


def case_context(number: int) -> dict[str, Any]:
    """What the page of one case is rendered from. Raises Refused (404) if there is none."""
    known, t = uw.shipped_verification(), texts()
    numbers = [case.number for case in known.cases]
    if number not in numbers:
        raise Refused(404, t("refused.no_case", last=numbers[-1]))
    at = numbers.index(number)
    case = known.cases[at]
    is_run = case.kind != "not modelled"
    checks = t(f"case.checks_{case.counted if case.counted < 2 else 'n'}", n=case.counted)
    facts = {
        "tests": case.tests if is_run else "", "source": case.source,
        "confidence": t(f"why.confidences.{case.confidence}"), "kind": t(f"why.kinds.{case.kind}"),
        "checks": "; ".join(filter(None, (checks, case.beside))) if is_run else "",
        "notices": case.notices, "note": case.note,
    }  # fmt: skip
    return {
        "case": case, "seed": known.seed, "runs": is_run,
        "facts": [(name, text[:1].upper() + text[1:]) for name, text in facts.items() if text],
        "before": numbers[at - 1] if at else None,
        "after": numbers[at + 1] if at + 1 < len(numbers) else None,
    }  # fmt: skip


def _check(scenario: str) -> None:
    if scenario not in uw.scenarios():
        raise Refused(404, texts()("refused.no_scenario"))


def _in_words(factor: str, scenario: str) -> str:
    """What an assumption means; a name that several of them share is in words already."""
    known = uw.assumptions(scenario)
    text = known[factor].meaning.partition("](")[0].replace("[", "") if factor in known else factor
    text = text or factor.rpartition(".")[2].replace("_", " ")
    return text[:1].upper() + text[1:]


def _sensitivity(found: Any, scenario: str) -> SensitivityOut:
    made = found.difference
    return SensitivityOut(
        name=found.measure, label=found.label, unit=found.unit, value=found.value, low=found.low,
        high=found.high, note=found.note, difference=made.value if made else None,
        difference_low=made.low if made else None, difference_high=made.high if made else None,
        sign=found.sign(),
        effects=[
            EffectOut(
                factor=one.factor, label=_in_words(one.factor, scenario), keys=list(one.keys),
                range=one.range, effect=one.effect, low=one.effect_low, high=one.effect_high,
            )
            for one in found.movers[:SHOWN]
        ],
    )  # fmt: skip
