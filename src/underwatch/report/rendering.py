"""Charts rendered to SVG, in this process or in a second one that starts during a run.

vl-convert first starts a JavaScript engine: 0.4 s in which no other Python thread can run.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Self

Spec = dict[str, Any]  # a chart as Vega-Lite describes it
Render = Callable[[list[Spec]], list[str]]  # charts to SVG files, in the same order


def to_svg(spec: Spec) -> str:
    """A chart as an SVG file of its own."""
    import vl_convert

    return vl_convert.vegalite_to_svg(spec)


def render_charts(specs: list[Spec]) -> list[str]:
    """Charts as SVG files, rendered in this process."""
    return [to_svg(spec) for spec in specs]


class ChartRenderer:
    """A process that renders charts; call it with Vega-Lite specifications to get SVG files.

    Use it as a context manager. If the process dies, the charts are rendered in this one.
    """

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "underwatch.report.rendering"]
        pipe = subprocess.PIPE
        self.child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.child.kill()
        self.child.wait()

    def __call__(self, specs: list[Spec]) -> list[str]:
        """The charts as SVG files, in their order."""
        try:
            self.child.stdin.write(json.dumps(specs) + "\n")
            self.child.stdin.flush()
            return json.loads(self.child.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            return render_charts(specs)


def _serve() -> None:
    """Render what arrives on standard input, a list in each line, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that runs the days
    render_charts([{"data": {"values": []}, "mark": "point"}])
    for line in sys.stdin:
        print(json.dumps(render_charts(json.loads(line))), flush=True)


if __name__ == "__main__":
    _serve()
