"""The same people in many worlds are invented once, as studies do; test_society invents anew."""

import pytest

from underwatch.engine import population
from underwatch.model import parameters

MOST = 6  # populations that are kept


@pytest.fixture(scope="session", autouse=True)
def shared_populations():
    kept, invent = {}, population.build

    def build(scenario, progress=lambda _: None):
        key = scenario.society.model_dump_json(), parameters.census(scenario).tobytes()
        kept[key] = found = kept.pop(key, None) or invent(scenario, progress)
        if len(kept) > MOST:
            kept.pop(next(iter(kept)))
        return population.Population(
            found.society, found.columns.copy(), population.own_ties(found.ties)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(population, "build", build)
        yield
