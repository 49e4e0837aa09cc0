"""Rules: a scenario's figures as the law reads them on one day, all integers.

Probabilities are thresholds of 2^32, shares and weights are 65,536ths, curves
are tables of 256. One RULES record holds between two dates of change.
"""

import numpy as np

_WORDS = (
    # live
    "hear_boost contradicting_share true_share buy_disfavoured buy_favoured minor_rate "
    "serious_rate elsewhere cure_barred cure_free good_rate flight_rate train_rate visa_rate "
    # sense
    "read_hit read_false shops_shared probed match_hit alert_hit late_reported good_seen "
    "register_missed register_mistyped "
    # files, score
    "halve_days scoring piloted base floor ceiling association hops_many "
    # decide
    "restrict_on line restrict_days score_bans list_on list_days list_bans watch_line "
    "visit_speech visit_serious privilege_line "
    # redress
    "notice appeals appeals_refused appeal_delay reverse_wrongful reverse_rightful correct "
    # respond
    "risk_removed risk_stopped risk_penalised risk_refused risk_heard risk_decay "
    "detection_caught detection_heard detection_decay "
    "trust_kept trust_broke trust_stopped trust_wronged trust_decay "
    # desks: places a day for each million people, in 65,536ths
    "court_desk police_desk appeal_desk"
).split()

RULES = np.dtype(
    [(w, "i8") for w in _WORDS]
    + [(w, "i8", (256,)) for w in ("post_rate", "chill", "deter", "miss_rate")]
    + [(w, "i8", (3,)) for w in ("watched_spots", "serious_cleared", "pass_checked", "observed")]
    + [("match_false", "i8", (4, 4)), ("alert_false", "i8", (4,)), ("points", "i8", (10,))]
)
