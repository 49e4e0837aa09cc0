"""The second half of stage 6: contacts' signals of yesterday move feelings and opinion overnight.

Feelings move with what is heard, and decay to a resting level. Private opinion
drifts by single steps, whose probability is the speed of the drift. Some people
learn of penalties. This is vector code: no branches, no reads of other citizens.

    risk      up by the share of contacts penalised or named           (M18)
    detection up by the share caught                                    (M21)
    trust     up by promises kept among contacts, down by broken ones   (M21)
    support   up by perks and by offenders caught, down by penalties    (M22)
    opinion   up by the critical voices heard, down by the official line, and
              towards the citizen's conviction; the young drift faster  (M19)

Feelings are kept in 255ths: the fraction of a step is rounded at random.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.state import KNOWS, ONE
from underwatch.model.streams import LEARN, rotated

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
    """A feeling moved by a step (in 65,536ths), decayed to rest, rounded at random."""
    exact = (level << 8) + step - ((level - rest) * decay >> 8)
    return min(255, max(0, (exact + left_over) >> 8))


@kernel
def feel(state, heard, share, privileged, draws, params):
    """The feelings after the night, and the news of penalties, in 65,536ths.

    `draws.feeling` holds four random bytes, one for each feeling.
    """
    penalised = heard.penalised * share
    named = heard.named * share
    news = min(ONE, (penalised + named) * params.news_passes >> 16)
    risk = (params.risk_heard * penalised + params.risk_named * named) >> 16
    detection = params.detection_heard * (heard.caught * share) >> 16
    trust = (
        params.trust_kept * (heard.kept * share) - params.trust_broke * (heard.broke * share)
    ) >> 16  # fmt: skip
    support = (
        params.support_caught * (heard.caught * share) - params.support_heard * news
        + params.support_perk * privileged * ONE
    ) >> 16  # fmt: skip
    knows = (state.standing & KNOWS) != 0
    loyal = params.support_rest - (params.support_opinion * state.opinion >> 8)
    rest = max(0, loyal - params.support_knows * knows)
    return (
        _drawn(state.risk, risk, params.risk_decay, 0, draws.feeling & 255),
        _drawn(state.detection, detection, params.detection_decay, 0, draws.feeling >> 8 & 255),
        _drawn(
            state.trust, trust, params.trust_decay, params.trust_rest, draws.feeling >> 16 & 255
        ),
        _drawn(state.support, support, params.support_decay, rest, draws.feeling >> 24 & 255),
        news,
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
    up = (up + home * (pulled > 0)) * openness >> 8
    down = (down + home * (pulled < 0)) * openness >> 8
    return min(255, max(0, opinion + (u < up) - (_ALL - u < down)))


@kernel
def openness(age, params):
    """How fast private opinion drifts at an age, in 256ths."""
    grown = params.open_middle if age < 60 else params.open_old
    return params.open_young if age < 30 else grown


@kernel
def overnight(traits, state, heard, share, privileged, draws, params):
    """A citizen's feelings this morning."""
    risk, detection, trust, support, news = feel(state, heard, share, privileged, draws, params)
    voices = (heard.spoke + heard.petitioned + heard.protested) * share
    opinion = drift(
        state.opinion,
        traits.conviction,
        min(ONE, voices),
        openness(traits.age, params),
        draws.drift,
        params,
    )
    # A probability of 2^32, as the product of two factors of 2^16.
    learns = rotated(draws.rare, LEARN) < params.learn * news
    return Feelings(
        risk, detection, trust, support, opinion, state.standing | KNOWS * learns
    )  # fmt: skip
