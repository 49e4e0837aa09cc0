"""The organs of assessments in plain Python (reference/), loaded by their paths."""

import importlib.util
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "reference"


def _loaded(name):
    spec = importlib.util.spec_from_file_location(f"reference_{name}", REFERENCE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


risk_score, patrols = _loaded("risk_score"), _loaded("patrols")


def plain(whole):
    """The whole numbers of an organ as the twin reads them: lists instead of arrays."""
    return {name: value.tolist() if hasattr(value, "tolist") else value
            for name, value in whole._asdict().items()}  # fmt: skip
