"""Pictures drawn by a process beside ours, which gets ready while a run is lived.

vl-convert first brings up a whole V8: .4 s in which no other Python can run.
"""

import json
import signal
import subprocess
import sys
from typing import Any

Spec = dict[str, Any]  # a picture as Vega-Lite describes it


def standalone(picture: Spec) -> str:
    """A picture as an SVG file of its own."""
    import vl_convert

    return vl_convert.vegalite_to_svg(picture)


class Artist:
    """Call it with pictures as Vega-Lite describes them; it gives SVG files."""

    def __enter__(self):
        command = [sys.executable, "-m", "underwatch.report.artist"]
        pipe = subprocess.PIPE
        self.child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()

    def __call__(self, pictures: list[Spec]) -> list[str]:
        """The pictures drawn, in their order; by ourselves if the other has died."""
        try:
            self.child.stdin.write(json.dumps(pictures) + "\n")
            self.child.stdin.flush()
            return json.loads(self.child.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            return drawn_here(pictures)


def drawn_here(pictures: list[Spec]) -> list[str]:
    """The pictures drawn in this process."""
    return [standalone(picture) for picture in pictures]


def _serve() -> None:
    """Draw what comes down the pipe, a list in each line, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever lives the run
    drawn_here([{"data": {"values": []}, "mark": "point"}])
    for line in sys.stdin:
        print(json.dumps(drawn_here(json.loads(line))), flush=True)


if __name__ == "__main__":
    _serve()
