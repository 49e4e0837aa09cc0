"""The folders of the files that ship with the software."""

from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
SCENARIOS = DATA / "scenarios"
STUDIES = DATA / "studies"
CENSUSES = DATA / "census"
