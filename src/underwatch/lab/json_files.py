"""Small files of JSON: written whole or not at all, read as None where they are damaged."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def read_json(file: Path) -> Any:
    """What a file of JSON holds; None if it is not there or not whole."""
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def write_json(file: Path, value: Any) -> None:
    """Write a file of JSON: all of it, or nothing."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    part.write_text(json.dumps(value), "utf-8")
    part.replace(file)
