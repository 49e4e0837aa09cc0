"""What the address of a page states besides the two worlds: filters, answers, what is opened.

Each view is checked like every input, and what it does not say is as the page begins. Nothing of
it reaches a simulation; see `State` for what does. The sliders of the invented score are in no
address: nothing that is set there is stored or sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.datastructures import QueryParams

from underwatch.errors import UserError, did_you_mean, shortened
from underwatch.lab import catalogue
from underwatch.lab.assessing import SYSTEM, form_of
from underwatch.lab.refusals import Refused
from underwatch.lab.schemas import Flag, Group, Order
from underwatch.lab.texts import texts
from underwatch.lab.why import MEASURES, MOST_ORGANS, ORGANS, check_organs

MOST_ANSWERS, MOST_TEXT = 200, 2_000
PARTS = ("value", "low", "high", "source")
_ANSWER = re.compile(r"([^:@]{1,200})(?:@([a-z]{1,10}))?:(.*)", re.DOTALL)
_SHARES = re.compile(r"([a-z_]{1,60}):(M[0-9]{1,2}(?:\.M[0-9]{1,2}){1,26})")


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


View = TypeVar("View", bound=_View)


class WorldsView(_View):
    """chart: the measure of the lower chart."""

    chart: Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")] = "chilled_share"

    @field_validator("chart")
    @classmethod
    def _is_plottable(cls, name: str) -> str:
        try:
            catalogue.check_plottable(name)
        except Refused as refused:
            raise ValueError(refused.sentence) from None
        return name


class LifeView(_View):
    """The filters of the list of people; happened: a flag, `any`, or nothing for the usual one."""

    happened: Literal[Flag, "any", ""] = ""
    group: Literal[Group, ""] = ""
    order: Order = "restricted_days"


class WhyView(_View):
    """share: a measure and organs, such as `trust:M7.M11`, whose shares are computed.

    assumed: the measure whose assumptions are shown. verdict, search: filters of the lists.
    """

    share: Annotated[str, Field(max_length=200)] = ""
    assumed: Annotated[str, Field(pattern=r"^([a-z_]{1,60})?$")] = ""
    verdict: Literal["", "reproduced", "fitted", "not reproduced", "bracket", "not modelled"] = ""
    search: Annotated[str, Field(max_length=100)] = ""

    @field_validator("share")
    @classmethod
    def _is_known(cls, share: str) -> str:
        if not share:
            return share
        found = _SHARES.fullmatch(share)
        if found is None or found[1] not in MEASURES:
            raise ValueError(f"{shortened(share, 60)!r} is no measure with organs, such as "
                             "chilled_share:M7.M11.")  # fmt: skip
        organs = found[2].split(".")
        if len(organs) > MOST_ORGANS:
            raise ValueError(texts()("why.organs_many", most=MOST_ORGANS))
        try:
            check_organs(organs)
        except Refused as refused:
            raise ValueError(refused.sentence) from None
        return share

    @property
    def measure(self) -> str:
        """The measure that is attributed."""
        return self.share.partition(":")[0] or MEASURES[0]

    @property
    def organs(self) -> tuple[str, ...]:
        """The organs that are compared."""
        return tuple(filter(None, self.share.partition(":")[2].split("."))) or ORGANS


class Entry(_View):
    """What one field of the form holds: of a figure its value, an end of its range, its source."""

    path: str
    part: str
    text: str


class AssessView(_View):
    """A system, the fields that differ from what is shipped, and whether they are assessed."""

    system: Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$")] = SYSTEM
    answers: tuple[Entry, ...] = ()
    seeds: Literal["", "3", "5", "10"] = ""


def view_of(kind: type[View], query: Mapping[str, str]) -> View:
    """The view that an address states; other names of the address are left out.

    Raises pydantic's ValidationError for a value that cannot be used.

    Examples
    --------
    >>> view_of(LifeView, {"group": "D", "citizens": "2000"}).group
    'D'
    """
    return kind.model_validate({name: query[name] for name in kind.model_fields if name in query})


def assess_view(query: QueryParams) -> AssessView:
    """The view of the page that assesses a system: answers are `answer=PATH:TEXT`.

    PATH@low, PATH@high and PATH@source are the other parts of a figure.

    Raises UserError, Refused or ValidationError for what no question asks for. What a number has
    to fulfil is said beside its field, as for one that is typed.
    """
    plain = view_of(AssessView, {k: v for k, v in query.items() if k in ("system", "seeds")})
    questions = form_of(plain.system).questions
    written = query.getlist("answer")
    if len(written) > MOST_ANSWERS:
        raise UserError(f"answer: an address holds at most {MOST_ANSWERS} answers.")
    entries = tuple(_entry(text, questions) for text in written)
    return plain.model_copy(update={"answers": entries})


def _entry(text: str, questions: Mapping[str, Any]) -> Entry:
    found = _ANSWER.fullmatch(text)
    if found is None:
        raise UserError(
            f"answer is {shortened(text, 60)!r}, but it is a question and a text, such as "
            "accuracy.threshold:0.62."
        )
    path, part, written = found[1], found[2] or "value", found[3]
    asked = questions.get(path)
    if asked is None:
        raise UserError(f"answer: {shortened(path)} is no question{did_you_mean(path, questions)}")
    if part not in (PARTS if asked.sort == "figure" else PARTS[:1]):
        raise UserError(f"answer: {path} has no {part}.")
    if len(written) > MOST_TEXT:
        raise UserError(f"answer: {path} is longer than {MOST_TEXT:,} characters.")
    chosen = {"choice": [written], "choices": [*filter(None, written.split(","))]}
    for one in chosen.get(asked.sort, []):
        if one not in (asked.choices or {}):
            raise UserError(f"answer: {path} is {shortened(one)!r}"
                            f"{did_you_mean(one, asked.choices or {})}")  # fmt: skip
    return Entry(path=path, part=part, text=written)
