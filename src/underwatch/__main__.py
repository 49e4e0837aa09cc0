"""`python -m underwatch` is `underwatch`: a start that can be interrupted while it imports."""

import atexit
import os
import sys

from underwatch.engine import interrupts


def main() -> None:
    """Run the command line; see `underwatch.cli.main`."""
    codes: list[int] = []
    atexit.register(_leave, codes)  # registered first, so called last
    interrupts.raise_on_signals()
    try:
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
