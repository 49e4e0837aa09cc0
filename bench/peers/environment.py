"""The environment of the peers, `.venv-peers`, with the pinned versions of requirements.txt.

They bring some sixty packages, which Underwatch does not need. A peer that cannot be installed is
left out, and its worker says that it is missing.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".venv-peers"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def python_of_peers() -> Path:
    """The interpreter of the environment, which is made if it is not there or out of date."""
    python, ready = FOLDER / "bin" / "python", FOLDER / "ready"
    wanted = REQUIREMENTS.read_text("utf-8")
    if ready.exists() and ready.read_text("utf-8") == wanted:
        return python
    print("installing the peers into .venv-peers", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    if not _installed(python, "-r", str(REQUIREMENTS)):
        for line in wanted.splitlines():
            if line and not line.startswith("#") and not _installed(python, line):
                print(f"{line} cannot be installed here", file=sys.stderr)
    ready.write_text(wanted, "utf-8")
    return python


def _installed(python: Path, *what: str) -> bool:
    return subprocess.run([python, "-m", "pip", "install", "--quiet", *what]).returncode == 0
