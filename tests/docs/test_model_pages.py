"""The ODD+D page, the pages of assumptions and the page of limits: whole, and those of the code."""

import dataclasses
import re
from functools import cache

import pytest

from underwatch.cli import assumption_pages, odd, pages, source_code
from underwatch.errors import UserError
from underwatch.report import limits, robustness
from underwatch.report.templates import template
from underwatch.scenario import Scenario
from underwatch.scenario.evidence import is_assumption
from underwatch.scenario.organs import organs

# The headings of ODD+D (Müller and others, 2013), the elements of ODD (Grimm and others, 2020).
ODD_D = """I.i Purpose|I.ii Entities, state variables and scales
I.iii Process overview and scheduling
II.i Theoretical and empirical background|II.ii Individual decision-making|II.iii Learning
II.iv Individual sensing|II.v Individual prediction|II.vi Interaction|II.vii Collectives
II.viii Heterogeneity|II.ix Stochasticity|II.x Observation|III.i Implementation details
III.ii Initialisation|III.iii Input data|III.iv Submodels""".replace("\n", "|").split("|")
ODD = """Purpose and patterns|Entities, state variables and scales|Process overview and scheduling
basic principles|emergence|adaptation|objectives|learning|prediction|sensing|interaction
stochasticity|collectives|observation|Initialization|Input data|Submodels"""
ODD = ODD.replace("\n", "|").split("|")


@cache
def protocol() -> str:
    return odd.odd_page()


def test_the_protocol_has_every_heading_in_order_and_maps_every_element():
    text = protocol()
    assert re.findall(r"^### (I+\.[ivx]+ .+)$", text, re.M) == ODD_D
    table = text.split("\n## I Overview")[0]
    assert [element for element in ODD if element not in table] == []
    parts = re.split(r"^### .+$", text, flags=re.M)[1:]
    assert [title for title, part in zip(ODD_D, parts, strict=True) if "**" not in part] == []
    assert "{{" not in text


def test_the_schedule_has_every_deciding_call_of_a_day_in_the_order_of_the_code():
    text = odd.schedule()
    body = (source_code.PACKAGE / "model" / "day.py").read_text("utf-8").split("def citizen_day")[1]
    body = body.split("\n@kernel")[0]
    calls = re.findall(r"\b([a-z_]+)\(", body)
    listed = re.findall(r"^\s*- `(\w+)`", text.split("`citizen_day`")[1], re.M)
    stages = ["act", "sense", "fuse", "assess", "decide", "lend", "meet", "respond"]
    assert [name for name in calls if name in stages] == stages
    assert [name for name in listed if name in stages] == stages
    after = ["serve_queues", "count_protesters", "review_ties", "turn_over_ties"]
    assert [name for name in listed if name in after] == after
    assert text.index("`deliver`") < text.index("`morning`") < text.index("`citizen_day`")


def test_every_compiled_module_of_the_model_and_every_organ_is_in_the_protocol():
    text = protocol()
    for path in (source_code.PACKAGE / "model").rglob("*.py"):
        module = ".".join(path.relative_to(source_code.PACKAGE).with_suffix("").parts)
        public = [f for f in source_code.functions(module).values()
                  if f.summary and not f.name.startswith("_")]  # fmt: skip
        assert all(f"`{f.name}(" in text for f in public), module
    for organ in organs():
        assert f"#### {organ.number} {organ.name}\n" in text
    for field in ("perceived risk of speaking", "how much risk weighs"):  # comments of the code
        assert field in text


def test_no_equation_names_what_the_model_does_not_have(monkeypatch, tmp_path):
    scenario = Scenario.load("atlantic-2018")
    assert odd.unknown_names(scenario) == {}
    for path in (pages.PAGES / "organs").glob("M*.md"):
        (tmp_path / "organs").mkdir(exist_ok=True)
        text = path.read_text("utf-8").replace("joining_by_word_per_year /", "joining_by_ear /")
        (tmp_path / "organs" / path.name).write_text(text, "utf-8")
    monkeypatch.setattr(pages, "PAGES", tmp_path)
    assert odd.unknown_names(scenario) == {"M4": ["joining_by_ear"]}


