"""How long a first run takes, with nothing compiled before.

Runs the command line in a process of its own with an empty folder for compiled code, and prints
wall time, processor time of all processes, and when the first day was simulated; then how long a
second run takes, and a run with a scoring rule of the user's, which compiles the day around it.
"""

import argparse
import tempfile
from pathlib import Path

from bench.warm import timed

_RUN = ["-m", "underwatch", "run", "--citizens", "1000", "--days", "2"]
_RULE = """
import underwatch as uw


def three_strikes(dossier, contacts):
    return 1000 - 300 * dossier.serious_offence


uw.run("rongcheng", citizens=1000, days=2, score=three_strikes)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1, help="the best counts")
    given = parser.parse_args()
    for round_ in range(given.rounds):
        with tempfile.TemporaryDirectory() as home:
            for what, command in (
                ("first run", [*_RUN, "--out", str(Path(home, "first"))]),
                ("second run", [*_RUN, "--out", str(Path(home, "second"))]),
                ("first run of a rule", ["-c", _RULE]),
                ("second run of a rule", ["-c", _RULE]),
            ):
                wall, used = timed(command, home)
                print(f"{round_ + 1}  {what:21} {wall:6.1f} s, {used:6.1f} s of processor time")


if __name__ == "__main__":
    main()
