"""`bench` measures memory and speed of one run on this machine."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from underwatch.cli import streams
from underwatch.cli.options import DEFAULT, WHOLE, Json, Quiet, Set, Threads, World, settings


def bench(
    scenario: World = DEFAULT,
    citizens: Annotated[int, typer.Option(help="Number of citizens.", **WHOLE)] = 1_000_000,
    days: Annotated[int, typer.Option(help="Number of days.", **WHOLE)] = 60,
    threads: Threads = None,
    set_: Set = None,
    memory: Annotated[
        bool, typer.Option("--memory", help="Print the bytes of each array, too.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Build a nation, simulate some days, and print bytes a citizen and citizen-days a second.

    Nothing is kept. Memory is what a run adds to a process that has loaded the compiled code and
    simulated a small nation, at its peak. The days are the last of the scenario, when every organ
    is on. `make bench` compares a day with a bare read of everyone's contacts.
    """
    from underwatch.engine.resources import WORLD
    from underwatch.results.benchmark import benchmark
    from underwatch.scenario import Scenario
    from underwatch.scenario.limits import check_run_size

    check_run_size(citizens=citizens, days=days, threads=threads)
    given = settings(set_, citizens)
    last = Scenario.load(scenario, given).last_day - timedelta(days - 1)
    world = Scenario.load(scenario, [*given, f"first_day={last}"])

    def notify(part: str) -> None:
        if not quiet:
            print(part, file=sys.stderr, flush=True)

    found = benchmark(world, days, threads, notify)
    with streams.output():
        if as_json:
            streams.print_object(found.as_json())
        if as_json or quiet:
            return
        each = found.citizens
        print(f"{each:,} citizens, {days:,} days, {found.threads} threads, "
              f"{found.machine['processor'] or 'processor unknown'}")  # fmt: skip
        predicted = found.predicted / each
        off = found.bytes_a_citizen / predicted - 1
        print(
            f"memory at its peak   {found.bytes_a_citizen:8.1f} bytes a citizen "
            f"({predicted:.0f} predicted, {off:+.1%}), {found.peak / 2**30:.2f} GiB in all"
        )
        building = (found.after_building - found.floor) / each
        print(f"  while it is built  {building:8.1f} bytes a citizen")
        print(f"  the program        {found.floor / 2**20:8.0f} MiB")
        if memory:
            for name, size in sorted(found.arrays.items(), key=lambda item: -item[1]):
                if size >= each // 10:
                    print(f"  {name:18} {size / each:8.2f} bytes a citizen "
                          f"({WORLD.get(name, 0):g} predicted)")  # fmt: skip
        print(f"speed                {found.speed / 1e6:8.1f} M citizen-days/s")
        print(f"building             {found.built:8.1f} s, as long as "
              f"{found.days_of_building:.0f} days")  # fmt: skip
        print(f"after the last day   {found.ended:8.1f} s")