def test_every_assumption_has_one_entry_with_a_range_or_a_reason_and_its_source():
    site = assumption_pages.site()
    scenario = Scenario.load("atlantic-2018")
    assumed = [key for key, source in scenario.sources.items()
               if key not in ("title", "text") and is_assumption(source)]  # fmt: skip
    assert len(assumed) > 200
    text = "\n".join(part for uri, part in site.items() if uri != "assumptions/index.md")
    entries = dict(zip(
        re.findall(r"^### `([\w.]+)`", text, re.M),
        re.split(r"^### .+$", text, flags=re.M)[1:], strict=True,
    ))  # fmt: skip
    assert list(entries) == assumed
    for key, entry in entries.items():
        assert f"#{key})" in site["assumptions/index.md"]
        for line in ("- Value in", "- Range: ", "- Reason: ", "- Source: ", "- What it moves: "):
            assert entry.count(line) == 1, key
        assert entry.strip().split("\n")[0][:1] != "-", f"{key} has no meaning"


def test_an_entry_is_found_by_figure_section_or_organ_and_a_published_figure_is_none():
    page = assumption_pages.page("scoring.association")
    assert "- Range: 0.05 to 0.5 (stated by the scenario)." in page and "[M10]" in page
    assert "`without-association` 0" in page
    keys = {one.key for one in assumption_pages.chosen("m10")}
    assert "scoring.association" in keys and "society.homophily" in keys
    with pytest.raises(UserError, match="census_2020"):
        assumption_pages.page("cameras.gallery")
    with pytest.raises(UserError, match="did you mean scoring.association"):
        assumption_pages.page("scoring.asociation")


def test_an_entry_says_what_it_moves_or_that_this_is_not_computed(monkeypatch):
    moved, unmoved = (assumption_pages.chosen(key)[0] for key in
                      ("scoring.association", "ties.let_go"))  # fmt: skip
    fixed = assumption_pages.chosen("society.seed")[0]
    effect = robustness.FactorEffect(
        "association", ("scoring.association",), "0.05 to 0.5", 1.5, 1.2, 1.8, 1.5, 0.1
    )
    measure = robustness.Robustness(
        "stops", "Police stops", "stops", 9, 5, 15, 32, True, "", None, (effect,)
    )
    now = robustness.lasting_hash(Scenario.load("atlantic-2018").model_dump(mode="json"))
    wanted = {field.name: 0 for field in dataclasses.fields(robustness.Shipped)} | {
        "scenario": "atlantic-2018", "lasting_hash": now, "citizens": 4000, "days": 60,
        "varied": 999, "ranked": 999, "measures": {"stops": measure},
    }  # fmt: skip
    found = robustness.Shipped(**wanted)
    monkeypatch.setattr(robustness, "shipped", dict)
    assert assumption_pages.moves(moved) == "not computed: `underwatch sensitivity atlantic-2018`."
    monkeypatch.setattr(robustness, "shipped", lambda: {"atlantic-2018": found})
    sentence = assumption_pages.moves(moved)
    assert sentence.startswith("Police stops by 1.50 (1.20 to 1.80) stops (place 1).")
    assert "earlier version" not in sentence
    assert "none of the 1 measures" in assumption_pages.moves(unmoved)
    assert assumption_pages.moves(fixed) == "it is not varied."
    fewer = dataclasses.replace(found, ranked=47)
    monkeypatch.setattr(robustness, "shipped", lambda: {"atlantic-2018": fewer})
    assert assumption_pages.moves(unmoved).startswith("its own effect is not computed")
    old = dataclasses.replace(found, lasting_hash="")
    monkeypatch.setattr(robustness, "shipped", lambda: {"atlantic-2018": old})
    assert "for an earlier version of this scenario" in assumption_pages.moves(moved)


def test_the_limits_of_the_model_stand_on_every_page_of_results():
    sentences = limits.limits()
    assert len(sentences) >= 6 and all(one.endswith(".") for one in sentences)
    made = str(template("parts.html.j2").module.methods("How.", "", ""))
    assert all(str(template("parts.html.j2").environment.from_string("{{ t }}").render(t=one))
               in made for one in sentences)  # fmt: skip
    assert limits.COMMAND in made
    for name in ("report.html.j2", "verification.html.j2"):
        text = (source_code.PACKAGE / "report" / name).read_text("utf-8")
        assert "parts.methods(" in text
    text = (source_code.PACKAGE / "report" / "explanation.html.j2").read_text("utf-8")
    assert "parts.limits_of_the_model()" in text
