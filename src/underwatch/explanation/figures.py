"""Which figures of a scenario decide each kind of event."""

from datetime import date
from fnmatch import fnmatchcase

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Section

_SCORE = ("scoring.on", "scoring.share_of_places", "scoring.reads", "scoring.base",
          "scoring.association", "safeguards.wall", "safeguards.no_speech",
          "safeguards.no_association", "safeguards.opt_out")  # fmt: skip
_LINE = ("restrictions.below", "safeguards.score_line")
_BANS = ("blacklist.bans", "restrictions.bans", "restrictions.bans_for_association",
         "restrictions.bans_for_speech", "safeguards.proportionality")  # fmt: skip
_CAMERAS = ("cameras.per_1000_people", "cameras.share_covered_per_100.*", "cameras.uptime",
            "safeguards.coverage", "safeguards.match_threshold")  # fmt: skip
_MATCH = ("cameras.threshold", "cameras.miss_rate")
_LIST = ("cameras.watch_list_threshold", "cameras.miss_rate")
_FACES = ("cameras.false_match_rate", "cameras.gallery", "cameras.group_factors",
          "cameras.lookalike_spread", "cameras.double_in_group")  # fmt: skip
_CHILL = ("response.caution",)
_THRESHOLD = ("protest.threshold_mean", "protest.threshold_spread", "protest.threshold_of_loyal",
              "protest.threshold_of_risk", "protest.joining", "protest.fatigue",
              "protest.fatigue_half_life_days")  # fmt: skip
_LENDER = ("credit.lending", "credit.base", "credit.points.*", "credit.approved_from")
_HANDED = ("companies.keep_records", "companies.compelled", "companies.under_contract",
           "companies.days_between_marketplace_deliveries", "companies.mislinked")  # fmt: skip
_FLAGGED = ("companies.platforms_compelled", "companies.platforms_hand_over",
            "companies.days_between_platform_deliveries")  # fmt: skip

