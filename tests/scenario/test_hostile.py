"""Files and settings of a stranger: a sentence, soon, and never a crash."""

import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from underwatch.errors import MOST_PROBLEMS, Problem, UserError, printable
from underwatch.scenario import Scenario
from underwatch.study.diffusion.declaration import Study


def refused(name, *given_settings, load=Scenario.load):
    started = time.perf_counter()
    with pytest.raises(UserError) as caught:
        load(name, given_settings)
    assert time.perf_counter() - started < 10
    text = str(caught.value)
    assert len(caught.value.problems) <= MOST_PROBLEMS + 1 and len(text) < 60_000
    assert all(line.isprintable() for line in text.splitlines())
    return text


BOMB = "&a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"k{n}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("title: !!bool foo", 1, "tags such as !!bool"),
        ('title: !!int ""', 1, "tags such as !!int"),
        ("cameras: &a\n  <<: *a", 2, "*a stands inside what &a marks"),
        ("%YAML 1.0\n---\ntitle: x", 1, "lines such as %YAML"),
        ("title: " + "[" * 5000, 1, "nest deeper than 24 levels"),
        ("title: x\n" + "".join(" " * n + "a:\n" for n in range(90)), 25, "nest deeper than 24"),
        ("title: [" + "*a," * 200 + "]", 1, "what * names has not been marked"),
        ("title: &a x\ntext: [" + "*a," * 200 + "]", 2, "more than 100 aliases"),
        ("".join(f"k{n}: 1\n" for n in range(100_000)), 10_000, "more than 20,000 keys"),
        ("# comment\n" * 200_000, 1, "too large"),
        ("extends: atlantic-2018\nsociety: {citizens: " + "9" * 400 + "}", 2, "of 401 digits"),
        ("extends: atlantic-2018\nlast_day: 9999-12-31", 2, "is a date such as"),
        ("extends: ../../x", 1, "the path of a file ends in .yaml"),
        ("extends: /dev/zero.yaml", 1, "there is no file"),
        ("extends: x\0y", 1, "control character"),
        ('extends: atlantic-2018\ntitle: "\\ud800"', 2, "half of a character"),
        ("title: \ttext: &x\n\t- a: [", 1, "this is not YAML"),
    ],
)
def test_a_hostile_text_is_refused_at_its_line(tmp_path, monkeypatch, text, line, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(text)
    message = refused("mine.yaml")
    assert message.startswith(f"mine.yaml:{line}: ") and sentence in message
    refused("mine.yaml", load=Study.load)


def test_an_alias_bomb_is_not_expanded(tmp_path):
    (tmp_path / "bomb.yaml").write_text(f"extends: atlantic-2018\nsociety:\n  homophily: {BOMB}")
    refused(str(tmp_path / "bomb.yaml"))
    bomb = "[&a [1,1,1,1,1,1,1,1,1,1]" + "".join(
        f",&{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]" for n in range(9)
    )
    assert "more than 20,000 values" in refused("atlantic-2018", f"cameras.uptime={bomb}]")
    assert "stands inside" in refused("atlantic-2018", "cameras.uptime=&a [*a]")


def test_only_regular_files_are_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    assert "is a folder" in refused("folder.yaml")
    assert "device or a pipe" in refused("pipe.yaml") and "device" in refused("zero.yaml")
    assert "cannot be opened" in refused("loop.yaml")
    assert "a link to a file that does not exist" in refused("gone.yaml")
    for name in ("~nobody-here/x.yaml", "x" * 300, "x" * 300 + ".yaml", "a\0b", "a\0b.yaml", "",
                 ".", "/", "../x", "\x1b[31m"):  # fmt: skip
        refused(name)


def test_the_case_of_the_suffix_does_not_matter(tmp_path):
    (tmp_path / "upper.YAML").write_text("extends: atlantic-2018\ntitle: Trial\n")
    assert Scenario.load(tmp_path / "upper.YAML").title == "Trial"


def test_control_characters_become_visible_in_messages():
    assert printable("\x1b[2J\x07\x9b\u202e\u2028é😀\n") == r"\x1b[2J\x07\x9b\u202e\u2028é😀\n"
    assert str(Problem("a\x1bb:1", "x\ny")) == r"a\x1bb:1: x\ny"
    text = refused("atlantic-2018", 'scoring.reads="\\e]0;owned\\a"', "\x1b[31m=1")
    assert r"\x1b]0;owned\x07" in text and r"\x1b[31m" in text


def test_problems_beyond_fifty_are_counted():
    error = UserError([Problem(None, str(n)) for n in range(1_234)])
    assert str(error).splitlines()[-1] == "and 1,184 more problems."
    assert len(error.problems) == MOST_PROBLEMS + 1


KEYS = st.sampled_from(
    ["cameras.uptime", "society.citizens", "scoring.floor", "first_day", "restrictions.bans",
     "title", "cameras.group_factors", "blacklist.days", "scoring.reads", "tiers.regional.sources",
     "scoring", "x", "", "<<", "extends", "source", "life.source"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["!!bool x", "!!binary z", "!x y", "&a [*a]", "*a", "9" * 5000, "1e400", ".nan", "{}", "[]",
         "{2018-01-01: 1}", "{2018-13-01: 1}", "{0001-01-01: .inf}", "10.000.000", "5 %", "0,8",
         "{value: 1, source: []}", "{source: x}", "{[a]: 1}", "2018-01-01T00:00:00Z", "12:30:45",
         "---", "%YAML 1.0", "|", "'", "[flights, flights]", "{a: {b: {c: 1}}}"]
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.dates().map(str),
        lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=12,
    ).map(repr),
)  # fmt: skip
LINES = st.lists(st.tuples(st.sampled_from(["", "  ", "\t", "- "]), KEYS, VALUES), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(LINES, st.lists(st.tuples(KEYS, VALUES), max_size=3))
def test_no_text_or_setting_ends_in_anything_but_problems(tmp_path_factory, lines, given_settings):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    text = "extends: atlantic-2018\n" + "".join(f"{i}{k}: {v}\n" for i, k, v in lines)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for load in (Scenario.load, Study.load):
        try:
            load(path, [f"{key}={value}" for key, value in given_settings])
        except UserError as error:
            assert error.problems and "pydantic" not in str(error)


DEEP: list = []
DEEP.append(DEEP)


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.with_({"title": "\ud800"}),
        lambda world: world.with_({"cameras.uptime": DEEP}),
        lambda world: world.with_(None),
        lambda world: world.diff("unwatchd"),
        lambda world: Scenario.load("atlantic-2018", settings=5),
        lambda world: Scenario.load("atlantic-2018", over=[None]),
    ],
)
def test_odd_values_of_python_are_refused_with_a_sentence(change):
    with pytest.raises(UserError):
        change(Scenario.load("atlantic-2018"))
