"""A day on a graphics card: the same bits as on the processor, the largest nation, and the speed.

    python -m bench.gpu                     # ten minutes on a machine with a card
    python -m bench.gpu --paper             # bytes a citizen-day, and what follows; needs no card

Three steps: 100,000 citizens on processor and card, whose state and counts must be equal; then
10,000,000 citizens, and each launch of their days by itself; then the largest nation whose people
can be invented within --minutes, as far as the card's memory goes. Each prints its figures; all are
in the JSON file that is written after each step. Citizen-days a second are those of the second
month, so without compilation.
"""

import argparse
import gc
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from bench.gpu_paper import of_a_day, paper

from underwatch.engine.cuda.check import check_device
from underwatch.engine.cuda.work import BYTES_A_CITIZEN, bytes_for
from underwatch.engine.population import build
from underwatch.engine.resources import BYTES_A_CITIZEN as BYTES_OF_THE_PROCESSOR
from underwatch.engine.resources import free_bytes
from underwatch.engine.simulation import Simulation
from underwatch.errors import UserError
from underwatch.model.streams import MONTH
from underwatch.scenario import Scenario

CHECKED = 100_000


def simulation_of(citizens: int, days: int, device: str) -> tuple[Simulation, float]:
    """A simulation on its first morning, and the seconds that its people took."""
    scenario = Scenario.load("atlantic-2018", [f"society.citizens={citizens}"])
    begun = time.perf_counter()
    made = Simulation(
        scenario, build(scenario), days, np.zeros(0, np.int64), 32_768, device=device, take=True
    )
    return made, time.perf_counter() - begun


def check() -> dict[str, Any]:
    """Processor and card, with births, deaths and two reviews of ties."""
    worlds = [simulation_of(CHECKED, 2 * MONTH + 5, device)[0] for device in ("cpu", "cuda")]
    for world in worlds:
        world.run()
    processor, card = worlds
    return {
        "citizens": CHECKED,
        "days": processor.days,
        "state_hash": processor.hash(),
        "state_is_equal": processor.hash() == card.hash(),
        "counts_are_equal": all(
            np.array_equal(getattr(processor, name), getattr(card, name))
            for name in ("daily", "monthly", "capacity", "expressed_opinions")
        ),
    }


def free_of_card() -> int:
    """Bytes of the card that are free once all that nobody reads any more is given back."""
    from numba import cuda

    gc.collect()
    cuda.current_context().deallocations.clear()
    return int(cuda.current_context().get_memory_info()[0])


def speed(citizens: int, days: int) -> dict[str, Any]:
    """Seconds of people, of the first month with compilation, and of the rest.

    Births and deaths of both months are in it, and what is counted reaches the processor.
    """
    before = free_of_card()
    world, people = simulation_of(citizens, days, "cuda")
    begun = time.perf_counter()
    world.run(MONTH)
    first = time.perf_counter() - begun
    taken = before - free_of_card()
    begun = time.perf_counter()
    world.run()
    rest = time.perf_counter() - begun
    dead = len(world.dead)
    return {
        "citizens": citizens,
        "days": days,
        "seconds_of_people": round(people, 1),
        "seconds_of_first_month": round(first, 2),
        "seconds_of_rest": round(rest, 2),
        "seconds_on_device": {k: round(v, 3) for k, v in world.on_device.seconds.items()},
        "citizen_days_per_second": round(citizens * (days - MONTH) / rest),
        "deaths": dead,
        "bytes_predicted": bytes_for(citizens),
        "bytes_measured": taken,
    }


def launches(citizens: int, days: int = MONTH) -> dict[str, list[float]]:
    """Milliseconds of each launch, over a month: name -> [a day, a million citizens a day]."""
    from numba import cuda

    world, _ = simulation_of(citizens, days + 7, "cuda")
    world.run(7)
    device, found = world.on_device, {}
    started = device._launch

    def timed(name: str, *arguments: Any) -> None:
        cuda.synchronize()
        begun = time.perf_counter()
        started(name, *arguments)
        cuda.synchronize()
        found[name] = found.get(name, 0.0) + time.perf_counter() - begun

    device._launch = timed
    world.run()
    return {
        name: [round(1e3 * took / days, 3), round(1e9 * took / days / citizens, 3)]
        for name, took in found.items()
    }


def largest(free: int, seconds_a_citizen: float, minutes: float) -> int:
    """The most citizens for the card's memory, the processor's, and the minutes."""
    card = (free - bytes_for(0)) / (BYTES_A_CITIZEN * 1.02)
    processor = free_bytes() / (BYTES_OF_THE_PROCESSOR * 1.3)
    fits = int(min(card, processor, 60 * minutes / seconds_a_citizen))
    return fits // 1_000_000 * 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--paper", action="store_true", help="print bytes and rooflines only")
    parser.add_argument("--minutes", type=float, default=3.0, help="to invent the largest nation")
    parser.add_argument("--days", type=int, default=2 * MONTH)
    parser.add_argument("--out", type=Path, default=Path("gpu.json"))
    given = parser.parse_args()
    if given.paper:
        print(json.dumps({"bytes_a_citizen_day": of_a_day(), "paper": paper()}, indent=1))
        return
    try:
        check_device("cuda", CHECKED)
    except UserError as error:
        raise SystemExit(str(error)) from None
    from numba import cuda

    device = cuda.get_current_device()
    free, _ = cuda.current_context().get_memory_info()
    found: dict[str, Any] = {
        "card": str(device.name),
        "compute_capability": list(device.compute_capability),
        "free_bytes": free,
    }

    def note(name: str, figures: dict[str, Any]) -> None:
        found[name] = figures
        given.out.write_text(json.dumps(found, indent=1) + "\n")
        print(name, json.dumps(figures), flush=True)

    note("equal", check())
    note("ten_million", ten := speed(10_000_000, given.days))
    note("milliseconds_of_launches", launches(10_000_000))
    free = free_of_card()
    most = largest(free, ten["seconds_of_people"] / ten["citizens"], given.minutes)
    note("largest", speed(most, given.days))


if __name__ == "__main__":
    main()
