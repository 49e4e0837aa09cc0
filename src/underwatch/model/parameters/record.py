"""The record of a day's parameters, and the part of it that the morning reads."""

from typing import NamedTuple

import numpy as np

from underwatch.model.sensing.galleries import COARSE, FACTORS, PARTS
from underwatch.model.society.people import MARKETS, PLATFORMS
from underwatch.model.society.vital import OLDEST

_LIFE = (
    "hear_boost sign_boost contradicting_share true_share risk_in_private "
    "occasion join threshold_loyal threshold_risk thresholds_listed heeds_district instigators "
    "buy_disfavoured buy_favoured serious_rate elsewhere cure_barred cure_free "
    "good_rate visa_rate flight_rate train_rate striving"
).split()
_SENSORS = (
    "post_filtered protest_filtered foreign_blocked evasion_seen "
    "posts_handed petitions_handed messages_handed "
    "shops_record read_hit read_false petition_hit messages_read probed match_hit alert_hit "
    "instalments_reported good_seen register_missed register_mistyped "
    "reports informer_known mislinked cap_checked list_outsiders list_scaled_to "
    "confirms_true confirms_false"
).split()
_FILES = (
    "region_sees region_every region_missed region_mistaken region_connected "
    "nation_sees nation_every nation_missed nation_mistaken nation_connected police_read"
).split()
_DECISIONS = (
    "score_bans association_bans speech_bans restrict_days list_on list_days list_bans "
    "visit_speech visit_serious visit_assembly lapse review_on review_confirms review_errs "
    "notice appeals appeals_refused appeal_delay reverse_wrongful reverse_rightful correct "
    "ruling_holds named named_listed named_days employers_notified dismissals rehired "
    "credit_on credit_base credit_late credit_repaid credit_line credit_term credit_wait "
    "credit_applies "
    "charged_rightful warned_rightful charged_wrongful warned_wrongful"
).split()
_RESPONSE = (
    "risk_removed risk_stopped risk_penalised risk_refused risk_own_name detection_caught "
    "trust_stopped trust_wronged trust_informed support_visa support_penalised foreign_moves "
    "dissolve dissolve_points shame ties_end ties_open "
    "vital conviction_spread heirs"
).split()
# Places a day for each million people, in 65,536ths.
_CAPACITIES = "court_capacity police_capacity appeal_capacity review_capacity".split()


class Night(NamedTuple):
    """The parameters of what is computed for everyone at once (model/morning.py)."""

    # overnight
    news_passes: int
    risk_heard: int
    spill: int
    risk_decay: int
    detection_heard: int
    detection_decay: int
    trust_kept: int
    trust_broke: int
    trust_decay: int
    trust_rest: int
    trust_width: int
    support_perk: int
    support_kept: int
    support_safety: int
    support_boasts: int
    support_news: int
    support_broke: int
    support_voices: int
    support_offences: int
    support_bias: int
    support_discount: int
    support_learned: int
    learn: int
    drift_voices: int
    drift_official: int
    drift_home: int
    open_young: int
    open_middle: int
    open_old: int
    fatigue_days: int
    # the state's score; the points of one record of each kind, 0 if not read
    scoring: int
    piloted: int
    opted_out: int
    base: int
    floor: int
    ceiling: int
    association: int
    observed_home: int
    observed_local: int
    observed_online: int
    score_reads: int  # LOCAL, REGION or NATION
    sees: int  # bits: the kinds of records that the state may read
    compelled: int  # bits: the marketplaces that hand purchases over
    late: int
    repaid: int
    default: int
    favoured: int
    disfavoured: int
    unpermitted: int
    contradicting: int
    minor: int
    serious: int
    good: int
    assembly: int
    evasion: int
    restrict_on: int
    line: int
    privilege_line: int
    watch_line: int
    watch_crimes: int
    enrolled: int  # on the watch list at random, of 2^32
    police_read: int
    halve_days: int
    corrected_daily: int
    # the private score
    precursor_on: int
    private_base: int
    private_floor: int
    private_ceiling: int
    private_late: int
    private_repaid: int
    private_favoured: int
    private_disfavoured: int
    private_connections: int
    boast_line: int
    boast_sociability: int
    perk_line: int
    striving_reach: int
    join_alone: int
    join_heard: int
    foreign_visit_rate: int
    minor_rate: int
    # upper bounds of anybody's probabilities: who is above all of them is inactive today
    lean: int  # a bound on the rise of criticism with opinion: constant, linear or square
    lean_linear: int
    lean_square: int
    cap_post: int
    cap_post_heard: int
    cap_sign: int
    cap_sign_heard: int
    cap_spark: int
    cap_march: int
    cap_message: int
    cap_purchase: int
    cap_purchase_striving: int
    cap_serious: int
    cap_visa: int
    cap_good: int
    cap_misread: int
    cap_slander: int
    cap_watched: int


_WORDS = [*_LIFE, *_SENSORS, *_FILES, *_DECISIONS, *_RESPONSE, *_CAPACITIES]
_NIGHT = [name for name in Night._fields if name not in _WORDS]
_TABLES = (
    "post_rate message_rate petition_rate spark threshold chill deter careful miss_rate "
    "support_start"
).split()
_PLACES = "watched_spots crowd_seen presence serious_cleared pass_checked looseness".split()

PARAMS = np.dtype(
    [(name, "i8") for name in (*_NIGHT, *_WORDS)]
    + [(name, "i8", (256,)) for name in _TABLES]
    + [(name, "i8", (3,)) for name in _PLACES]
    + [("tired", "i8", (16,)), ("market_every", "i8", (MARKETS,))]
    + [("platform_every", "i8", (PLATFORMS,))]
    + [("deaths", "i8", (OLDEST + 1,)), ("convictions", "i8", (256,))]
    + [("match_false", "i8", (COARSE, 4, 4)), ("found_in_list", "i8", (4, PARTS))]
    + [("resemblances", "i8", (FACTORS,))],
    align=True,  # a card reads fields that are not aligned byte by byte
)
