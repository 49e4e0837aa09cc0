"""Cohorts: those who were adults on the first day, and those who came of age during the run.

A cohort is a measure: no stage of a day reads it. Adults who moved in belong to neither.
"""

ADULTS_AT_START, CAME_OF_AGE, MOVED_IN, CHILD = range(4)
COHORTS = ("adults on the first day", "came of age during the run")
OTHERS = len(COHORTS)  # where the opinions that nobody of these cohorts expressed are counted
