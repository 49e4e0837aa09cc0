"""Worlds for tests of the day itself: parameters harsher than any scenario, simulated directly."""

import numpy as np

from underwatch.engine.population import first_world, own_ties
from underwatch.engine.threads import simulate_days
from underwatch.engine.vital import pass_month
from underwatch.engine.world import Panel, World
from underwatch.kernel.columns import as_columns, as_records
from underwatch.measurement.catalogue import NAMES, OPINION_CLASSES, STRATA
from underwatch.measurement.cohorts import OTHERS
from underwatch.measurement.ledger import empty_ledger
from underwatch.model.parameters import PARAMS
from underwatch.model.parameters.society import caps
from underwatch.model.society.vital import OLDEST
from underwatch.model.state import STATE
from underwatch.model.streams import MONTH

P = 1 << 32


def harsh() -> np.ndarray:
    """Parameters under which every branch is taken in a short test."""
    r = np.zeros(1, PARAMS)
    x = np.arange(256)
    r["post_rate"] = np.round(P * 0.1 * (x / 255) ** 3)
    r["message_rate"] = np.round(P * 0.08 * (x / 255) ** 3)
    r["petition_rate"] = np.round(P * 0.03 * (x / 255) ** 3)
    r["spark"] = np.round(P * 0.05 * (x / 255) ** 3)
    r["threshold"] = np.round(65536 * x / 512)
    r["tired"] = np.round(65536 * 0.7 ** np.arange(16))
    r["careful"] = np.round(65536 * np.exp(-x / 512))
    r["chill"] = r["deter"] = np.round(65536 * np.exp(-x / 64))
    r["miss_rate"] = np.round(P * 0.6 * (1 - x / 255))
    r["support_start"] = 217 - 77 * x // 256
    chances = dict(
        contradicting_share=0.3, true_share=0.5, buy_disfavoured=0.05, buy_favoured=0.05,
        minor_rate=0.05, serious_rate=0.0005, cure_barred=0.3, cure_free=0.1, good_rate=0.01,
        flight_rate=0.02, train_rate=0.04, read_hit=0.5, read_false=0.005, probed=0.8,
        match_hit=0.7, alert_hit=0.8, instalments_reported=0.95, good_seen=0.5,
        register_missed=0.05, register_mistyped=0.2, notice=0.8, appeals=0.8,
        appeals_refused=0.5, visa_rate=0.02, reverse_wrongful=0.7, reverse_rightful=0.1,
        foreign_visit_rate=0.02, occasion=0.5, join=0.6, post_filtered=0.2, protest_filtered=0.3,
        foreign_blocked=0.6, evasion_seen=0.4, petition_hit=0.6, reports=0.8, cap_slander=0.01,
        informer_known=0.5, mislinked=0.2, region_missed=0.1, region_mistaken=0.05,
        nation_missed=0.1, nation_mistaken=0.05, named=0.5, named_listed=0.4,
        employers_notified=0.6, dismissals=0.5,
        rehired=0.02, lapse=0.05, visit_speech=0.9, visit_serious=0.8, visit_assembly=0.7,
        messages_read=0.9, corrected_daily=0.01, foreign_moves=0.5, dissolve=0.5,
        join_alone=0.001, join_heard=0.05,
        drift_voices=0.5, drift_official=0.02, drift_home=0.05, review_confirms=0.8,
        review_errs=0.4, ties_end=0.05, ties_open=0.1, credit_applies=0.9,
        confirms_true=0.9, confirms_false=0.4,
        charged_rightful=0.4, warned_rightful=0.5, charged_wrongful=0.1, warned_wrongful=0.3,
    )  # fmt: skip
    shares = dict(
        hear_boost=1, sign_boost=3, elsewhere=0.1, risk_in_private=0.4, association=0.5,
        risk_heard=0.9, striving=0.4,
        spill=0.2, detection_heard=0.05, trust_kept=0.005, trust_broke=0.01,
        support_perk=0.005, support_kept=0.05, support_safety=0.01, support_boasts=0.02,
        support_news=0.02, support_broke=0.1, support_voices=0.05, support_offences=3,
        support_discount=0.3, support_learned=0.12,
        learn=0.2, news_passes=0.7, court_capacity=150, police_capacity=300, appeal_capacity=100,
        review_capacity=2000, shame=0.4, dissolve_points=0.004, threshold_loyal=0.0002,
        threshold_risk=0.002,
    )  # fmt: skip
    whole = dict(
        halve_days=90, scoring=1, piloted=256, base=1000, floor=0, ceiling=1300, restrict_on=1,
        line=985, restrict_days=30, score_bans=3, association_bans=1, speech_bans=7, list_on=1,
        list_days=40, list_bans=7, watch_line=1, watch_crimes=1, privilege_line=1010,
        appeal_delay=10, correct=1,
        ruling_holds=20, risk_removed=12, risk_stopped=58, risk_penalised=39, risk_own_name=30,
        detection_caught=39, trust_stopped=8, trust_wronged=12, trust_informed=9, trust_rest=128,
        trust_width=100, fatigue_days=20,
        support_bias=100, support_visa=12, support_penalised=25, open_young=512, open_middle=256,
        open_old=128, named_days=9, credit_base=600, credit_late=-30, credit_repaid=5,
        credit_line=603, credit_term=3, credit_wait=1, striving_reach=25,
        observed_home=1, observed_local=1, observed_online=1, compelled=5, shops_record=1,
        posts_handed=13, petitions_handed=7, messages_handed=15,
        precursor_on=1,
        private_base=550, private_floor=350, private_ceiling=950, private_late=-20,
        private_repaid=10, private_favoured=8, private_disfavoured=-8, private_connections=60,
        boast_line=560, boast_sociability=100, perk_line=570, region_every=7, nation_every=11,
        region_connected=200, nation_connected=150, market_every=5, platform_every=4,
    )  # fmt: skip
    decays = dict(risk_decay=0.01, detection_decay=0.01, trust_decay=0.005)
    for group, unit in ((chances, P), (shares, 65536), (decays, 1 << 24), (whole, 1)):
        for name, value in group.items():
            r[name] = round(value * unit)
    points = [-5, 1, -50, 1, -1, -10, -30, -5, -50, 10, -8, -6]
    for name, value in zip(PARAMS.names[PARAMS.names.index("late") :], points, strict=False):
        r[name] = value
    r["sees"], r["region_sees"], r["nation_sees"] = 4095, 4095, 4095 - (1 << 5)
    r["watched_spots"] = [round(P * c) for c in (0.1, 0.4, 0.8)]
    r["crowd_seen"], r["presence"] = round(P * 0.5), round(P * 0.9)
    r["serious_cleared"], r["pass_checked"] = round(P * 0.5), round(P * 0.05)
    r["looseness"] = [32768, 49152, 65536]
    r["match_false"] = np.round(P * np.linspace(0, 0.4, 32))[:, None, None]
    r["found_in_list"] = np.round(P * -np.expm1(-2e-5 * 2.0 ** np.arange(44)))
    r["resemblances"] = np.linspace(0, 2048, 1024)
    r["enrolled"], r["list_outsiders"], r["list_scaled_to"] = round(P * 0.002), 3, 5000
    r["vital"], r["conviction_spread"], r["heirs"], r["convictions"] = 1, 64, 128, x
    r["deaths"] = np.round(P * np.linspace(0.01, 0.2, OLDEST + 1))
    caps(r, 3)
    return r


