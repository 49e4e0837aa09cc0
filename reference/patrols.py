"""Organ M27 in plain Python: patrols follow records, and records follow patrols, for reading.

It uses whole numbers, lists and `if`, and the random draws of `reference/day.py`. A probability
is a number out of 4,294,967,296; records are counted in thousandths of a discovered incident. The
fast organ must agree in every city and district; a test compares them.
"""

FIRST = 2**18 + 96  # the streams of this organ
VISIT, INCIDENT, REPORT, THINNED, STOP = range(FIRST, FIRST + 5)
CERTAIN = 2**32


def patrol(rules, days, seed, city, draw):
    """What happens in one city: visits, discovered, entered, reported and records by district."""
    districts = len(rules["rates"])
    records = list(rules["records"])
    counts = {name: [0] * districts for name in ("visits", "discovered", "entered", "reported")}
    here = city * 2**20  # each city has numbers of its own
    for day in range(days):
        morning = list(records)
        for patrol in range(rules["patrols"]):
            to = district(draw(seed, VISIT, day, here + patrol), morning, rules)
            counts["visits"][to] += 1
            if draw(seed, INCIDENT, day, here + patrol) >= rules["rates"][to]:
                continue
            counts["discovered"][to] += 1
            if rules["reports_only"]:
                continue
            thinned = draw(seed, THINNED, day, here + patrol)
            if rules["repaired"] and thinned * morning[to] >= min(morning) * CERTAIN:
                continue
            counts["entered"][to] += 1
            records[to] += 1000
        for place in range(districts):
            for slot in range(rules["slots"]):
                number = draw(seed, REPORT, day, here + place * rules["slots"] + slot)
                if number < rules["reports"][place]:
                    counts["reported"][place] += 1
                    records[place] += rules["weight"]
    return counts | {"records": records}


def stopped(where, homes, stops, seed, city, draw):
    """Whom the patrols of a city stop: for each day and patrol, numbers of residents.

    where: the district of each patrol on each day. homes: the residents of each district.
    """
    days = []
    for day, places in enumerate(where):
        days.append([])
        for patrol, place in enumerate(places):
            met = []
            for k in range(stops):
                number = draw(seed, STOP, day, city * 2**30 + patrol * stops + k)
                met.append(homes[place][number * len(homes[place]) // CERTAIN])
            days[-1].append(met)
    return days


def district(number, records, rules):
    """Where a patrol is sent: by the share of the records, or everywhere alike."""
    if not rules["follow_records"]:
        return number * len(records) // CERTAIN
    at = number * sum(records) // CERTAIN
    for place, own in enumerate(records):
        if at < own:
            return place
        at -= own
