"""What contacts showed yesterday reaches everyone by morning: the second half of stage 6.

Feelings move by what is heard and are drawn back to where they rest; private
opinion drifts by single steps whose chance is the drift's speed; some learn of
penalties. Everyone is asked the same, so this is vector code: no branches, no
reads but the citizen's own.

    risk      up by the share of contacts penalised or named           (M18)
    detection up by the share caught                                    (M21)
    trust     up by promises kept among contacts, down by broken ones   (M21)
    support   up by perks and by offenders caught, down by penalties    (M22)
    opinion   up by the critical voices heard, down by official ones, and drawn
              to one's own conviction; the young drift faster           (M19)

Feelings are kept in 255ths: what a step leaves over is rounded by the day's luck.
"""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model.state import KNOWS, ONE
from underwatch.model.streams import LEARN, turned

_ALL = (1 << 32) - 1


class Feelings(NamedTuple):
    """What news can move; 0..255."""

    risk: int
    detection: int
    trust: int
    support: int
    opinion: int
    standing: int  # its bit KNOWS


@law
def _drawn(level, step, decay, rest, left_over):
    """A feeling moved by a step (in 65,536ths), drawn back to rest, rounded by chance."""
    exact = (level << 8) + step - ((level - rest) * decay >> 8)
    return min(255, max(0, (exact + left_over) >> 8))


@law
def feel(mine, heard, share, fast_lane, luck, rules):
    """Tomorrow morning's feelings. `luck.feeling` is four bytes, one for each feeling."""
    penalised = heard.penalised * share
    named = heard.named * share
    news = min(ONE, (penalised + named) * rules.news_passes >> 16)
    risk = (rules.risk_heard * penalised + rules.risk_named * named) >> 16
    detection = rules.detection_heard * (heard.caught * share) >> 16
    trust = (
        rules.trust_kept * (heard.kept * share) - rules.trust_broke * (heard.broke * share)
    ) >> 16  # fmt: skip
    support = (
        rules.support_caught * (heard.caught * share) - rules.support_heard * news
        + rules.support_perk * fast_lane * ONE
    ) >> 16  # fmt: skip
    knows = (mine.standing & KNOWS) != 0
    loyal = rules.support_rest - (rules.support_opinion * mine.opinion >> 8)
    rest = max(0, loyal - rules.support_knows * knows)
    return (
        _drawn(mine.risk, risk, rules.risk_decay, 0, luck.feeling & 255),
        _drawn(mine.detection, detection, rules.detection_decay, 0, luck.feeling >> 8 & 255),
        _drawn(mine.trust, trust, rules.trust_decay, rules.trust_rest, luck.feeling >> 16 & 255),
        _drawn(mine.support, support, rules.support_decay, rest, luck.feeling >> 24 & 255),
        news,
    )


@law
def drift(opinion, conviction, voices, openness, u, rules):
    """Private opinion after a day: one step up, one down, or none.

    voices: the share of contacts heard to be critical; openness: how fast, in
    256ths, by age. A step up takes the lower part of the draw, one down the upper.
    """
    pulled = conviction - opinion
    up = rules.drift_voices * voices * (255 - opinion) >> 24
    down = rules.drift_official * opinion >> 8
    home = rules.drift_home * abs(pulled) >> 8
    up = (up + home * (pulled > 0)) * openness >> 8
    down = (down + home * (pulled < 0)) * openness >> 8
    return min(255, max(0, opinion + (u < up) - (_ALL - u < down)))


@law
def openness(age, rules):
    """How fast private opinion drifts at an age, in 256ths."""
    grown = rules.open_middle if age < 60 else rules.open_old
    return rules.open_young if age < 30 else grown


@law
def overnight(me, mine, heard, share, fast_lane, luck, rules):
    """A citizen's feelings this morning."""
    risk, detection, trust, support, news = feel(mine, heard, share, fast_lane, luck, rules)
    voices = (heard.spoke + heard.petitioned + heard.protested) * share
    opinion = drift(
        mine.opinion, me.conviction, min(ONE, voices), openness(me.age, rules), luck.drift, rules
    )  # fmt: skip
    learns = (
        turned(luck.rare, LEARN) < rules.learn * news
    )  # a probability of 2^32 in two factors of 2^16
    return Feelings(
        risk, detection, trust, support, opinion, mine.standing | KNOWS * learns
    )  # fmt: skip
