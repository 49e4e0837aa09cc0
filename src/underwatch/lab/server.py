"""The application: what is served where, what is refused, and how it is started."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

import underwatch as uw
from underwatch.errors import UserError, printable
from underwatch.lab import assess_page, assessing, lives, pages, story, why, worlds
from underwatch.lab.catalogue import catalogue
from underwatch.lab.guard import Guard
from underwatch.lab.laboratory import Lab
from underwatch.lab.refusals import Refused, of_user_error, sentence_of
from underwatch.lab.settings import Settings
from underwatch.lab.texts import texts

STATIC = Path(__file__).parent / "static"
ROUTERS = (
    worlds.router, story.router, lives.router, assessing.router, why.router, pages.router,
)  # fmt: skip
_STATUSES = {404: "refused.not_found", 405: "refused.method", 400: "refused.not_json"}


def create_app(settings: Settings) -> FastAPI:
    """The lab as an ASGI application; its jobs run between start-up and shutdown."""
    lab = Lab(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        lab.open()
        try:
            yield
        finally:
            lab.close()

    app = FastAPI(
        title="Underwatch lab", version=uw.__version__, lifespan=lifespan, docs_url=None,
        redoc_url=None, openapi_url="/api/openapi.json",
        description="Two worlds of the same invented people, on this machine alone.",
    )  # fmt: skip
    app.state.lab = lab
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)
    app.add_middleware(Guard, settings=settings)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(UserError, _user_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    return app


def _answer(
    request: Request, status: int, sentence: str, headers: dict[str, str] | None = None
) -> Response:
    """The sentence: as JSON for scripts, as a page for people."""
    if request.url.path.startswith(("/api/", "/static/")):
        return JSONResponse({"detail": printable(sentence, newlines=True)}, status, headers)
    return pages.problem_page(request, status, printable(sentence, newlines=True))


def _refused(request: Request, error: Any) -> Response:
    return _answer(request, error.status, error.sentence, error.headers)


def _user_error(request: Request, error: Any) -> Response:
    return _refused(request, of_user_error(error))


def _invalid(request: Request, error: Any) -> Response:
    found = error.errors()
    status = 400 if any(one.get("type") == "json_invalid" for one in found) else 422
    return _answer(request, status, sentence_of(found))


def _http(request: Request, error: Any) -> Response:
    t = texts()
    key = _STATUSES.get(error.status_code)
    sentence = t(key) if key else t("refused.other", status=error.status_code)
    return _answer(request, error.status_code, sentence, error.headers)


def serve(settings: Settings, ready: Callable[[str], None] = lambda _: None) -> None:
    """Serve the lab until Ctrl-C.

    ready: is called with the address once the lab answers.

    Raises UserError if the port is in use or the folder cannot be written.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    app = create_app(settings)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=settings.port, log_level="critical", access_log=False,
        server_header=False, timeout_keep_alive=20, timeout_graceful_shutdown=3, ws="none",
        limit_concurrency=400, h11_max_incomplete_event_size=32_768, lifespan="on",
    )  # fmt: skip
    try:
        listening = config.bind_socket()
    except SystemExit:
        raise UserError(
            f"Port {settings.port} of this machine is in use; name another: --port "
            f"{settings.port + 1}."
        ) from None
    held = app.state.lab.queue.store
    held.check()
    Thread(target=_prepare, args=(settings,), daemon=True).start()
    server = _Server(config, lambda: ready(f"http://127.0.0.1:{settings.port}/"))
    server.run(sockets=[listening])


def _prepare(settings: Settings) -> None:
    """Read once what pages would otherwise read at their first visit, each for itself."""
    assess_page.context(QueryParams())
    catalogue(settings)


class _Server(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]):
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
