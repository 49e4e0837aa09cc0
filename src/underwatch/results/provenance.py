"""The software and the machine that made a result."""

import os
import platform
from typing import Any


def made_with() -> dict[str, Any]:
    """Software, versions and machine, as every run and study records them."""
    machine = {"system": platform.platform(), "processors": os.cpu_count()}
    return {"software": "underwatch", "versions": versions(), "machine": machine}


def versions() -> dict[str, str]:
    """The versions of Python and of the packages on which results depend."""
    from importlib.metadata import version

    names = ("underwatch", "numpy", "numba", "pydantic", "xarray", "pyarrow")
    return {"python": platform.python_version()} | {name: version(name) for name in names}
