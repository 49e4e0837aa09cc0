"""The invented citizens of a run as a table."""

import numpy as np
import pyarrow as pa


def people_table(simulation):
    """One row per citizen: traits and days under restriction."""
    people = simulation.population.people
    columns = {"citizen": pa.array(np.arange(len(people), dtype=np.uint32))}
    columns |= {"age": pa.array(people["age"]), "group": pa.array(people["group"])}
    columns["restricted_days"] = pa.array(simulation.world.restricted_days)
    return pa.table(columns)
