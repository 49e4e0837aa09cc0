"""The second half of stage 6: contacts' signals of yesterday move feelings and opinion overnight.

Feelings move with what is heard, and decay to a resting level. Private opinion
drifts by single steps, whose probability is the speed of the drift. Some people
learn of penalties. This is vector code: no branches, no reads of other citizens.

    risk      up by the share of contacts penalised for expression      (M18)
    detection up by the share caught or penalised for an offence         (M21)
    trust     up by promises kept among contacts, down by broken ones   (M21)
    support   up by good experiences, down by bad ones: see `experiences` (M22)
    opinion   up by the critical voices heard, down by the official line, and
              towards the citizen's conviction; the young drift faster  (M19)

Support has no level to which it returns. A good experience covers a share of the distance to
full support, a bad one a share of the distance to none; where both balance, support rests.

A penalty is news on one day only. Fears do not mix, unless `spill` is above 0. Feelings
are kept in 255ths. A step is computed with 16 fraction bits more, and rounded at random
with 16 random bits, so that its expectation is exact.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import narrow
from underwatch.model.state import KNOWS, ONE

_ALL = (1 << 32) - 1


class Feelings(NamedTuple):
    """What contacts' signals can move; 0 to 255."""

    risk: int
    detection: int
    trust: int
    support: int
    opinion: int
    standing: int  # its bit KNOWS


@kernel
def _drawn(level, step, decay, rest, left_over):
    """A feeling moved by a step, decayed to rest, rounded at random.

    step: of 2^24 for the whole range. decay: share lost a day, of 2^24. left_over: 16 bits.
    """
    exact = (level << 16) + step - ((level - rest) * decay >> 8)
    return narrow(min(255, max(0, (exact + left_over) >> 16)))


@kernel
def _bits(draws, place):
    """Sixteen random bits for one of the four feelings."""
    return (draws.feeling >> place & 255) << 8 | (draws.feeling_fine >> place & 255)


@kernel
def _place_of(person):
    """A citizen's place in the spread of resting trust, 0 to 65,535, by a hash of the number."""
    place = (person * 2_654_435_761) & 0xFFFFFFFF  # two turns, so that neighbours differ
    return ((place ^ place >> 15) * 2_246_822_519 & 0xFFFFFFFF) >> 16


@kernel
def resting_trust(person, params):
    """The level to which a citizen's trust returns, 0 to 255: uniform over citizens."""
    from_middle = narrow(_place_of(person)) - 32_768
    rest = params.trust_rest + (params.trust_width * from_middle >> 16)
    return narrow(min(255, max(0, rest)))


@kernel
def first_feelings(person, conviction, params):
    """(trust, support) of an adult on the first morning; what is private is the conviction."""
    return np.int64(resting_trust(person, params)), np.int64(params.support_start[conviction])


def resting_trusts_of(citizens, params):
    """The resting trust of some citizens, int64 (n), from a PARAMS record."""
    place = _place_of.py_func(citizens.astype(np.int64))
    rest = int(params["trust_rest"]) + (int(params["trust_width"]) * (place - 32_768) >> 16)
    return np.clip(rest, 0, 255)


@kernel
def voices_heard(heard, share):
    """The share of contacts who were heard to be critical, in 65,536ths."""
    return narrow(min(ONE, (heard.spoke + heard.petitioned + heard.protested) * share))


@kernel
def experiences(state, heard, share, privileged, offended, news, params):
    """(good, bad): shares of the way to full support and to none, in 2^24ths a night.

    Good are perks, promises kept among contacts, the safety felt where offenders are caught,
    and contacts who boast of their scores; who knows of penalties discounts these. Bad are
    news of penalties, promises broken, critical voices, and serious offences in the district.
    Critics see less of the good and more of the bad.
    """
    good = (
        params.support_perk * privileged * ONE + params.support_kept * (heard.kept * share)
        + params.support_safety * (state.detection << 8)
        + params.support_boasts * (heard.boasts * share)
    ) >> 8  # fmt: skip
    bad = (
        params.support_news * news + params.support_broke * (heard.broke * share)
        + params.support_voices * voices_heard(heard, share)
    ) >> 8  # fmt: skip
    bad += params.support_offences * offended >> 16
    bias = params.support_bias * state.opinion >> 8
    knows = (state.standing & KNOWS) != 0
    good = good * (256 - bias) >> 8
    good -= good * (params.support_discount * knows) >> 16
    return good, bad * (256 + bias) >> 8


@kernel
def feel(state, heard, share, privileged, offended, draws, person, params):
    """The feelings after the night, and whether the citizen learns of penalties.

    offended: the share of the district's adults who offended seriously, in 2^24ths.
    """
    news = heard.penalised * share * params.news_passes >> 16
    for_speech = heard.penalised_for_speech * share * params.news_passes >> 16
    caught = heard.caught * share
    risk = params.risk_heard * (for_speech + (params.spill * (news - for_speech) >> 16)) >> 8
    detection = params.detection_heard * (caught + (params.spill * for_speech >> 16)) >> 8
    trust = (
        params.trust_kept * (heard.kept * share) - params.trust_broke * (heard.broke * share)
    ) >> 8  # fmt: skip
    # A probability of 2^32, as the product of two factors of 2^16.
    learns = draws.learn < params.learn * news
    learns &= (state.standing & KNOWS) == 0
    good, bad = experiences(state, heard, share, privileged, offended, news, params)
    support = (good * (255 - state.support) - bad * state.support) >> 8
    support -= params.support_learned * state.support * learns
    none, rest = narrow(0), resting_trust(person, params)
    return (
        _drawn(state.risk, narrow(risk), params.risk_decay, none, _bits(draws, 0)),
        _drawn(state.detection, narrow(detection), params.detection_decay, none, _bits(draws, 8)),
        _drawn(state.trust, narrow(trust), params.trust_decay, rest, _bits(draws, 16)),
        _drawn(state.support, support, 0, 0, _bits(draws, 24)),
        learns,
    )


@kernel
def drift(opinion, conviction, voices, openness, u, params):
    """Private opinion after a day: one step up, one down, or none.

    voices: the share of contacts heard to be critical; openness: how fast, in
    256ths, by age. A step up takes the lower part of the draw, one down the upper.
    """
    pulled = conviction - opinion
    up = params.drift_voices * voices * (255 - opinion) >> 24
    down = params.drift_official * opinion >> 8
    home = params.drift_home * abs(pulled) >> 8
    up = (up + (home if pulled > 0 else 0)) * openness >> 8
    down = (down + (home if pulled < 0 else 0)) * openness >> 8
    return narrow(min(255, max(0, opinion + (u < up) - (_ALL - u < down))))


@kernel
def openness(age, params):
    """How fast private opinion drifts at an age, in 256ths."""
    grown = params.open_middle if age < 60 else params.open_old
    return params.open_young if age < 30 else grown


@kernel
def overnight(traits, state, heard, share, privileged, offended, draws, person, params):
    """A citizen's feelings this morning."""
    risk, detection, trust, support, learns = feel(
        state, heard, share, privileged, offended, draws, person, params
    )
    opinion = drift(
        state.opinion,
        traits.conviction,
        voices_heard(heard, share),
        openness(traits.age, params),
        draws.drift,
        params,
    )
    return Feelings(
        risk, detection, trust, support, opinion, state.standing | KNOWS * narrow(learns)
    )  # fmt: skip