# By event, and where its cause matters, by event and cause.
DECIDED_BY: dict[str | tuple[str, str], tuple[str, ...]] = {
    "late instalment": ("scoring.points.late", "registers.instalments_reported"),
    "repaid instalment": ("scoring.points.repaid", "registers.instalments_reported"),
    "judgement": ("scoring.points.default", "blacklist.court_places_per_million_a_day",
                  "registers.judgement_missed", "registers.judgement_mistyped"),
    "favoured purchase": ("scoring.points.favoured", *_HANDED),
    "disfavoured purchase": ("scoring.points.disfavoured", *_HANDED),
    "unpermitted post": ("scoring.points.unpermitted", "platforms.read", *_FLAGGED),
    ("unpermitted post", "misread ordinary post"): (
        "scoring.points.unpermitted", "platforms.misread_per_year", *_FLAGGED),
    "contradicting post": ("scoring.points.contradicting", "platforms.read", *_FLAGGED),
    "private message": ("police.messages_read", "police.watch_after_posts", "police.reads",
                        "safeguards.no_speech"),
    "petition": ("scoring.points.assembly", "platforms.petitions_read", *_FLAGGED),
    "firewall evasion": ("scoring.points.evasion", "firewall.evasion_seen",
                                "firewall.foreign_sources_blocked"),
    "neighbour's report": ("scoring.points.unpermitted", "neighbours.reports"),
    ("neighbour's report", "false report"): (
        "scoring.points.unpermitted", "neighbours.lies_per_year"),
    "minor offence": ("scoring.points.minor_offence", "cameras.share_matched", *_CAMERAS,
                      *_MATCH),
    ("minor offence", "another person's face"): (
        "scoring.points.minor_offence", "cameras.share_matched", *_CAMERAS, *_MATCH, *_FACES),
    "protest": ("scoring.points.assembly", "cameras.protests_matched", *_CAMERAS, *_MATCH,
                *_THRESHOLD),
    ("protest", "another person's face"): (
        "scoring.points.assembly", "cameras.protests_matched", *_CAMERAS, *_MATCH, *_FACES),
    ("protest", "bystander"): (
        "scoring.points.assembly", "cameras.passers_by_recorded", *_CAMERAS),
    "serious offence": ("scoring.points.serious_offence", "registers.serious_cleared.*"),
    "good deed": ("scoring.points.good_deed", "registers.good_deeds_seen"),
    "alert": ("cameras.passes_checked_per_day", "police.watch_after_posts",
              "police.watch_after_serious_offences", "police.enrolled_at_random", "police.reads",
              *_CAMERAS, *_LIST),
    ("alert", "mistaken for a listed person"): (
        "cameras.passes_checked_per_day", "cameras.watch_list_threshold",
        "cameras.watch_list_false_match_rate", "cameras.watch_list_scaled_to",
        "cameras.watch_list_outsiders", "cameras.group_factors", "cameras.lookalike_spread",
        *_CAMERAS),
    "listed": ("blacklist.on", "blacklist.days"),
    "restricted by score": (*_SCORE, *_LINE, "restrictions.on", "restrictions.days",
                            "safeguards.proportionality", "safeguards.review",
                            "tiers.regional.connected", "tiers.regional.mistaken",
                            "tiers.national.connected", "tiers.national.mistaken"),
    "restriction not confirmed": (*_SCORE, *_LINE, "review.confirms", "review.errs",
                             "safeguards.review"),
    "restriction ended": ("blacklist.on", "blacklist.days", "restrictions.on",
                          "restrictions.days"),
    "named in public": ("naming.offenders", "naming.listed"),
    "dismissed": ("naming.employers_notified", "naming.dismissed"),
    "re-employed": ("naming.jobless_half_life_days",),
    "stopped": ("police.visit_for_posts", "police.visit_for_assembly",
                "police.visit_for_serious_offences", "police.operator_confirms_true",
                "police.operator_confirms_false", "police.places_per_million_a_day",
                "police.lapse_half_life_days", "safeguards.no_speech"),
    "warned": ("police.warned_rightful", "police.warned_wrongful"),
    "charged": ("police.charged_rightful", "police.charged_wrongful"),
    "flight refused": _BANS, "train refused": _BANS, "visa refused": _BANS,
    "visa with privileged access": ("privileges.from_score", "precursor.perks_from"),
    "notified of a restriction": ("redress.notice", "safeguards.notice"),
    "file corrected": ("redress.corrects_file", "safeguards.correction"),
    "appeal filed": ("redress.appeals_after_notice", "redress.appeals_after_refusal"),
    "appeal heard": ("redress.delay_days", "redress.places_per_million_a_day",
                     "redress.reversed_wrongful", "redress.reversed_rightful",
                     "safeguards.appeal"),
    "post withheld": _CHILL, "petition signature withheld": _CHILL,
    "foreign visit withheld": _CHILL,
    "message withheld": (*_CHILL, "response.risk_felt_in_private"),
    "protest participation withheld": (*_CHILL, *_THRESHOLD),
    "loan granted": _LENDER, "loan declined": (*_LENDER, "credit.declined_months"),
    "minor offence deterred": ("response.deterrence", "response.detection_felt_elsewhere"),
}  # fmt: skip
# Records of which data minimisation drops some; court and police records are exempt.
MINIMISED = ("late instalment", "repaid instalment", "unpermitted post", "contradicting post",
             "petition", "firewall evasion", "neighbour's report", "minor offence",
             "protest", "good deed")  # fmt: skip


def keys_of(what: str, cause: str) -> tuple[str, ...]:
    """The keys of the figures that decided an event; a key may hold `*`."""
    keys = DECIDED_BY.get((what, cause)) or DECIDED_BY.get(what, ())
    return (*keys, "safeguards.minimise") if what in MINIMISED else keys


def figures_on(scenario, day: date) -> dict:
    """Every figure of a scenario by its key, with its value on a day."""
    return dict(_walk(scenario, day, ""))


def _walk(section, day, prefix):
    for name, value in section:
        if isinstance(value, Section):
            yield from _walk(value, day, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value.on(day) if isinstance(value, Dated) else value


def values(figures: dict, keys) -> dict:
    """The figures of some keys; safeguards that are off are left out."""
    found = {}
    for key, value in figures.items():
        wanted = any(key == k or ("*" in k and fnmatchcase(key, k)) for k in keys)
        if wanted and not (key.startswith("safeguards.") and not value):
            found[key] = _plain(value)
    return found


def _plain(value):
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value
