"""How far long work is: a bar with rate and time left on a terminal, else plain lines."""

import sys
import time


class Bar:
    """Told on standard error; `unit` is what is counted, such as days or nations."""

    def __init__(self, quiet: bool, unit: str = "days"):
        self.quiet, self.unit, self.bar, self.last = quiet, unit, None, 0.0
        self.begun: tuple[float, int] | None = None
        self.says = ""

    def __enter__(self):
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            self.bar = Progress(
                TextColumn("{task.description}"), BarColumn(),
                TextColumn("{task.completed:,.0f}/{task.total:,.0f} " + self.unit),
                TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
                console=Console(stderr=True),
            )  # fmt: skip
            self.bar.start()
            self.task = self.bar.add_task("starting", total=1, rate="")
        return self

    def __exit__(self, *_):
        if self.bar:
            self.bar.stop()

    def __call__(self, says: str, done: int = 0, total: int | None = None, more: str = "") -> None:
        """`says` what is being done; without a total nothing is counted yet."""
        if self.quiet:
            return
        now, is_new = time.perf_counter(), says != self.says
        if is_new or self.begun is None:
            self.begun, self.says = (now, done), says
        rate = (done - self.begun[1]) / max(1e-9, now - self.begun[0])
        if self.bar:
            self.bar.update(
                self.task, description=says + more, completed=done, total=total,
                rate=f"{_rate(rate)} {self.unit}/s" if rate else "",
            )  # fmt: skip
        elif now - self.last > 5 or done == total or is_new:
            self.last = now
            if total is not None and rate:
                left = f"{(total - done) / rate:,.0f} s left"
                says += f" {done:,}/{total:,} {self.unit}, {_rate(rate)} a second, {left}"
            print(says + more, file=sys.stderr, flush=True)


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def interrupted(folder) -> None:
    """What to do after Ctrl-C."""
    print(f"\nInterrupted. What is lived is kept; go on with the same command and --out {folder}",
          file=sys.stderr)  # fmt: skip
