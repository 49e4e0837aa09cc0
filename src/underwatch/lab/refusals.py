"""What the lab refuses, with one sentence each: JSON for scripts, a page for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from underwatch.errors import UserError, printable, shortened


class Problem(BaseModel):
    """Why a request is refused."""

    detail: str = Field(description="One or more sentences for people.")


class Refused(Exception):
    """A request that is refused with a status and a sentence; see `texts` for the sentences."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None):
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers or {}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The statuses of a route that carry a `Problem`, for its description in OpenAPI."""
    meanings = {
        400: "The body is no JSON.",
        403: "The request comes from another site.",
        404: "There is no such thing.",
        409: "Not yet: ask again in a moment.",
        413: "The body is too large.",
        415: "The body is not declared as JSON.",
        422: "The values cannot be used.",
        429: "Too many jobs wait, or too many were started within a minute.",
        503: "This machine cannot do it at the moment.",
    }
    return {status: {"model": Problem, "description": meanings[status]} for status in statuses}


def of_user_error(error: UserError) -> Refused:
    """The same sentences, for a request."""
    return Refused(422, str(error))


def sentence_of(errors: Sequence[Any]) -> str:
    """What pydantic found wrong with a request, one line each, as sentences."""
    lines = []
    for error in errors[:20]:
        where = ".".join(str(part) for part in error.get("loc", ()) if part not in _PLACES)
        what = str(error.get("msg", "cannot be used"))
        what = what.removeprefix("Value error, ")
        lines.append(printable(shortened(f"{where}: {what}" if where else what, 300)))
    return "\n".join(dict.fromkeys(lines)) or "The request cannot be read."


_PLACES = ("body", "query", "path", "header")
