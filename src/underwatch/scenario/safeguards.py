"""The safeguards: between which stages each stands, what its level means, which law asks for it."""

import tomllib
from dataclasses import dataclass
from functools import cache

from underwatch.scenario.data import DATA

TABLE = DATA / "safeguards.toml"


@dataclass(frozen=True)
class Safeguard:
    """One safeguard as it is told: `between` which stages, what its `level` means, which `law`."""

    key: str
    name: str
    between: str
    level: str
    law: str

    @property
    def scenario(self) -> str:
        """The shipped scenario in which it stands alone, at level 1, in the default system."""
        return f"safeguard-{self.key.replace('_', '-')}"


@cache
def safeguards() -> tuple[Safeguard, ...]:
    """All of them, in the order of the table."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return tuple(Safeguard(key, **told) for key, told in table.items())
