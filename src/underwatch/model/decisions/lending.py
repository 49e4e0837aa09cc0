"""Stage 5, decide: loans, by a score that reads repayment history and nothing else (M9).

    score = base + points.late · late instalments + points.repaid · instalments paid

The lender is no part of the state: it reads what banks report, and decides whatever the
citizen's restrictions are. Who wants a loan and has none applies at a rate. At the score line or
above it the loan is granted; it ends when its instalments are paid. Below the line the citizen
waits for a stated time.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel, nopython
from underwatch.kernel.random import draw
from underwatch.model import streams
from underwatch.model.dossiers.records import LATE, REPAID, count
from underwatch.model.society.acts import miss_chance
from underwatch.model.society.people import BORROWS
from underwatch.model.state import DECLINED, IN_DEFAULT, has_loan
from underwatch.model.streams import MONTH, chance


class Lending(NamedTuple):
    """Today's application; flags 0 or 1."""

    applied: int
    approved: int
    would_repay: int  # of an application that is declined
    credit: int  # tomorrow: 0 for none, instalments left, or DECLINED + months to wait


@kernel
def credit_score(file, params):
    """The lender's score of a local file."""
    points = params.credit_late * count(file, LATE) + params.credit_repaid * count(file, REPAID)
    return params.credit_base + points


@nopython
def would_repay(missed, term, seed, day, person):
    """Whether a loan granted on a day would be repaid without a default; 0 or 1.

    missed: the chance to miss an instalment, of 2^32. The instalments have the addresses of
    random draws that they would have if it were granted. It is a function of its own, not
    inlined, because it is rare.
    """
    in_a_row = 0
    for k in range(1, term + 1):
        in_a_row = (
            in_a_row + 1 if draw(seed, streams.REPAY, day + MONTH * k, person) < missed else 0
        )
        if in_a_row == 3:
            return 0
    return 1


@kernel
def lend(traits, state, file, acts, credit, today, person, params):
    """The citizen's application today, if there is one, and the credit of tomorrow."""
    if not params.credit_on or not traits.memberships & BORROWS or (today.day + person) % MONTH:
        return Lending(0, 0, 0, credit)
    if has_loan(credit):
        return Lending(0, 0, 0, credit - acts.kept)
    if state.standing & IN_DEFAULT:  # of a loan from before lenders decided
        return Lending(0, 0, 0, credit)
    if credit > DECLINED + 1:
        return Lending(0, 0, 0, credit - 1)
    if chance(today, streams.APPLICATION, person) >= params.credit_applies:
        return Lending(0, 0, 0, 0)
    if credit_score(file, params) >= params.credit_line:
        return Lending(1, 1, 0, params.credit_term)
    waits = DECLINED + params.credit_wait if params.credit_wait else 0
    missed = miss_chance(traits, state, params)  # by thrift, income and knowledge of today
    repays = would_repay(missed, params.credit_term, today.seed, today.day, person)
    return Lending(1, 0, repays, waits)


def break_even(gain: float, loss: float) -> float:
    """The probability of repayment at which a loan changes something by zero on average.

    gain: what a repaid loan adds. loss: what a default takes away.

    Examples
    --------
    >>> round(break_even(75, 150), 3), break_even(1, 4)  # a borrower's score; a lender's profit
    (0.667, 0.8)
    """
    return loss / (gain + loss)
