"""`python -m underwatch` is `underwatch`: a start that can be interrupted while it imports."""

import atexit
import gc
import os
import sys

from underwatch.engine import interrupts
from underwatch.engine.ranks.stated import ranks

_NO_CHARTS_SOON = {"-h", "--help", "--estimate", "--seeds"}


def main() -> None:
    """Run the command line; see `underwatch.cli.main`."""
    codes: list[int] = []
    atexit.register(_leave, codes)  # registered first, so called last
    interrupts.raise_on_signals()
    gc.disable()  # what is imported stays; the command that runs enables it
    # pydantic reads what is known of every installed package to find plugins; nothing here is one.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Else NumPy's threads for linear algebra wait for their first work at full speed, for 50 ms.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
    try:
        _start_charts(sys.argv[1:])
        from underwatch import cli
    except BaseException:
        if not interrupts.received():
            raise
        print("\nInterrupted.", file=sys.stderr)
        sys.exit(128 + interrupts.received())
    try:
        cli.main()
    except SystemExit as end:
        if isinstance(end.code, int):
            codes.append(end.code)
        raise


def _start_charts(arguments: list[str]) -> None:
    """Start the process that draws the charts of a run, on another processor, before imports."""
    if arguments[:1] not in (["run"], ["resume"]) or ranks() > 1:
        return
    if _NO_CHARTS_SOON & {argument.partition("=")[0] for argument in arguments}:
        return
    if None in (sys.stdin, sys.stdout, sys.stderr):
        return  # a pipe would get the number of the closed one
    from underwatch.report.rendering import start_ahead

    start_ahead()


def _leave(codes: list[int]) -> None:
    """End the process with its exit code, if it has one, and let the system free its memory.

    Python and its libraries free it piece by piece, which takes longer than the help. Threads
    have ended by now. MPI ends later, so its processes leave as others do.
    """
    from underwatch.cli import streams

    if codes and "mpi4py" not in sys.modules:
        os._exit(streams.finish(codes[0]))


if __name__ == "__main__":
    main()
