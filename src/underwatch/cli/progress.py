"""The progress of long work: a bar with rate and remaining time on a terminal, else lines."""

import sys
import time

from underwatch.engine.interrupts import received


class Bar:
    """Progress on standard error; `unit` is what is counted, such as days or worlds.

    If standard error cannot be written, the work goes on without a bar.
    """

    def __init__(self, quiet: bool, unit: str = "days"):
        self.quiet, self.unit, self.bar, self.last = quiet, unit, None, 0.0
        self.start: tuple[float, int] | None = None
        self.stage = ""

    def __enter__(self):
        if not self.quiet and sys.stderr.isatty():
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            from underwatch.cli.tables import console

            self.bar = Progress(
                TextColumn("{task.description}", markup=False), BarColumn(),
                TextColumn("{task.completed:,.0f}/{task.total:,.0f} " + self.unit),
                TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
                console=console(sys.stderr),
            )  # fmt: skip
            self.bar.start()
            self.task = self.bar.add_task("starting", total=1, rate="")
        return self

    def __exit__(self, *_):
        if self.bar:
            self.bar.stop()

    def __call__(self, stage: str, done: int = 0, total: int | None = None, more: str = "") -> None:
        """Show the stage of the work; without a total, nothing is counted yet."""
        if self.quiet:
            return
        now, is_new = time.perf_counter(), stage != self.stage
        if is_new or self.start is None:
            self.start, self.stage = (now, done), stage
        rate = (done - self.start[1]) / max(1e-9, now - self.start[0])
        if self.bar:
            self.bar.update(
                self.task, description=stage + more, completed=done, total=total,
                rate=f"{_rate(rate)} {self.unit}/s" if rate else "",
            )  # fmt: skip
        elif is_new or (total is not None and rate and (now - self.last > 5 or done == total)):
            self.last = now
            if total is not None and rate:
                left = f"{(total - done) / rate:,.0f} s left"
                stage += f" {done:,}/{total:,} {self.unit}, {_rate(rate)} per second, {left}"
            try:
                print(stage + more, file=sys.stderr, flush=True)
            except (OSError, ValueError):
                self.quiet = True


STAGES = {
    "people": "generating people", "ties": "generating ties", "days": "simulating",
    "compiling": "compiling the model (once per version)",
    "compiling the rule": "compiling the scoring rule (10 to 30 s, once for each rule)",
}  # fmt: skip


def counted(bar: Bar):
    """A function that shows the engine's `Progress` on a bar."""

    def notify(step) -> None:
        if received():  # a signal whose exception was lost, such as in a finalizer
            raise KeyboardInterrupt
        total = step.total if step.stage == "days" else None
        bar(STAGES.get(step.stage, step.stage), step.done, total)

    return notify


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


class Interrupted(BaseException):
    """Ctrl-C or SIGTERM ended a command; the text says what is kept, and how to go on."""


def interrupted(folder) -> Interrupted:
    """How to resume a study."""
    return Interrupted(
        f"Interrupted. Partial results are kept; to resume, repeat the command with --out {folder}"
    )
