"""Stages 3 to 5: files, scores and decisions, as integers for the kernels."""

from underwatch.model.dossiers.records import KINDS, SOURCES
from underwatch.model.dossiers.tiers import LOCAL, NATION, REGION
from underwatch.model.parameters.sensors import on
from underwatch.model.parameters.units import chance, daily, decay, part
from underwatch.model.society.people import MARKETS, PLATFORMS
from underwatch.model.streams import MONTH

_BANS = {"flights": 1, "trains": 2, "visas": 4}
_OFFICES = {"local": LOCAL, "regional": REGION, "national": NATION, None: LOCAL}


def _enter(kind: str) -> set[str]:
    """Who enters records of a kind."""
    return {source for source, kinds in SOURCES.items() if kind in kinds}


def files(r, scenario, day):
    """Which records each office may read, and their points."""
    r["halve_days"] = scenario.files.half_life_days
    points = [p for _, p in scenario.scoring.points]
    closed = set(scenario.wall.closed_to.on(day) or ())
    open_ = [bool(_enter(kind) - closed) for kind in KINDS]
    for kind, p, is_open in zip(KINDS, points, open_, strict=True):
        r[kind] = p * is_open
    r["sees"] = sum(1 << k for k, is_open in enumerate(open_) if is_open)
    for name, tier in (("region", scenario.tiers.regional), ("nation", scenario.tiers.national)):
        connected = tier.connected.on(day)
        reach = set(tier.sources.on(day) or ()) - closed
        reaches = [bool(_enter(kind) & reach) for kind in KINDS]
        r[f"{name}_connected"] = round(connected * 256)
        r[f"{name}_every"] = tier.days_between_deliveries
        r[f"{name}_missed"] = chance(tier.missed)
        r[f"{name}_mistaken"] = chance(tier.mistaken)
        r[f"{name}_sees"] = sum(1 << k for k, up in enumerate(reaches) if up)
    r["shops_record"] = scenario.companies.keep_records.on(day)
    companies = on(scenario.companies, day)
    sharing = set(companies["compelled"] or ()) | set(companies["under_contract"] or ())
    r["compelled"] = _numbers(sharing)
    every = scenario.companies
    r["market_every"] = filled(every.days_between_marketplace_deliveries, MARKETS)
    r["platform_every"] = filled(every.days_between_platform_deliveries, PLATFORMS)
    r["mislinked"] = chance(every.mislinked)
    by = _numbers(companies["platforms_compelled"] or ())
    for what in ("posts", "petitions", "messages"):
        r[f"{what}_handed"] = by * (what in (companies["platforms_hand_over"] or ()))


def _numbers(companies) -> int:
    """A bit for each company of a list of numbers from 1 on."""
    return sum(1 << (k - 1) for k in set(companies))


def filled(values: list[int], size: int) -> list[int]:
    """A list of a given size; the last value stands for those that are not given."""
    return [*values, *[values[-1]] * (size - len(values))]


def scores(r, scenario, day):
    """The state's score and the private score."""
    scoring = on(scenario.scoring, day)
    r["scoring"] = scoring["on"]
    r["piloted"] = round(scoring["share_of_places"] * 256)
    r["base"], r["floor"], r["ceiling"] = scoring["base"], scoring["floor"], scoring["ceiling"]
    r["association"] = part(scoring["association"])
    for layer in ("home", "local", "online"):
        r[f"observed_{layer}"] = scoring[f"observed_{layer}"]
    r["score_reads"] = _OFFICES[scoring["reads"]]
    r["privilege_line"] = scenario.privileges.from_score.on(day)

    private = on(scenario.precursor, day)
    r["precursor_on"] = private["on"]
    for name in ("base", "floor", "ceiling"):
        r[f"private_{name}"] = private[name]
    for name, points in private["points"]:
        r[f"private_{name}"] = points
    r["private_connections"] = private["connections"]
    r["boast_line"], r["perk_line"] = private["boasting_from"], private["perks_from"]
    r["boast_sociability"] = 256 - round(256 * private["share_boasting"])
    r["join_alone"] = daily(private["joining_alone_per_year"])
    r["join_heard"] = daily(private["joining_by_word_per_year"])


def decisions(r, scenario, day):
    """Lists, score lines, police, naming and recourse."""
    blacklist, restrictions = on(scenario.blacklist, day), on(scenario.restrictions, day)
    police, redress = on(scenario.police, day), on(scenario.redress, day)
    naming, review = on(scenario.naming, day), on(scenario.review, day)
    r["list_on"], r["list_days"] = blacklist["on"], blacklist["days"]
    r["list_bans"] = _bans(blacklist["bans"])
    r["restrict_on"], r["restrict_days"] = restrictions["on"], restrictions["days"]
    r["line"] = restrictions["below"]
    r["score_bans"] = _bans(restrictions["bans"])
    r["association_bans"] = _bans(restrictions["bans_for_association"])
    r["speech_bans"] = _bans(restrictions["bans_for_speech"])
    r["review_confirms"], r["review_errs"] = chance(review["confirms"]), chance(review["errs"])
    r["watch_line"], r["police_read"] = police["watch_after_posts"], _OFFICES[police["reads"]]
    r["watch_crimes"] = police["watch_after_serious_offences"]
    r["enrolled"] = chance(police["enrolled_at_random"])
    r["confirms_true"] = chance(police["operator_confirms_true"])
    r["confirms_false"] = chance(police["operator_confirms_false"])
    r["visit_speech"] = chance(police["visit_for_posts"])
    r["visit_assembly"] = chance(police["visit_for_assembly"])
    r["visit_serious"] = chance(police["visit_for_serious_offences"])
    for outcome in ("charged", "warned"):
        for cause in ("rightful", "wrongful"):
            r[f"{outcome}_{cause}"] = chance(police[f"{outcome}_{cause}"])
    _credit(r, scenario.credit, day)
    r["lapse"] = decay(police["lapse_half_life_days"]) << 16
    r["named"], r["named_listed"] = chance(naming["offenders"]), chance(naming["listed"])
    r["named_days"], r["employers_notified"] = naming["days"], chance(naming["employers_notified"])
    r["dismissals"] = chance(naming["dismissed"])
    r["rehired"] = decay(naming["jobless_half_life_days"]) << 16
    r["notice"] = chance(redress["notice"])
    r["appeals"] = chance(redress["appeals_after_notice"])
    r["appeals_refused"] = chance(redress["appeals_after_refusal"])
    r["appeal_delay"], r["correct"] = redress["delay_days"], redress["corrects_file"]
    r["ruling_holds"] = redress["ruling_holds_days"]
    r["reverse_wrongful"] = chance(redress["reversed_wrongful"])
    r["reverse_rightful"] = chance(redress["reversed_rightful"])
    r["court_capacity"] = part(blacklist["court_places_per_million_a_day"])
    r["police_capacity"] = part(police["places_per_million_a_day"])
    r["appeal_capacity"] = part(redress["places_per_million_a_day"])


def _credit(r, credit, day):
    r["credit_on"], r["credit_base"] = credit.lending.on(day), credit.base
    r["credit_late"], r["credit_repaid"] = credit.points.late, credit.points.repaid
    r["credit_line"], r["credit_term"] = credit.approved_from, credit.instalments
    r["credit_wait"] = credit.declined_months
    r["credit_applies"] = chance(credit.applications_per_year * MONTH / 365.25)


def _bans(names) -> int:
    return sum(_BANS[name] for name in set(names or ()))
