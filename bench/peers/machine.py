"""The machine of a measurement, by what makes it fast or slow; neither its name nor its paths."""

import os
import platform
from pathlib import Path


def machine() -> dict[str, str | int | float]:
    """Processor, cores, memory in GiB, system, Python, and how busy the machine is already.

    Examples
    --------
    >>> machine()["cores"] >= 1
    True
    """
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "cache": _field("/proc/cpuinfo", "cache size"),
        "memory_gib": round(pages / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def _field(file: str, name: str) -> str:
    """A line "name : value" of a file of the system; nothing where there is none."""
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")
