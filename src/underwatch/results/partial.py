"""What a study has finished, kept in a folder: one that is interrupted need not begin again."""

import pickle
from pathlib import Path
from typing import Any

from underwatch.errors import UserError


class PartialResults:
    """The finished parts of one study by name; without a folder, nothing is kept.

    study: whatever two commands must have in common for one to go on with the
    other's parts. A folder with the parts of another study is refused.
    """

    def __init__(self, folder: Path | None, study: str):
        self.folder, self.study = folder, study
        if folder is None or not folder.exists():
            return
        note = folder / "study"
        if not note.is_file() or note.read_text("utf-8") != study:
            raise UserError(
                f"{folder} holds an interrupted study of other worlds, people, days or luck; go on "
                "with the same, or choose another --out."
            )

    def get(self, part: str) -> Any | None:
        """What a part came to, if it was finished before."""
        path = self.folder / f"{part}.pickle" if self.folder else None
        if path is None or not path.exists():
            return None
        return pickle.loads(path.read_bytes())  # our own, of this study

    def put(self, part: str, outcome: Any) -> None:
        """Keep what is finished, whole or not at all."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "study").write_text(self.study, "utf-8")
        written = self.folder / f".{part}.part"
        written.write_bytes(pickle.dumps(outcome))
        written.rename(self.folder / f"{part}.pickle")
