"""With what software and on what machine a result was made."""

import os
import platform


def made_with() -> dict:
    """Software and machine, as every run and study tells of itself."""
    machine = {"system": platform.platform(), "processors": os.cpu_count()}
    return {"software": "underwatch", "versions": versions(), "machine": machine}


def versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("underwatch", "numpy", "numba", "pydantic", "xarray", "pyarrow")
    return {"python": platform.python_version()} | {name: version(name) for name in names}
