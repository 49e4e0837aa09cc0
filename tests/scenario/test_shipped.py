"""What is kept of a shipped file is what its text holds, in the same lines."""

import tomllib

import pytest
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from underwatch.measurement.catalogue import TABLE
from underwatch.scenario import reading, shipped_files
from underwatch.scenario.data import CENSUSES, DATA, SCENARIOS, STUDIES
from underwatch.scenario.evidence import FIGURES
from underwatch.scenario.loading import documents

FILES = (
    SCENARIOS / "atlantic-2018.yaml", SCENARIOS / "thaw.yaml", CENSUSES / "china-2020.yaml",
    STUDIES / "diffusion.yaml", DATA / "assessments" / "station.yaml",
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(caches):
    """Where this process keeps what it reads: nothing yet, on disk or in memory."""
    documents._parsed.cache_clear()
    yield caches / "shipped"
    documents._parsed.cache_clear()


def parsed(path):
    """A document, as a process reads it that has read nothing before."""
    documents._parsed.cache_clear()
    return documents.parse(path.read_text("utf-8"), path.name, path.resolve(), [])


def everything(node):
    """What a document holds: each value, the type by which it is told apart, and its line."""
    if isinstance(node, CommentedMap | CommentedSeq):
        keys = node if isinstance(node, CommentedMap) else range(len(node))
        lines = node.lc.data or {}
        return node.lc.line, [(key, lines.get(key), everything(node[key])) for key in keys]
    return type(node), node, getattr(node, documents._WRITTEN, None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_next_process_finds_the_same_values_in_the_same_lines(path, folder, monkeypatch):
    first = parsed(path)
    assert len([*folder.iterdir()]) == 1
    monkeypatch.setattr(documents, "_read", None)  # the text is not read again
    assert everything(parsed(path).root) == everything(first.root)


def test_a_file_of_the_users_own_is_never_kept(tmp_path, folder):
    own = tmp_path / "own.yaml"
    own.write_text("title: mine\n")
    assert parsed(own).root == {"title": "mine"}
    assert not folder.exists()


def test_a_damaged_file_is_replaced_and_said_once(folder, capfd):
    path = SCENARIOS / "thaw.yaml"
    whole = everything(parsed(path).root)
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert everything(parsed(path).root) == whole
    assert "is damaged" in capfd.readouterr().err
    assert everything(parsed(path).root) == whole and not capfd.readouterr().err


def test_every_figure_has_the_line_in_which_it_stands(folder):
    first = reading("atlantic-2018").origins
    documents._parsed.cache_clear()
    assert reading("atlantic-2018").origins == first
    text = (SCENARIOS / "atlantic-2018.yaml").read_text("utf-8").splitlines()
    name, _, line = first["cameras.uptime"].partition(":")
    assert name == "scenarios/atlantic-2018.yaml" and "uptime" in text[int(line) - 1]


def test_a_disk_that_is_full_costs_nothing_but_time(folder, monkeypatch):
    from underwatch.storage import text_cache

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(text_cache, "write_whole", full)
    assert parsed(SCENARIOS / "thaw.yaml").root["title"]
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize("path", (TABLE, FIGURES), ids=lambda path: path.stem)
def test_a_table_is_kept_as_it_stands(path, folder, monkeypatch):
    expected = tomllib.loads(path.read_text("utf-8"))
    assert shipped_files.read_toml(path) == expected
    monkeypatch.setattr(shipped_files, "tomllib", None)  # the text is not read again
    assert shipped_files.read_toml(path) == expected


def test_a_table_that_has_changed_is_read_again(tmp_path, folder):
    table = tmp_path / "table.toml"
    for number in (1, 2):
        table.write_text(f"number = {number}")
        assert shipped_files.read_toml(table) == {"number": number}
