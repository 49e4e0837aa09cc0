"""Who is measured, with how many agents, and in which form; nothing here imports a peer."""

from typing import NamedTuple


class Peer(NamedTuple):
    """One row of the comparison."""

    key: str
    title: str  # as the page and the chart name it
    where: str  # module:class
    agents: int  # so many that a step is well above the cost of a call
    form: str  # how the rule is written; "Other rule:" where it is not the rule
    packages: tuple[str, ...] = ()  # whose versions are reported; the first is the peer
    warm: int = 3  # steps before the first round
    together: int = 1  # steps that are asked for at once, at least
    same: bool = True  # whether it simulates the rule
    ours: bool = False  # whether it runs in Underwatch's own environment

    @property
    def module(self) -> str:
        """The module that holds it."""
        return f"bench.peers.{self.where.split(':')[0]}"


PEERS = (
    Peer(
        "agentpy", "agentpy, methods", "on_agentpy:Model", 50_000,
        "Each agent holds a list of its contacts. A call of the AgentList lets every agent decide, "
        "an assignment to it lets every agent adopt. `Network.neighbors` in place of the list was "
        "tried: slower.",
        ("agentpy",),
    ),
    Peer(
        "mesa", "Mesa, methods", "on_mesa:Model", 100_000,
        "Each agent holds a list of its contacts. `AgentSet.do` lets every agent decide, and then "
        "adopt. Cells of a `Network` in place of the list, and `sum` in place of a loop, were "
        "tried: slower.",
        ("mesa",),
    ),
    Peer(
        "mesa-arrays", "Mesa, arrays", "on_mesa:ArrayModel", 500_000,
        "`AgentSet.get` into an array, the step in NumPy, and the attribute of each agent set. The "
        "contacts are an array outside of Mesa.",
        ("mesa", "numpy"),
    ),
    Peer(
        "agentpy-arrays", "agentpy, arrays", "on_agentpy:ArrayModel", 500_000,
        "The attribute of an AgentList into an array, the step in NumPy, and the attribute "
        "assigned. The contacts are an array outside of agentpy.",
        ("agentpy", "numpy"),
    ),
    Peer(
        "starsim-sis", "Starsim, its own SIS", "on_starsim:Sis", 1_000_000,
        "Other rule: an infection on a fixed random network with ten contacts a person on average, "
        "in its steady state (seven in ten infected): transmission along each edge, recovery, "
        "waning immunity. The nearest model that comes with the library.",
        ("starsim", "numba"), warm=40, same=False,
    ),
    Peer(
        "starsim", "Starsim, own module", "on_starsim:Model", 1_000_000,
        "A module with a state of the people, on a `Network` that holds the contacts; the sum over "
        "edges is a function for Numba, as in the library's diseases, and flips are drawn by "
        "`bernoulli`. NumPy's `bincount` in place of the function was tried: slower.",
        ("starsim", "numba"),
    ),
    Peer(
        "ambr", "ambr, vectorised", "on_ambr:Model", 1_000_000,
        "The column of opinions is read by `agents.numpy`, the step is in NumPy, and `agents.set` "
        "writes the column. Polars' own expressions (`gather`) were tried: slower.",
        ("ambr", "polars", "numpy"),
    ),
    Peer(
        "laser", "LASER, own component", "on_laser:Model", 1_000_000,
        "Properties of a LaserFrame (contacts are a vector property) and a component whose step is "
        "a parallel function for Numba, as the library's own are.",
        ("laser-core", "numba"),
    ),
    Peer(
        "numpy", "NumPy alone", "on_numpy:Model", 1_000_000,
        "Whole arrays, one contact after the other.",
        ("numpy",),
    ),
    Peer(
        "numba", "Numba alone", "on_numba:Model", 1_000_000,
        "One parallel loop over arrays of bytes and of 32-bit numbers, with Numba's own random "
        "numbers, which depend on the thread.",
        ("numba",),
    ),
    Peer(
        "underwatch", "Underwatch, contact read", "on_underwatch:Model", 1_000_000,
        "The engine's own read of contacts and its random numbers by address. An opinion is one "
        "flag of the public signals, which have four bytes a citizen (in the other rows an opinion "
        "has one byte); the read sums up all eleven flags and the scores.",
        ("underwatch", "numba"), ours=True,
    ),
    Peer(
        "underwatch-day", "Underwatch, whole day", "on_underwatch:Day", 1_000_000,
        "Other rule, with far more in it: a day of the default scenario with every organ on, "
        "births, deaths, queues and measures; an adult has 7 contacts outside the home on average.",
        ("underwatch", "numba"), warm=30, together=30, same=False, ours=True,
    ),
)  # fmt: skip
