"""Stage 6: feelings, opinion and ties, as integers for the kernels."""

from math import sqrt

import numpy as np

from underwatch.model.parameters.society import mean_readiness
from underwatch.model.parameters.units import chance, daily, fine_decay, part, step
from underwatch.model.society.ties import OPEN, OUT_OF


def feelings(r, scenario, day):
    """Effects of contacts in 65,536ths, effects of own experience in steps of 255ths.

    Decays are shares lost a day, of 2^24.
    """
    feel = scenario.response
    r["news_passes"] = part(1 - scenario.firewall.news_of_penalties_hushed.on(day))
    r["risk_heard"], r["spill"] = part(feel.risk_from_contacts), part(feel.spill_between_fears)
    r["risk_decay"] = fine_decay(feel.risk_half_life_days)
    r["risk_removed"], r["risk_stopped"] = step(feel.risk_after_removal), step(feel.risk_after_stop)
    r["risk_penalised"] = step(feel.risk_after_restriction)
    r["risk_refused"] = step(feel.risk_after_refusal)
    r["risk_own_name"] = step(feel.risk_after_naming)
    r["detection_heard"] = part(feel.detection_from_contacts)
    r["detection_caught"] = step(feel.detection_after_own)
    r["detection_decay"] = fine_decay(feel.detection_half_life_days)
    r["trust_kept"], r["trust_broke"] = part(feel.trust_from_kept), part(feel.trust_from_broken)
    r["trust_stopped"] = step(feel.trust_after_stop)
    r["trust_wronged"] = step(feel.trust_after_wrong)
    r["trust_informed"] = step(feel.trust_after_informer)
    r["trust_decay"] = fine_decay(feel.trust_half_life_days)
    # Informers are common knowledge: trust returns to a lower level where neighbours report more.
    informers = scenario.neighbours.reports.on(day) * mean_readiness(scenario.society)
    r["trust_rest"] = max(0, round(128 - 255 * feel.trust_lost_to_informers * informers))
    r["trust_width"] = round(255 * sqrt(12) * feel.trust_spread)  # of a uniform distribution
    _support(r, scenario.support, scenario.society.conviction_skew)
    _opinion(r, scenario.opinion, day)
    ties = scenario.ties
    r["dissolve"] = chance(ties.let_go)
    r["shame"] = part(ties.cost_of_shame)
    r["dissolve_points"] = part(ties.cost_per_100_points / 100)
    r["ties_end"] = chance(ties.lost_per_month)
    # As many open as end where nobody refuses: ends · OPEN = opens · (OUT_OF − OPEN).
    r["ties_open"] = chance(ties.lost_per_month * OPEN / (OUT_OF - OPEN))
    r["looseness"] = part([ties.looseness_neighbours, ties.looseness_local, ties.looseness_online])


def _support(r, support, skew):
    # At the start, the share of adults who approve is above the middle; the others are critics.
    rank = (np.arange(256) / 255) ** (1 / skew)  # of a conviction among all convictions
    start = 0.5 + support.spread_at_start * (support.approving_at_start - rank)
    r["support_start"] = np.round(255 * np.clip(start, 0, 1))
    for name in ("kept", "safety", "news", "offences"):
        r[f"support_{name}"] = part(getattr(support, f"from_{name}"))
    r["support_perk"], r["support_boasts"] = part(support.from_perks), part(support.from_boasts)
    r["support_broke"], r["support_voices"] = part(support.from_broken), part(support.from_voices)
    r["support_bias"] = round(256 * support.bias_of_critics)
    r["support_discount"] = part(support.discounted_when_known)
    r["support_learned"] = part(support.lost_when_learning)
    r["learn"] = part(support.learning)
    r["support_visa"] = step(support.after_visa)
    r["support_penalised"] = step(support.after_penalty)


def _opinion(r, opinion, day):
    r["drift_voices"] = daily(opinion.steps_to_voices.on(day))
    r["drift_official"] = daily(opinion.steps_to_official.on(day))
    r["drift_home"] = daily(opinion.steps_to_conviction.on(day))
    for age in ("young", "middle", "old"):
        r[f"open_{age}"] = round(256 * getattr(opinion, f"openness_{age}"))
    r["foreign_moves"] = chance(opinion.foreign_source_moves)
