"""What reaches the lab at all: its own pages on this machine, and requests of a modest size.

A page of another site can make a browser send requests to 127.0.0.1. `Host`, `Origin` and
`Sec-Fetch-Site` tell such requests apart; they get one sentence and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from underwatch.lab.settings import Settings
from underwatch.lab.texts import texts

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Reports and documents are whole pages with a style of their own, and never a script.
CSP_OF_REPORTS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class Guard:
    """The outermost layer of the application; everything else sits behind it."""

    def __init__(self, app: Any, settings: Settings):
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is not None:
            await _refuse(send, *refused)
            return
        body = _Body(receive, self._settings.body)
        sending = _WithHeaders(send, body)
        try:
            await self._app(scope, body, sending)
        except _TooLarge:
            pass
        if body.over and not sending.begun:
            await _refuse(send, 413, texts()("refused.body", n=self._settings.body // 1000))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """(status, sentence) of a request that is not let in."""
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        t = texts()
        hosts = [host.decode("latin-1").lower() for host in headers.get(b"host", [])]
        allowed = self._settings.allowed_hosts
        if len(hosts) != 1 or hosts[0] not in allowed:
            return 403, t("refused.host", port=self._settings.port)
        origins = [one.decode("latin-1").lower() for one in headers.get(b"origin", [])]
        if any(origin not in {f"http://{host}" for host in allowed} for origin in origins):
            return 403, t("refused.origin")
        sites = [one.decode("latin-1").lower() for one in headers.get(b"sec-fetch-site", [])]
        if any(site not in ("same-origin", "none") for site in sites):
            return 403, t("refused.cross_site", port=self._settings.port)
        if len(scope.get("query_string", b"")) > self._settings.query:
            return 414, t("refused.query", n=self._settings.query)
        if len(scope.get("raw_path") or scope["path"]) > 1_000:
            return 414, t("refused.query", n=1_000)
        return self._refusal_of_body(scope, headers)

    def _refusal_of_body(
        self, scope: Scope, headers: dict[bytes, list[bytes]]
    ) -> tuple[int, str] | None:
        t = texts()
        lengths = headers.get(b"content-length", [])
        if any(not n.isdigit() or int(n) > self._settings.body for n in lengths if len(n) < 20):
            return 413, t("refused.body", n=self._settings.body // 1000)
        if any(len(n) >= 20 for n in lengths):
            return 413, t("refused.body", n=self._settings.body // 1000)
        if scope["method"] in ("POST", "PUT", "PATCH"):
            kinds = headers.get(b"content-type", [])
            plain = [kind.split(b";")[0].strip().lower() for kind in kinds]
            if plain != [b"application/json"]:
                return 415, t("refused.not_json")
        return None


class _TooLarge(Exception):
    """A body that is longer than it may be."""


class _Body:
    """What a request sends, up to a limit."""

    def __init__(self, receive: Receive, most: int):
        self._receive, self._left = receive, most

    @property
    def over(self) -> bool:
        """Whether more was sent."""
        return self._left < 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.over:
            raise _TooLarge
        return message


class _WithHeaders:
    """Adds the headers that every answer has, where the answer does not set its own.

    An answer to a body that is too large is dropped: whoever read the body took it for damaged.
    """

    def __init__(self, send: Send, body: _Body):
        self._send, self._body, self.begun = send, body, False

    async def __call__(self, message: Message) -> None:
        if self._body.over and not self.begun:
            return
        if message["type"] == "http.response.start":
            self.begun = True
            present = {name.lower() for name, _ in message["headers"]}
            more = [
                (name.encode(), value.encode())
                for name, value in HEADERS.items()
                if name.encode() not in present
            ]
            message = {**message, "headers": [*message["headers"], *more]}
        await self._send(message)


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"detail": sentence}).encode()
    headers = {
        **HEADERS, "content-type": "application/json", "content-length": str(len(body)),
        "connection": "close",
    }  # fmt: skip
    start = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
