"""The pages: rendered on the server, readable without a script up to the first result."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi import Path as OnPath
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import ValidationError
from starlette.datastructures import QueryParams

import underwatch as uw
from underwatch.errors import UserError
from underwatch.lab import assess_page, story, why
from underwatch.lab.laboratory import Lab
from underwatch.lab.once import once
from underwatch.lab.refusals import Refused, sentence_of
from underwatch.lab.state import State
from underwatch.lab.texts import texts
from underwatch.lab.views import LifeView, WhyView, WorldsView, view_of

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
# Each page: its address, its name (`templates/NAME.html.j2`, `static/NAME.js`, texts `NAME` and
# `nav.NAME`). What a page needs besides the state is added by `MORE`.
PAGES = {"/": "story", "/worlds": "worlds", "/life": "life", "/assess": "assess", "/why": "why"}
MORE: dict[str, Callable[[Lab, State], dict[str, Any]]] = {
    "story": story.context,
    "worlds": story.numbers,
    "why": why.context,
}
# What it needs of its address besides the state.
RUN = "run"  # in an address: begin the worlds, as readers without scripts do
ASKED: dict[str, Callable[[QueryParams], dict[str, Any]]] = {
    "worlds": lambda query: {"asked": RUN in query, "view": view_of(WorldsView, query)},
    "life": lambda query: {"view": view_of(LifeView, query)},
    "assess": assess_page.context,
    "why": lambda query: {"view": view_of(WhyView, query)},
}


@cache
def environment() -> Environment:
    """The templates, with everything escaped that is not written in them."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["data"] = as_data
    return made


def as_data(value: Any) -> Markup:
    """A value for a script, as JSON inside <script type="application/json">."""
    text = json.dumps(value, ensure_ascii=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def render(name: str, request: Request, status: int = 200, **values: Any) -> HTMLResponse:
    """A page; `values` are for its template."""
    shown = {"state": State(), "query": "", "problem": "", "section": name, **values}
    shown["assumed"] = assumed(shown["state"].scenario)
    text = environment().get_template(f"{name}.html.j2").render(
        t=texts(), page=name, path=request.url.path, pages=PAGES, version=uw.__version__, **shown
    )  # fmt: skip
    return HTMLResponse(text, status)


@once(most=100)
def assumed(scenario: str) -> str:
    """How many figures of a scenario are assumptions, in words."""
    counted = uw.Scenario.load(scenario).assumed
    return texts()(
        "site.counted", assumed=f"{counted.assumed:,}", figures=f"{counted.figures:,}",
        sourced=f"{counted.figures - counted.assumed:,}",
    )  # fmt: skip


def page(request: Request, name: str) -> HTMLResponse:
    """One of the pages in the state that its address gives."""
    lab: Lab = request.app.state.lab
    try:
        state = lab.checked(State.from_query(request.url.query))
        asked = _asked(name, request.query_params)
        if name == "worlds" and RUN in request.query_params:
            lab.begin(state)
    except (UserError, ValidationError, Refused, ValueError) as error:
        sentence = _sentence(error)
        more = _more(name, lab, State()) | _asked(name, QueryParams())
        return render(name, request, 422, problem=sentence, **more)
    more = _more(name, lab, state) | asked
    return render(name, request, state=state, query=state.query(), **more)


def _more(name: str, lab: Lab, state: State) -> dict[str, Any]:
    return MORE[name](lab, state) if name in MORE else {}


def _asked(name: str, query: QueryParams) -> dict[str, Any]:
    return ASKED[name](query) if name in ASKED else {}


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return sentence_of(error.errors())
    return error.sentence if isinstance(error, Refused) else str(error)


def case_page(request: Request, number: Annotated[int, OnPath(ge=1, le=9_999)]) -> HTMLResponse:
    """One case of the verification; it keeps the state for the way back."""
    try:
        state = State.from_query(request.url.query)
    except (UserError, ValueError):
        state = State()
    found = why.case_context(number)
    return render("case", request, state=state, query=state.query(), section="why", **found)


def problem_page(request: Request, status: int, sentence: str) -> HTMLResponse:
    """A page that says why there is no other."""
    return render("problem", request, status, problem=sentence)


def _route(address: str, name: str) -> None:
    def show(request: Request) -> HTMLResponse:
        return page(request, name)

    router.add_api_route(address, show, methods=["GET", "HEAD"], name=name)


for _address, _name in PAGES.items():
    _route(_address, _name)
router.add_api_route("/why/case/{number}", case_page, methods=["GET", "HEAD"], name="case")
