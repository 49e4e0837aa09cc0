"""Underwatch: a laboratory for societies under algorithmic surveillance.

    import underwatch as uw
    run = uw.run(uw.Scenario.load("atlantic-2018"), citizens=100_000)
    run.tallies, run.panel, run.summary

Everyone in it is invented. Nothing happens at import; names load on first use.
"""

from importlib import import_module

_HOMES = {"run": "results.run", "Run": "results.run", "Scenario": "scenario", "UserError": "errors"}
__all__ = ["Run", "Scenario", "UserError", "run"]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"underwatch has no {name}; it has {', '.join(__all__)}")
    value = getattr(import_module(f"underwatch.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
