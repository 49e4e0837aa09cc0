"""What a deployment file says, in sentences. Each function gives "" if the file is silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from underwatch.assessments.answers.figures import figure, plain, rounded
from underwatch.assessments.answers.forms import form
from underwatch.assessments.law import NO_ADVICE, in_sentences, in_words, law
from underwatch.assessments.result import Assessed, Figure
from underwatch.report.bands import scenario_sentence
from underwatch.scenario.evidence import sources_in_words

WHAT = {
    "watch-list camera": "a camera that compares every passing face with a watch list",
    "risk score": "a score that ranks cases by their risk and selects some for investigation",
    "citizen score": "a score that follows every citizen and decides on restrictions",
    "patrol allocation": "a rule that sends patrols to districts by recorded incidents",
}
WHO = {
    "watch-list camera": "people pass",
    "risk score": "cases are on file",
    "citizen score": "citizens act, and their acts are recorded",
    "patrol allocation": "incidents are discovered or reported",
}
DATA = {
    "watch-list camera": "The system reads the faces of all who pass and compares them with stored "
    "faces.",
    "patrol allocation": "The rule reads the recorded incidents of each district: those that "
    "patrols discovered, and those that residents reported.",
}
# What the hours of the period mean: a score has none.
_HOURS = {
    "watch-list camera": ", {hours} hours a day",
    "risk score": "; its reviewers work {hours} hours a day",
    "citizen score": "",
    "patrol allocation": ", {hours} hours a day",
}
STEPS = (
    ("list", "they are compared with a list"),
    ("accuracy", "the matcher reports or stays silent"),
    ("score", "a score is computed"),
    ("checks", "cases with the highest scores are checked"),
    ("allocation", "patrols are sent to where most incidents were recorded"),
    ("stops", "patrols stop people"),
    ("review", "a human confirms or dismisses what was found"),
    ("decisions", "a decision is taken"),
    ("appeals", "the decision can be contested"),
)


def title(assessed: Assessed) -> str:
    """What the deployment is called."""
    return assessed.deployment.title


def deployer(assessed: Assessed) -> str:
    """Who deploys it."""
    who = assessed.deployment.deployer
    return f"{who.name} ({who.country}; sector: {who.sector})."


def deployment(assessed: Assessed) -> str:
    """Who deploys what, where, and for how long."""
    who = deployer(assessed).removesuffix(".")
    return f"{who} uses {WHAT[assessed.deployment.kind]}. {place(assessed)} {period(assessed)}"


def place(assessed: Assessed) -> str:
    """Where it is used."""
    return f"Place: {_sentence(assessed.deployment.place)}"


def purpose(assessed: Assessed) -> str:
    """The purpose, as declared."""
    return f"Purpose, as declared: {_sentence(assessed.deployment.purpose)}"


def period(assessed: Assessed) -> str:
    """The period of use, and how often."""
    made = assessed.deployment.period
    first = in_words(date.fromisoformat(made.first_day))
    text = f"It is in use for {made.days:,} days from {first}{_HOURS[assessed.deployment.kind]}."
    text = text.format(hours=f"{made.hours_per_day:g}")
    get = assessed.deployment.get
    passes, cases, rounds = (
        get(f"people.{name}") for name in ("passes_per_day", "cases", "rounds_per_year")
    )
    if isinstance(passes, Figure):
        text += f" Passes a day: {figure(passes)}."
    if isinstance(cases, Figure) and rounds:
        often = "once" if rounds == 1 else f"{rounds} times"
        text += f" It ranks {figure(cases)} cases {often} a year."
    patrols = get("allocation.patrols")
    if patrols:
        text += f" Patrols a day: {patrols}."
    return text


def process(assessed: Assessed) -> str:
    """The steps from a person to a decision, and what the file says of each."""
    sections = assessed.deployment.sections
    steps = [WHO[assessed.deployment.kind]]
    steps += [words for name, words in STEPS if name in sections]
    chain = f"The process has {len(steps)} steps: {'; '.join(steps)}."
    parts = (chain, review(assessed), decisions(assessed))
    return " ".join(part for part in parts if part)


def people(assessed: Assessed) -> str:
    """The groups of people who are subject to the system."""
    get = assessed.deployment.get
    groups = get("people.groups") or get("people.shares")
    if not isinstance(groups, Mapping):
        return districts(assessed)
    named = []
    for name, entry in groups.items():
        share = entry.get("share") if isinstance(entry, Mapping) else entry
        text = entry.get("text") if isinstance(entry, Mapping) else None
        size = f" {figure(share, percent=True)}" if isinstance(share, Figure) else ""
        named.append(f"{name}{size}{f', {text}' if text else ''}")
    return (
        f"Groups among the people who are subject to it: {'; '.join(named)}. {_visitors(assessed)}"
        "Everybody who passes or is on file is affected, whether or not the system reports "
        "anything."
    )


def _visitors(assessed: Assessed) -> str:
    """The kinds of visitors, and how many people their passes make: what shows a wrong unit."""
    passes = assessed.deployment.get("people.passes_per_day")
    kinds = assessed.deployment.get("people.visitors")
    if not isinstance(passes, Figure) or not isinstance(kinds, Mapping):
        return ""
    named = []
    for name, kind in kinds.items():
        share, often = kind["share_of_passes"].value, kind["passes_per_year"].value
        made = rounded(365 * passes.value * share / often)
        named.append(
            f"{name}, {plain(100 * share)} % of the passes, {plain(often)} passes a year each, so "
            f"about {made} people"
        )
    return f"Visitors: {'; '.join(named)}. "


_PILOT = ("citizens", "scenario")
_OF_SCENARIO = ("restricted_now", "wrongful_share", "trust")  # measures of a run


def districts(assessed: Assessed) -> str:
    """The districts that patrols are sent to, and the group whose burden is asked for."""
    named = assessed.deployment.get("people.districts")
    if not isinstance(named, Mapping):
        citizens, nation = (assessed.deployment.get(f"pilot.{key}") for key in _PILOT)
        if citizens is None:
            return ""
        return f"It is simulated on {citizens:,} invented citizens of the scenario {nation}."
    parts = [
        f"{name}, {figure(each['residents'])} residents, {figure(each['of_group'], percent=True)} "
        "of the group"
        for name, each in named.items()
    ]
    group = assessed.deployment.get("people.group")
    return f"Group: {group}. Districts: {'; '.join(parts)}. Everybody who lives there is affected."


def watch_list(assessed: Assessed) -> str:
    """The list: how long, by which rule, which categories."""
    size = assessed.deployment.get("list.size")
    if size is None:
        return ""
    text = f"The list holds {figure(size)} faces."
    rule = assessed.deployment.get("list.rule")
    text += f" Rule, as declared: {_sentence(rule)}" if rule else ""
    kinds = assessed.deployment.get("list.categories")
    if isinstance(kinds, Mapping) and kinds:
        named = [f"{k} {figure(v)}" for k, v in kinds.items()]
        rest = size.value - sum(one.value for one in kinds.values())
        named += [f"in no stated category {plain(rest)}"] if rest > 0 else []
        text += f" Categories: {', '.join(named)}."
    share = assessed.deployment.get("list.share_of_passes")
    return (
        f"{text} People on it make {figure(share, percent=True)} of the passes." if share else text
    )


def data(assessed: Assessed) -> str:
    """The data that the system reads."""
    return DATA.get(assessed.deployment.kind) or score_sources(assessed)


def accuracy(assessed: Assessed) -> str:
    """The matcher and its threshold, as declared."""
    get = assessed.deployment.get
    text = f"Algorithm, as declared: {_sentence(get('accuracy.algorithm'))}" if get(
        "accuracy.algorithm") else ""  # fmt: skip
    threshold = get("accuracy.threshold")
    text += f" Threshold in use: {float(threshold):g}." if threshold is not None else ""
    points = get("accuracy.curve")
    if isinstance(points, Mapping):
        parts = (
            f"{float(point['threshold']):g}: {figure(point['false_match_rate'])} and "
            f"{figure(point['miss_rate'], percent=True)}"
            for point in sorted(points.values(), key=lambda point: float(point["threshold"]))
        )
        text += f" False-match rate and miss rate by threshold: {'; '.join(parts)}."
    described = (_sentence(get(f"{name}.text")) for name in ("score", "labels", "allocation"))
    texts = (text, *described)
    return " ".join(each for each in texts if each).strip()


def review(assessed: Assessed) -> str:
    """The human review, as declared."""
    get = assessed.deployment.get
    text = _sentence(get("review.text"))
    true, false = get("review.true_confirmed"), get("review.false_confirmed")
    if true is not None and false is not None:
        text += (
            f" The reviewer confirms {figure(true, percent=True)} of true reports and lets "
            f"{figure(false, percent=True)} of false ones through."
        )
    return text.strip()


def decisions(assessed: Assessed) -> str:
    """What is decided, and what it does to a person."""
    text = _sentence(assessed.deployment.get("decisions.text"))
    effects = assessed.deployment.get("decisions.consequences")
    if isinstance(effects, Iterable) and not isinstance(effects, str) and effects:
        text += f" Consequences for the person: {', '.join(map(str, effects))}."
    return text.strip()


def appeals(assessed: Assessed) -> str:
    """How a decision can be contested, as declared."""
    get = assessed.deployment.get
    text = _sentence(get("appeals.text"))
    filed, upheld = get("appeals.filed_if_wrong"), get("appeals.upheld_if_wrong")
    if filed is not None and upheld is not None:
        text += (
            f" Of wrong decisions {figure(filed, percent=True)} are contested, and "
            f"{figure(upheld, percent=True)} of these appeals are upheld."
        )
    return text.strip()


def law_of(assessed: Assessed) -> str:
    """The state of the law that the file declares, with its date."""
    state = law()
    lines = [f"State of the law on {in_words(state.as_of)}. {NO_ADVICE}"]
    for key in assessed.deployment.legal_regime:
        act = state.acts.get(key)
        if act is None:
            lines.append(f"{key}: declared by the file; no state of it is known here.")
        else:
            lines.append(f"{act.name}: {' '.join(in_sentences(act, state.as_of))}")
    return "\n\n".join(lines)


def place_in_ai_act(assessed: Assessed) -> str:
    """The point of Annex III and the questions of Article 5 for this kind of deployment."""
    kind = assessed.deployment.kind
    asked = ", ".join(law().article_5[kind])
    return (
        f"For a deployment of this kind the AI Act has Annex III, {law().annex_iii[kind]}; its "
        f"facts raise questions under Article {asked}."
    )


def cross_references(assessed: Assessed) -> str:
    """Which fields of Article 27(1) of the AI Act ask what Article 35(7) of the GDPR asks."""
    pairs = [
        f"{field.id} with {' and '.join(field.beside)}"
        for field in form("eu-fria").fields
        if field.beside
    ]
    return f"Fields that a data protection impact assessment answers as well: {', '.join(pairs)}."


def score_sources(assessed: Assessed) -> str:
    """What a score is made of, as declared: its features or its points."""
    for path in ("score.features", "features", "scoring.points", "score.points"):
        entry = assessed.deployment.get(path)
        if isinstance(entry, Mapping) and entry:
            return f"The score is made of, as declared: {', '.join(map(str, entry))}."
    made = _sentence(assessed.deployment.get("score.text"))
    return f"The score, as declared: {made}" if made else ""


def self_learning(assessed: Assessed) -> str:
    """Whether the system learned from data, in the two words of the Dutch form."""
    made = assessed.deployment
    learned = made.kind == "watch-list camera" or made.get("labels") is not None
    return "zelflerend" if learned else "niet-zelflerend"


def published(assessed: Assessed) -> str:
    """The published figures that the file uses, each once."""
    used: dict[str, None] = {}
    for one in assessed.deployment.figures.values():
        if not one.assumed and not one.source.startswith("document"):
            used[one.source.partition(", assumption")[0]] = None
    named = (sources_in_words(source) for source in used)
    return f"Published figures that the file uses: {'; '.join(named)}." if used else ""


def assumptions(assessed: Assessed) -> str:
    """How many figures are assumptions, and what those of the scenario leave, if there is one."""
    total = len(assessed.deployment.figures)
    text = f"{assessed.deployment.assumptions} of {total} figures of the file are assumptions."
    scenario = assessed.deployment.get("pilot.scenario")
    return f"{text} {scenario_sentence(str(scenario), _OF_SCENARIO)}" if scenario else text


def fitted(assessed: Assessed) -> str:
    """Which figures of the file were fitted, so that what they were fitted to is not predicted.

    A share of passes stands there as the prevalence that it is.
    """
    listed = []
    for path, held in assessed.deployment.figures.items():
        if "fitted to" not in held.source:
            continue
        rare = path == "list.share_of_passes" and held.value > 0
        value = f"1 in {plain(round(1 / held.value))} passes" if rare else plain(held.value)
        what = held.source.removeprefix("assumption: ")
        listed.append(f"{path}, {value} ({what})")
    if not listed:
        return ""
    return (
        f"Fitted, so that the run does not predict what they were fitted to: {'; '.join(listed)}."
    )


def reproduce(assessed: Assessed) -> str:
    """The line that reproduces every number."""
    return f"Reproduce every number with: {assessed.provenance.command}"


def _sentence(text: Any) -> str:
    """A text of the file with a full stop; "" for none."""
    words = " ".join(str(text or "").split())
    return words if not words or words[-1] in ".!?" else f"{words}."
