"""Partial results: the finished parts of a study, so that an interrupted study can be resumed."""

import pickle
from pathlib import Path
from typing import Any

from underwatch.errors import UserError
from underwatch.results.folder import as_path


class PartialResults:
    """The finished parts of one study by name; without a folder, nothing is kept.

    study: the key of the study; two commands with the same key may share parts.
    A folder with the parts of another study is refused with a UserError.
    """

    def __init__(self, folder: Path | None, study: str):
        folder = as_path(folder) if folder is not None else None
        self.folder, self.study = folder, study
        if folder is None or not folder.exists():
            return
        note = folder / "study"
        if not note.is_file() or note.read_text("utf-8") != study:
            raise UserError(
                f"{folder} holds the partial results of a study with other scenarios, sizes, days "
                "or seeds; resume that study, or choose another --out."
            )

    def get(self, part: str) -> Any | None:
        """The outcome of a part, or None if it is not finished."""
        path = self.folder / f"{part}.pickle" if self.folder else None
        if path is None or not path.exists():
            return None
        return pickle.loads(path.read_bytes())  # written by this study

    def put(self, part: str, outcome: Any) -> None:
        """Keep a finished part, whole or not at all."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "study").write_text(self.study, "utf-8")
        written = self.folder / f".{part}.part"
        written.write_bytes(pickle.dumps(outcome))
        written.rename(self.folder / f"{part}.pickle")
