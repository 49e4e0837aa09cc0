"""What a queue reports each day: demand, served, dropped, waiting, and how long the served waited.

The queues are those of the courts, the police, the appeal courts and the reviewers.
Their tallies are counted by stratum like all others. Places, and whether a queue is
at capacity, belong to districts and are counted by day alone.
"""

from underwatch.measurement.catalogue import NAMES

QUEUES = ("court", "police", "appeal", "review")
# The tallies of each queue, in the order of data/measures.toml.
DEMAND, SERVED, DROPPED, WAITING, WAIT_DAYS = range(5)
KINDS = ("demand", "served", "dropped", "waiting", "wait_days")
FIRST = NAMES.index("court_demand")  # column of the first tally of a queue
COLUMNS = len(QUEUES) * len(KINDS)
# Of a district's day: its places, and 1 if all were taken and somebody ready was left.
PLACES, AT_CAPACITY = range(2)

assert NAMES[FIRST : FIRST + COLUMNS] == tuple(f"{q}_{k}" for q in QUEUES for k in KINDS)
