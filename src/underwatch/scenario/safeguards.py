"""The safeguards: the stages between which each acts, the meaning of its level, its legal basis."""

import tomllib
from dataclasses import dataclass
from functools import cache

from underwatch.scenario.data import DATA

TABLE = DATA / "safeguards.toml"


@dataclass(frozen=True)
class Safeguard:
    """One safeguard: the stages `between` which it acts, its `level`, the `law` that asks."""

    key: str
    name: str
    between: str
    level: str
    law: str

    @property
    def scenario(self) -> str:
        """The shipped scenario that adds this safeguard alone, at level 1."""
        return f"safeguard-{self.key.replace('_', '-')}"


@cache
def safeguards() -> tuple[Safeguard, ...]:
    """All safeguards in the order of the table."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(Safeguard(key, **entry) for key, entry in table.items())
