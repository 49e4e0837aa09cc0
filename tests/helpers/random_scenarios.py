"""Scenarios drawn over the whole range that the schema accepts; engine and twin compared."""

from datetime import date, timedelta
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

import numpy as np
from hypothesis import strategies as st

from helpers.twin import twin
from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.errors import UserError
from underwatch.kernel.columns import as_records
from underwatch.measurement.catalogue import NAMES
from underwatch.model.society.segments import by_slot
from underwatch.model.state import STATE, State
from underwatch.scenario import Scenario
from underwatch.scenario.dated import Dated
from underwatch.scenario.loading.schema import Shape

FIRST = date(2019, 12, 25)
FIXED = {"title", "text", "first_day", "last_day", "society.citizens", "society.seed"}


def _bounds(notes):
    """The constraints of an annotation or a field: name -> limit."""
    found = {}
    for note in notes:
        for part in (note, *getattr(note, "metadata", ())):
            for name in ("ge", "gt", "le", "lt", "min_length", "max_length"):
                if getattr(part, name, None) is not None:
                    found[name] = getattr(part, name)
    return found


def _number(kind, bounds):
    """A number of the whole range: its ends, small ones, and anything between."""
    low = bounds.get("ge", bounds.get("gt", 0))
    high = bounds.get("le", bounds.get("lt", low + 100))
    if "gt" in bounds:
        low += 1e-6
    if "lt" in bounds:
        high -= 1e-6
    if kind is int:
        near = st.integers(low, min(high, low + 10))
        return st.one_of(st.sampled_from([low, high]), near, st.integers(low, high))
    anywhere = st.floats(low, high, allow_subnormal=False)
    near = st.floats(-12, 0).map(lambda x: low + (high - low) * 10**x)
    return st.one_of(st.sampled_from([float(low), float(high)]), anywhere, near)


def _values(annotation, notes=()):
    """A strategy for the values of an annotation."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _values(args[0], (*args[1:], *notes))
    if origin in (Union, UnionType):
        return st.one_of(*(st.none() if one is NoneType else _values(one, notes) for one in args))
    if origin is Dated:
        one = _values(args[0], notes)
        steps = st.lists(st.integers(0, 12), min_size=1, max_size=2, unique=True).map(sorted)
        dated = steps.flatmap(
            lambda days: st.tuples(*(one for _ in days)).map(
                lambda drawn: {FIRST + timedelta(d): v for d, v in zip(days, drawn, strict=True)}
            )
        )
        return st.one_of(one, one, dated)
    if origin is Literal:
        return st.sampled_from(args)
    if origin is list:
        least, most = (_bounds(notes).get(name) for name in ("min_length", "max_length"))
        most = most or 4
        return st.lists(_values(args[0]), min_size=least or 0, max_size=most if least else 4)
    if annotation is bool:
        return st.booleans()
    return _number(annotation, _bounds(notes))


def _keys():
    shape = Shape(Scenario)
    for path in shape.leaves():
        leaf = shape
        for name in path:
            leaf = leaf.child(name)
        if (key := ".".join(path)) not in FIXED:
            yield key, _values(leaf.annotation, leaf.field.metadata)


KEYS = dict(_keys())


@st.composite
def scenarios(draw, citizens):
    """The default scenario with many keys changed; keys that do not fit together stay."""
    base = Scenario.load("atlantic-2018", [f"first_day={FIRST}", f"society.citizens={citizens}"])
    chosen = draw(st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=60, unique=True))
    changes = {"society.seed": draw(st.integers(0, 2**63 - 1))}
    changes |= {key: draw(KEYS[key]) for key in chosen}
    while True:
        try:
            return base.with_(changes), changes
        except UserError as error:
            text = str(error)
            refused = [key for key in changes if key in text] or [list(changes)[-1]]
            changes = {key: v for key, v in changes.items() if key not in refused}


def disagreements(scenario, days):
    """Where engine and twin differ after some days: fields of citizens, and daily counts."""
    population = build(scenario)
    simulation = Simulation(scenario, population, days, np.zeros(0, np.int64), 100)
    by_epoch = [
        {name: r[name].tolist() for name in simulation.params.dtype.names}
        for r in simulation.params
    ]
    people = population.people
    plain = [dict(zip(people.dtype.names, map(int, p), strict=True)) for p in people]
    candidates = by_slot(population.ties, np.arange(len(people)))
    closed = population.ties.closed
    contacts = [_contacts(i, people, candidates, closed) for i in range(len(people))]
    by_day = [by_epoch[e] for e in simulation.epochs]
    citizens, counts = twin.simulate(plain, contacts, by_day, days, population.seed)
    simulation.run()
    world = simulation.world
    states = as_records(world.states, STATE)
    found = [
        f"citizen {i}: {field} is {int(s)} in the engine and {o} in the twin"
        for i, citizen in enumerate(citizens)
        for field, s, o in zip(State._fields, states[i], twin.as_record(citizen), strict=True)
        if int(s) != o
    ]
    found += [
        f"citizen {i}: closed ties are {int(ours):b} in the engine and {theirs:b} in the twin"
        for i, ours in enumerate(world.candidate_slots & ~world.slots)
        if int(ours) != (theirs := twin.closed_ties(citizens[i]))
    ]
    return found + [
        f"day {day}: {name} is {int(n)} in the engine and {counts[day][name]} in the twin"
        for day, row in enumerate(simulation.daily)
        for name, n in zip(NAMES, row, strict=True)
        if int(n) != counts[day].get(name, 0)
    ]


def _contacts(i, people, candidates, closed):
    """Citizen i's contacts as the twin has them."""
    first = i - int(people[i]["place_in_home"])
    home = [j for j in range(first, first + int(people[i]["home_size"])) if j != i]
    held = [int(j) if j < len(people) else None for j in candidates[i]]
    shut = {slot for slot in range(16) if int(closed[i]) >> slot & 1}
    return {"home": home, "slots": held, "closed": shut}
