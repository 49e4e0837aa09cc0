"""Screenshots of every view of the lab, at the width of a desktop and of a phone.

`python -m docs.gallery --lab` starts a lab on a free port, opens each view in the browser that is
there once its runs have finished, and writes docs/gallery/lab-*.jpg. It reports a view that is
wider than its screen, and every request to another machine. Some minutes on two cores.
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE = 20 * 60_000  # milliseconds until the runs of a view have finished
STEPS = ("watched", "records", "score", "closed", "silence", "safeguards")
# Each view: its name, its address, and what is there once it shows what it is for.
VIEWS = {
    **{f"story-{step}": (f"/#{step}", f"#{step} figure:visible") for step in STEPS},
    "story-silence": ("/#silence", "#silence figure:has-text('chance alone moves')"),
    "worlds": ("/worlds", "#bands button"),
    "life": ("/life?citizen=19247", "#life .chart"),
    "assess": ("/assess", "#picture .chart"),
    "why": ("/why", "#sensitivity .chart"),
    "case": ("/why/case/44", ".facts"),
}
WORDS = {
    "story-watched": "The story, step 1: who is watched",
    "story-records": "The story, step 2: how a record goes wrong",
    "story-score": "The story, step 3: how a score is made",
    "story-closed": "The story, step 4: what it closes",
    "story-silence": "The story, step 5: who falls silent",
    "story-safeguards": "The story, step 6: what safeguards give back",
    "worlds": "Two worlds side by side",
    "life": "One life",
    "assess": "Assess a system",
    "why": "Why",
    "case": "One case of the verification",
}


@contextmanager
def served(kept: Path | None = None) -> Iterator[str]:
    """The address of a lab; it ends with the block. kept: a folder whose runs are used again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as runs:
        process = subprocess.Popen(
            [sys.executable, "-m", "underwatch", "lab", "--no-browser", "--port", str(port),
             "--runs", str(kept or runs)],
            stdout=subprocess.PIPE, text=True, env=dict(os.environ),
        )  # fmt: skip
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def photographed(browser, address: str, widths: dict[int, int], quality: int) -> list[str]:
    """Write the pictures of every view; what is wrong with a view, one sentence each."""
    faults: list[str] = []
    for name, (path, ready) in VIEWS.items():
        for width, height in widths.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.on("request", lambda request: _kept(request.url, address, faults))
            page.goto(address + path)
            page.locator(ready).first.wait_for(timeout=PATIENCE)
            page.wait_for_timeout(1500)  # milliseconds, in which pictures settle
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{name} is {wide} pixels wide on a screen of {width}")
            page.screenshot(path=HERE / f"lab-{name}-{width}.jpg", type="jpeg", quality=quality)
            page.close()
    return faults


def _kept(url: str, address: str, faults: list[str]) -> None:
    if not url.startswith((address, "data:", "blob:")):
        faults.append(f"the lab asks another machine: {url}")


def index() -> list[str]:
    """The lines of the gallery's page about the lab, if its pictures are there."""
    if not (HERE / "lab-worlds-1280.jpg").exists():
        return []
    parts = ["", "## Lab", "", "`underwatch lab` opens these pages on this machine. Every figure "
             "in them is from the runs that the lab itself started."]  # fmt: skip
    for name, words in WORDS.items():
        parts += ["", f"### {words}", "", f"![{words}, on a desktop](lab-{name}-1280.jpg)",
                  f"![The same on a phone](lab-{name}-360.jpg)"]  # fmt: skip
    return parts
