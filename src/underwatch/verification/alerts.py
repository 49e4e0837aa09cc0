"""The day's camera kernel, pass by pass: whom a watch list alerts on, and whom operators confirm.

A run asks the same kernel with the same addresses of chance; here everybody passes once a day and
does nothing else, so that millions of passes take seconds.
"""

from __future__ import annotations

import numpy as np

from underwatch.kernel.columns import as_columns
from underwatch.kernel.random import draw
from underwatch.model import parameters
from underwatch.model.morning import DailyDraws
from underwatch.model.sensing.cameras import capture
from underwatch.model.sensing.galleries import CERTAIN, FACE
from underwatch.model.society.acts import Acts
from underwatch.model.society.people import PERSON, load_person
from underwatch.model.society.speech import Speech
from underwatch.model.streams import HALVES, PASS_BY, Today
from underwatch.scenario import Scenario
from underwatch.verification.compiled import driver

NPL = 1.667e-8  # FMR at the threshold 0.6, as NPL's figures imply
FOUND = 0.89  # TPIR there
_NOBODY = 0xFFFF  # the upper half of a draw that makes nothing happen


@driver
def _alerts(columns, listed, first, days, seed, faces, table, out):
    """out[i]: alerts on person i in so many daily passes, and those that an operator confirms.

    listed: flags. first: the first day. faces: on the list, in 256ths of a face.
    """
    params = table[0]
    never = np.int32(_NOBODY)
    still = Acts(Speech(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)  # fmt: skip
    for i in range(columns.shape[1]):
        traits = load_person(columns, i)
        watched = np.int64(listed[i])
        for day in range(first, first + days):
            today = Today(seed, day, -1, -1, faces, CERTAIN)
            word = draw(seed, HALVES + PASS_BY // 2, day, i)
            half = np.int32(word >> 16 * (PASS_BY % 2) & 0xFFFF)
            draws = DailyDraws(
                word, word, word, word, never, never, never, never, never, never, never, never,
                never, never, never, never, never, never, half, never,
            )  # fmt: skip
            caught = capture(still, traits, watched, i, columns, 0, draws, today, i, params)
            out[i, 0] += caught.alert
            out[i, 1] += caught.confirmed


def alerts(
    people: int, days: int, seed: int, faces: int, *, listed: int = 0, spread: float = 0.0,
    first: int = 0,
) -> np.ndarray:  # fmt: skip
    """Alerts and confirmed alerts of each person in so many passes: int64 (people, 2).

    faces: on the list. listed: how many of the people are on it, the first ones. spread: of
    look-alikes. first: the first day, so that parts of a long period can be asked apart. Everyone
    is of one group, at the threshold of NPL's figures; an operator confirms 95 % of true alerts
    and 30 % of false ones.
    """
    settings = [
        f"cameras.watch_list_false_match_rate={NPL}", f"cameras.miss_rate={1 - FOUND:.2f}",
        f"cameras.lookalike_spread={spread}", "cameras.group_factors=[1, 1, 1, 1]",
        "police.operator_confirms_true=0.95",
        "police.operator_confirms_false=0.3",
    ]  # fmt: skip
    scenario = Scenario.load("met-lfr", settings)
    table = parameters.params_on(scenario, scenario.last_day)
    table["pass_checked"] = CERTAIN  # everybody passes every day
    on_list = np.arange(people) < listed
    crowd = np.zeros(people, PERSON)
    crowd["mobility"] = 256 - 64  # passes as often as `pass_checked` says
    columns = as_columns(crowd)
    out = np.zeros((people, 2), np.int64)
    _alerts(columns, on_list, first, days, seed, faces * FACE, table, out)
    return out
