"""The measurements of bench/, which take too long for the suite, import what the package has."""

from importlib import import_module
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"
OTHERS = {"on_agentpy", "on_ambr", "on_laser", "on_mesa", "on_starsim"}  # other libraries' peers


def test_every_measurement_imports_what_is_there():
    files = [path for path in sorted(BENCH.rglob("*.py")) if path.stem not in OTHERS]
    assert len(files) > 10
    for path in files:
        import_module(".".join(path.relative_to(BENCH.parent).with_suffix("").parts))
