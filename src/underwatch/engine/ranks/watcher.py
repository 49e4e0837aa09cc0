"""What ranks say when one of them is killed: run as a program, with the standard library alone.

A launcher that sees a rank die kills the others at once, so that none of them can say anything.
This program waits beside rank 0, with a pipe from it. If the pipe closes without a farewell, it
names the last checkpoint.
"""

import os
import re
import sys

FAREWELL = b"."


def last_checkpoint(folder: str, ranks: int) -> str:
    """A sentence on the last checkpoint below a folder, and how to go on from there.

    Examples:
        >>> last_checkpoint("nowhere/checkpoint", 4)
        'There is no checkpoint; start the run again.'
    """
    try:
        found = [re.fullmatch(r"day-(\d{5})", name) for name in os.listdir(folder)]
    except OSError:
        found = []
    days = [int(name[1]) for name in found if name]
    if not days:
        return "There is no checkpoint; start the run again."
    run = os.path.dirname(folder)
    return (
        f"The last checkpoint is that of day {max(days):,}; go on from there with "
        f"`mpiexec -n {ranks} underwatch resume {run}`, on any number of ranks."
    )


def main() -> None:
    """Wait for the end of rank 0. Arguments: the folder of checkpoints, the number of ranks."""
    if os.read(0, 1) == FAREWELL:
        return
    reason = "A rank was killed or lost, so that the others have ended, too."
    print(f"{reason} {last_checkpoint(sys.argv[1], int(sys.argv[2]))}", file=sys.stderr)


if __name__ == "__main__":
    main()
