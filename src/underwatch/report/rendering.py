"""Charts rendered to SVG by a second process, so that a chart costs the chart at most.

vl-convert first starts a JavaScript engine: 0.4 s in which no other Python thread can run. Where
memory is short, that engine ends its process, and with it all that the process holds.
"""

import atexit
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, Self

from underwatch.errors import printable

Spec = dict[str, Any]  # a chart as Vega-Lite describes it
Render = Callable[[list[Spec]], list[str]]  # charts to SVG files, in the same order
Begin = Callable[[list[Spec]], Callable[[], list[str]]]  # the same; what is returned waits for them
NOT_DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 40" width="640" height="40">'
    '<text x="0" y="25" font-family="sans-serif" font-size="14" fill="#777">'
    "This chart could not be drawn; its numbers are below.</text></svg>"
)


def to_svg(spec: Spec) -> str:
    """A chart as an SVG file of its own."""
    import vl_convert

    return vl_convert.vegalite_to_svg(drawable(spec))


def drawable(part: Any) -> Any:
    r"""A chart, or a part of one, with visible signs for control characters.

    The engine that draws charts ends its process over a text that XML cannot hold.

    Examples
    --------
    >>> drawable({"title": ["a bell \x07", "two\nlines"], "width": 3})
    {'title': ['a bell \\x07', 'two\nlines'], 'width': 3}
    """
    if isinstance(part, str):
        return printable(part, newlines=True)
    if isinstance(part, dict):
        return {drawable(key): drawable(value) for key, value in part.items()}
    return [drawable(one) for one in part] if isinstance(part, list | tuple) else part


def _first() -> Spec:
    """A chart with the parts of most: the engine compiles what draws them before they come."""
    rows = [{"x": f"2020-{month:02}-01", "value": month} for month in range(1, 13)]
    x = {"field": "x", "type": "temporal", "scale": {"type": "utc"}, "axis": {"grid": False}}
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False}}
    marks: list[Spec] = [{"type": "rule", "strokeDash": [2, 3]}, {"type": "area", "opacity": 0.2}]
    marks += [{"type": "line", "point": True}, {"type": "text", "text": ["two", "lines"]}]
    layer = [{"mark": mark, "encoding": {"x": x, "y": y}} for mark in marks]
    return {"width": 200, "height": 100, "data": {"values": rows}, "layer": layer}


_ahead: list[subprocess.Popen[str]] = []  # started before there was a renderer for it


def start_ahead() -> None:
    """Start the process of the next renderer, which takes half a second on a processor.

    For a command that will draw charts and first imports what it needs on another processor.
    """
    child = _started()
    if child is not None:
        _ahead.append(child)
        atexit.register(_end_ahead)


def _end_ahead() -> None:
    """End what no renderer has used, as the command was refused."""
    for child in _ahead:
        child.kill()


def _started() -> subprocess.Popen[str] | None:
    """A process that renders charts; None where there is no room for one."""
    command = [sys.executable, "-m", "underwatch.report.rendering"]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=nowhere, text=True, encoding="utf-8"
        )
    except OSError:  # too little memory, or too many processes
        return None


class ChartRenderer:
    """A process that renders charts; call it with Vega-Lite specifications to get SVG files.

    Use it as a context manager, or let it start with its first charts. If the process ends,
    it is started again once; what cannot be drawn becomes a sentence, `NOT_DRAWN`.
    """

    def __init__(self) -> None:
        self.child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, specs: list[Spec]) -> list[str]:
        """The charts as SVG files, in their order."""
        for _ in range(2):
            drawn = self._ask(specs)
            if drawn is not None:
                return drawn
            self.close()
        return [NOT_DRAWN] * len(specs)

    def close(self) -> None:
        """End the process."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            for pipe in (self.child.stdin, self.child.stdout):
                try:
                    pipe.close()
                except OSError:  # what was still to be written
                    pass
            self.child = None

    def _start(self) -> None:
        self.child = _ahead.pop() if _ahead else _started()

    def _ask(self, specs: list[Spec]) -> list[str] | None:
        """The charts; None if the process has ended before it drew them all."""
        if self.child is None:
            self._start()
        if self.child is None:
            return None
        try:
            self.child.stdin.write(json.dumps(specs) + "\n")
            self.child.stdin.flush()
            drawn = json.loads(self.child.stdout.readline())
        except (OSError, ValueError):
            return None
        return drawn if isinstance(drawn, list) and len(drawn) == len(specs) else None


@cache
def _of_this_process() -> ChartRenderer:
    """One renderer for all that this process draws; it ends with the process."""
    renderer = ChartRenderer()
    atexit.register(renderer.close)
    return renderer


def render_charts(specs: list[Spec]) -> list[str]:
    """Charts as SVG files, drawn by a second process that is kept for the next charts."""
    return _of_this_process()(specs)


def _drawn(spec: Spec) -> str:
    from underwatch.report.compiled import draw

    try:
        return draw(drawable(spec))
    except Exception:  # the engine raises whatever its JavaScript does
        return NOT_DRAWN


def _serve() -> None:
    """Render what arrives on standard input, a list in each line, until it closes."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # for the process that runs the days
    _drawn(_first())  # once: each further round takes more processor time than it saves
    for line in sys.stdin:
        print(json.dumps([_drawn(spec) for spec in json.loads(line)]), flush=True)


if __name__ == "__main__":
    _serve()
