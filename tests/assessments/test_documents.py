"""The document: findings first, every number from the assessment, one file without a network."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.assessed import station
from underwatch.assessments.answers import answer
from underwatch.assessments.document import document_html, write, write_document
from underwatch.assessments.document.chart import picture
from underwatch.assessments.document.content import content
from underwatch.assessments.document.tables import marked
from underwatch.assessments.result import Estimate, Finding
from underwatch.assessments.wording import ranged, with_range
from underwatch.errors import UserError
from underwatch.report.verified import verified_of

STATION = station()
SVG = '<svg viewBox="0 0 1 1"></svg>'
PAGE = document_html(STATION, lambda specs: [SVG for _ in specs])


def test_the_first_page_has_the_deployment_three_findings_and_one_chart():
    summary = PAGE[PAGE.index('id="summary"') : PAGE.index('id="figures"')]
    assert "City police" in summary and summary.count("<svg") == 1
    assert all(each.sentence in summary for each in STATION.findings)
    assert "highest for group D and lowest for group A" in summary


def test_the_title_of_the_chart_gives_a_ratio_only_with_its_interval():
    drawn = {each.group: each for each in STATION.estimates if each.threshold == 0.62}
    quotient = drawn["D"].value / drawn["A"].value
    known = Estimate("group_ratio", "Ratio", "times", quotient, threshold=0.62, input_low=8.1,
                     input_high=31.2, kind="both", note="too few events (9)")  # fmt: skip
    title = picture(station(estimates=(*STATION.estimates, known))).title
    assert title.endswith("for group D 15.6 times as high (8.1 to 31.2) as for group A")


def test_a_finding_that_no_run_could_check_is_marked_on_the_first_page_with_what_it_means():
    few = Estimate("falsely_alerted_repeatedly", "Twice", "people", 0.6, input_low=0.1,
                   input_high=4.9, kind="both", note="too few events (2)")  # fmt: skip
    assert ranged(few, "") == with_range(few, "") == "0.6 (0.1 to 4.9; closed form alone)"
    found = (Finding(f"{ranged(few, '')} of them are met twice."),)
    summary = str([*content(station(findings=found)).sections[0].blocks])
    assert "0.6 (0.1 to 4.9)\\xa0* of them" in summary
    assert "* closed form alone, the runs had fewer than 30 events" in summary


def test_every_field_is_there_with_its_class():
    words = " ".join(re.sub(r"<[^>]+>", " ", PAGE).split())
    for given in answer(STATION, "eu-fria"):
        assert given.id in words and given.label in words
    assert PAGE.count("<abbr") >= 12


def test_the_page_is_stamped_and_requests_nothing():
    assert PAGE.count(STATION.stamp) == 3  # and below each printed sheet
    assert not re.search(r"https?://|<script|<img|url\(", PAGE)
    assert STATION.provenance.command in PAGE


def test_the_limits_name_the_verification_and_the_page_on_what_the_model_cannot_tell():
    assert f"{verified_of(['M12'])} (underwatch verify)." in PAGE
    assert "not tested 42" in PAGE
    assert "stands on a page of its own: underwatch model limits." in PAGE


def test_assumptions_are_listed_first_among_the_inputs():
    inputs = PAGE[PAGE.index("Inputs and their sources") :].replace("<wbr>", "")
    assert inputs.index("people.passes_per_day") < inputs.index("accuracy.found")


def test_a_docx_holds_the_same_words_and_the_stamp_in_its_footer(tmp_path):
    import docx

    file = write_document(STATION, tmp_path / "station.docx")
    made = docx.Document(str(file))
    words = "\n".join(each.text for each in made.paragraphs)
    for each in answer(STATION, "eu-fria"):
        assert all(marked(part) in words for part in each.text.split("\n\n"))
    assert made.sections[0].footer.paragraphs[0].text.startswith(f"{STATION.stamp} Page ")
    assert len(made.inline_shapes) == 1 and len(made.tables) >= 4


def test_a_docx_is_navigable_and_read_aloud_in_its_language(tmp_path):
    import docx
    from docx.oxml.ns import qn

    made = docx.Document(str(write_document(STATION, tmp_path / "station.docx")))
    body = made.element.body
    marks = {each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))}
    links = {each.get(qn("w:anchor")) for each in body.iter(qn("w:hyperlink"))}
    assert links and links <= marks
    assert {each.get(qn("w:val")) for each in made.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert made.inline_shapes[0]._inline.docPr.get("descr")
    for table in made.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert abs(sum(column.width.mm for column in table.columns) - 178) < 1
    levels = [int(each.style.name[-1]) for each in made.paragraphs if "Heading" in each.style.name]
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    footer = made.sections[0].footer._element
    assert {each.get(qn("w:instr")) for each in footer.iter(qn("w:fldSimple"))} == {
        "PAGE", "NUMPAGES",
    }  # fmt: skip


def test_a_title_with_markup_and_control_characters_stays_text(tmp_path):
    odd = station(deployment=replace(STATION.deployment, title="<b>A & B</b>\x07"))
    page = document_html(odd, lambda specs: [SVG for _ in specs])
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in page and "<b>" not in page
    assert write_document(odd, tmp_path / "odd.docx").exists()


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(UserError, match="neither .html nor .docx"):
        write_document(STATION, Path(tmp_path / "station.pdf"))


def test_without_the_library_of_word_files_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "find_spec", lambda _: None)
    with pytest.raises(UserError, match="needs the library python-docx"):
        write_document(STATION, tmp_path / "station.docx")


def test_a_document_that_cannot_be_written_is_a_sentence(tmp_path):
    for name in ("there/station.html", "there/station.docx"):
        with pytest.raises(UserError, match="cannot be written"):
            write_document(STATION, tmp_path / name)


def test_what_rests_on_too_few_events_is_neither_drawn_nor_ranked():
    few = tuple(
        replace(each, kind="run", note="too few events (3)", input_low=None, input_high=None)
        for each in STATION.estimates
    )
    page = document_html(station(estimates=few), lambda specs: [SVG for _ in specs])
    assert "Which inputs move alerts on people who are on the list is not known" in page
    assert "as high as" not in page and "What each safeguard changes" not in page
