"""What a page, a console and a document say first: findings, one sentence each."""

from typing import NamedTuple


class Finding(NamedTuple):
    """A sentence with its numbers and their intervals.

    measures: names of the measures that it rests on. mark: how the number was come by where a
    run cannot give it, such as "closed form"; empty for a number of the runs.
    """

    text: str
    measures: tuple[str, ...] = ()
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.text} [{self.mark}]" if self.mark else self.text