def world_of(people, ties, params, seed) -> World:
    """A population on its first morning."""
    return first_world(as_columns(people), own_ties(ties), seed, params[0])


def simulate(people, ties, params, epochs, seed, chunk, first=0, world=None):
    """(world, states, tallies[day, stratum, measure]) after days first … len(epochs) − 1."""
    world = world or world_of(people, ties, params, seed)
    days = len(epochs) - first
    tallies = np.zeros((days, STRATA, len(NAMES)), np.int64)
    nobody = Panel(
        np.zeros(0, np.int64), empty_ledger(days, 0), np.zeros((18, 0, 0), np.uint64),
        np.zeros((0, 0), np.int64),
    )  # fmt: skip
    ends = [*range((first // MONTH + 1) * MONTH, len(epochs), MONTH), len(epochs)]
    for begin, end in zip([first, *ends], ends, strict=False):
        held, t = params[epochs[begin]], begin - first
        if begin and begin % MONTH == 0 and held["vital"]:
            tallies[t] += pass_month(world, begin, seed, held).counts
        here = slice(t, end - first)
        simulate_days(
            world, begin, end - begin, seed, np.asarray(epochs), params, chunk, tallies[here],
            np.zeros((end - begin, OTHERS + 1, OPINION_CLASSES), np.int64),
            np.zeros((end - begin, 4, 2), np.int64), nobody, 0, len(people),
        )  # fmt: skip
    return world, as_records(world.states, STATE), tallies
