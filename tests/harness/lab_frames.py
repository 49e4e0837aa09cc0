"""How smoothly two worlds are shown: `python -m tests.harness.lab_frames --citizens 100000`.

Starts a lab and opens both worlds in the browser that is there, while they are simulated. It counts
frames that are painted and days that are shown: first following the run, then played back at
several speeds. It prints them, and exits with 1 if fewer than 30 days a second were shown, or fewer
than 15 frames a second painted, where so many days were simulated.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.helpers.browser import FOUND, launched
from tests.helpers.served_lab import served

DAYS_A_SECOND, FRAMES_A_SECOND = 30, 15
SPEEDS = (30, 60, 120)
SECONDS = 6.0  # of each speed
PATIENCE = 15 * 60_000  # milliseconds: the model may have to be compiled first
# Notes when the map of the watched world is painted, and which day is shown then.
COUNT = """
const painted = [];
window.painted = painted;
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  if (this.canvas.closest("#world-watched")) {
    painted.push([performance.now(), Number(document.querySelector("#scrub").value)]);
  }
  return clear.apply(this, box);
};
"""


class Shown(NamedTuple):
    """What a reader saw within some time. gap: milliseconds, which 5 % of the frames exceed.

    busy: milliseconds of processor time of the page's thread for each frame, all its work together.
    """

    seconds: float
    days: float
    frames: float
    gap: float
    longest: float
    busy: float

    def __str__(self) -> str:
        return (f"{self.seconds:5.1f} s: {self.days:6.1f} days a second, {self.frames:5.1f} frames "
                f"a second of {self.busy:.1f} ms; 95 % of gaps below {self.gap:.0f} ms, longest "
                f"{self.longest:.0f} ms")  # fmt: skip


class Clock:
    """Processor time of the thread that draws a page, in milliseconds."""

    def __init__(self, page):
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def __call__(self) -> float:
        found = self._session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(one["value"] for one in found if one["name"] == "TaskDuration")


def shown(painted: list[list[float]], busy: float) -> Shown | None:
    """Rates of the frames on which the day moved on; None if there are too few.

    busy: milliseconds of processor time in all.
    """
    moved = [one for k, one in enumerate(painted) if k == 0 or one[1] > painted[k - 1][1]]
    if len(moved) < 3:
        return None
    gaps = sorted(b[0] - a[0] for a, b in zip(moved, moved[1:], strict=False))
    seconds = (moved[-1][0] - moved[0][0]) / 1000
    return Shown(seconds, (moved[-1][1] - moved[0][1]) / seconds, (len(moved) - 1) / seconds,
                 gaps[int(0.95 * (len(gaps) - 1))], gaps[-1], busy / len(moved))  # fmt: skip


def followed(page, clock: Clock, days: int) -> Shown | None:
    """Both worlds while they are simulated, until the last day is shown."""
    _until(page, 1)
    begun = clock()
    _until(page, days - 2)
    busy, found = clock() - begun, page.evaluate("painted")
    first = next(k for k, (_, day) in enumerate(found) if day > 0)
    return shown(found[first:], busy)


def _until(page, day: int) -> None:
    shown = "day => painted.some(one => one[1] >= day)"
    page.wait_for_function(shown, arg=day, timeout=PATIENCE, polling=250)


def played(page, clock: Clock, speed: int) -> Shown | None:
    """The finished run, from its first day on."""
    page.locator("#speed").select_option(str(speed))
    page.locator("#scrub").evaluate(
        "node => { node.value = 0; node.dispatchEvent(new Event('input')); }"
    )
    page.evaluate("painted.length = 0")
    page.locator(".play").click()
    begun = clock()
    time.sleep(SECONDS)
    busy, found = clock() - begun, page.evaluate("painted")
    page.locator(".play").click()
    return shown(found, busy)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=900)
    parser.add_argument("--width", type=int, default=1280, help="of the screen, in pixels")
    given = parser.parse_args()
    if FOUND is None:
        print("No browser found: install Debian's package chromium, or Chrome.", file=sys.stderr)
        return 1
    slow = []
    with (
        tempfile.TemporaryDirectory() as runs,
        served(Path(runs), "--citizens-cap", str(max(given.citizens, 200_000))) as address,
        launched() as browser,
    ):
        page = browser.new_page(viewport={"width": given.width, "height": 900})
        page.add_init_script(COUNT)
        clock = Clock(page)
        page.goto(f"{address}/worlds?citizens={given.citizens}&days={given.days}&seed=7")
        found = {"following the run": followed(page, clock, given.days)}
        page.locator("#downloads").wait_for(timeout=PATIENCE)
        jobs = page.request.get(f"{address}/api/jobs").json()
        for job in (one for one in jobs if one["kind"] == "world"):
            print(f"simulated: {job['title']}, {job['days']} days in {job['seconds']:.1f} s, with "
                  "people, ties and figures")  # fmt: skip
        for speed in SPEEDS:
            found[f"played at {speed} days a second"] = played(page, clock, speed)
    for name, one in found.items():
        print(f"{name:30} {one or 'too few frames'}")
        wanted = min(DAYS_A_SECOND, 0.9 * int(name.split()[2]) if "played" in name else 999)
        if one is None or one.days < wanted or one.frames < FRAMES_A_SECOND:
            slow.append(name)
    if slow:
        print(f"too slow: {', '.join(slow)}")
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
