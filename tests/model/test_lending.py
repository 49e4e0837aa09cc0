"""M9: a lender decides by repayment history; the counts are those of the organ itself."""

import numpy as np

from helpers import worlds
from helpers.nation import build
from helpers.twin import twin
from underwatch.measurement.catalogue import NAMES
from underwatch.model.decisions.lending import break_even
from underwatch.model.parameters import PARAMS
from underwatch.model.parameters.society import caps
from underwatch.model.streams import MONTH, REPAY
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.verification.registry import cases


def lent(days=60, citizens=20_000, **values):
    """(adults who want credit, states, totals) of a world with loans and nothing else."""
    people, params = _lenders(citizens, **values)
    _, states, tallies = worlds.simulate(*people, params, np.zeros(days, int), 7, 5_000)
    total = dict(zip(NAMES, tallies.sum((0, 1)).tolist(), strict=True))
    return people[0]["age"] >= 18, states, total


def _lenders(citizens, **values):
    """((people, ties), parameters) where everyone wants a loan, and nothing else happens."""
    people, ties = build(citizens, 7)
    people["memberships"] |= 4
    people["income"] = 128  # at which the table of misses holds as it is
    params = np.zeros(1, PARAMS)
    base = dict(
        credit_on=1, credit_base=600, credit_term=1, credit_applies=worlds.P,
        instalments_reported=worlds.P, cure_free=worlds.P, credit_line=0, credit_wait=3,
    )  # fmt: skip
    for name, value in (base | values).items():
        params[name] = value
    caps(params, 3)
    return (people, ties), params


def missing(share):
    return {"miss_rate": round(share * worlds.P)}


def test_a_loan_ends_and_only_who_has_one_owes_instalments():
    adults, _, total = lent(days=90, credit_term=2, credit_applies=0)
    n = np.count_nonzero(adults)
    left = 1 + (np.arange(len(adults)) * 3_266_489_917 % 2**32 * 2 >> 32)  # at the start: 1 or 2
    assert total["instalments_due"] == total["instalments_kept"] == left[adults].sum() < 3 * n
    assert total["loan_applications"] == 0


def test_a_lender_declines_who_paid_late_and_those_declined_owe_nothing():
    line = {"credit_line": 600, "credit_late": -30, "credit_repaid": 5}
    _, _, open_to_all = lent(days=240, **missing(0.3))
    _, _, strict = lent(days=240, **missing(0.3), **line)
    assert open_to_all["loans_declined"] == 0 < strict["loans_declined"]
    assert strict["instalments_due"] < 0.9 * open_to_all["instalments_due"]
    assert strict["loan_applications"] == strict["loans_approved"] + strict["loans_declined"]


def test_the_declined_who_would_have_repaid_are_counted_by_the_draws_of_their_instalments():
    never = {"credit_line": 601, "credit_term": 3}
    _, _, total = lent(days=240, **missing(0.5), **never)
    share = total["declined_repaying"] / total["loans_declined"]  # not three of three missed
    error = (0.125 * 0.875 / total["loans_declined"]) ** 0.5
    assert abs(share - (1 - 0.5**3)) < 4 * error


def test_the_declined_wait_the_stated_months_and_would_repay_by_the_days_of_their_instalments():
    wait, term, missed, days, citizens = 2, 3, worlds.P // 2, 200, 60
    people, params = _lenders(citizens, credit_line=601, credit_term=term, credit_wait=wait)
    params["miss_rate"] = missed
    world = worlds.world_of(*people, params, 7)
    world.flags[:] = 0  # nobody has a loan yet
    _, _, tallies = worlds.simulate(
        *people, params, np.zeros(days, int), 7, citizens, world=world
    )  # fmt: skip
    declined, repaying = np.zeros((2, days), int)
    for person in np.flatnonzero(people[0]["age"] >= 18).tolist():
        for day in range(-person % MONTH, days, MONTH * wait):
            kept = [twin.draw(7, REPAY, day + MONTH * k, person) >= missed for k in (1, 2, 3)]
            declined[day] += 1
            repaying[day] += any(kept)  # three missed in a row are a default
    counted = tallies.sum(1)
    assert counted[:, NAMES.index("loans_declined")].tolist() == declined.tolist()
    assert counted[:, NAMES.index("declined_repaying")].tolist() == repaying.tolist()


def test_between_two_thirds_and_four_fifths_a_loan_helps_the_borrower_and_not_the_lender():
    """Liu and others, 2018, as the verification runs it."""
    gain, profit, change, loss = cases()[23].run(20_000, 7)
    assert gain.agrees and profit.agrees and change.agrees and loss.agrees
    assert (break_even(75, 150), break_even(1, 4)) == (gain.expected, profit.expected)


def test_who_is_refused_though_harmless_exists_in_the_credit_bureau_and_few_default():
    found = run(
        Scenario.load("credit-bureau", ["society.citizens=6000"]), days=1_100
    ).tallies  # fmt: skip
    applied, declined = (int(found[m].sum()) for m in ("loan_applications", "loans_declined"))
    assert 0 < int(found.declined_repaying.sum()) < declined < 0.5 * applied
    assert 0.005 < int(found.in_default[-1].sum()) / int(found.adults[-1].sum()) < 0.04
