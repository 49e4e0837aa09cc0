"""Outputs of a run for the tests of sweeps, in a module that workers import."""


def mean_days(run):
    return run.people["restricted_days"].mean()


def by_group(run):
    return run.people.groupby("group", observed=False)["restricted_days"].mean().to_numpy()


def fails_for_2019(run):
    if run.seed == 2019:
        raise ValueError("not this one")
    return 1


def slow(run):
    import os
    import time

    print("of a function")
    os.write(1, b"of a library\n")
    time.sleep(0.15)
    return run.seed


def leaves(run):
    raise SystemExit(3)


def ends_its_process(run):
    import os

    if run.seed == 2019 and "0.123" in str(run.scenario.cameras.uptime):
        os._exit(7)
    return 1


def ragged(run):
    return [[1], [1, 2]]
