"""The day in plain Python (reference/day.py), loaded by its path."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location(
    "reference_day", Path(__file__).parents[2] / "reference" / "day.py"
)
twin = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(twin)
