"""Malformed scenarios, studies and command lines, drawn at random and by grammar.

Every case states whether it must be refused; of the others only that they end, and end well.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from underwatch.scenario.data import SCENARIOS, STUDIES
from underwatch.scenario.loading.schema import Shape
from underwatch.study.sweep.declaration import PLANS


class Case(NamedTuple):
    """A text with settings, or the arguments of a command in `settings` and no text."""

    kind: str
    text: bytes | None
    settings: tuple[str, ...]
    refused: bool  # whether it must be


BOMB = "&a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"k{n}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
)
# Texts that no reader of ours may accept: hostile, or not what YAML of ours is.
HOSTILE = (
    "title: !!bool foo", 'title: !!int ""', "title: !!python/object:os.system x", "x: &a\n <<: *a",
    "%YAML 1.0\n---\ntitle: x", "title: " + "[" * 900, "title: [" + "*a," * 200 + "]",
    "title: &a x\ntext: [" + "*a," * 200 + "]", f"society:\n  homophily: {BOMB}", "title: \x00",
    "title: x\ntitle: y", "- a\n- b", "", "3", "null", "---\na: 1\n---\nb: 2", "\ttitle: x",
    "title: {a: 1", "title: 'x", "title: |\n x\n\ty: [", "a: b: c", "society: {citizens: 1e999}",
    "society: {citizens: " + "9" * 400 + "}", "first_day: 2018-02-30", "last_day: 9999-12-31",
    "first_day: 0000-01-01", 'title: "\\ud800"', "? [a, b]\n: c", "extends: [a]", "extends: ''",
    "society:\n" + "".join(f"  k{n}: {n}\n" for n in range(3000)), "title: \ufeff\u2028\x85:\n -",
    "society: [1, 2]", "society: 3", "title: {x: y}", "first_day: {2018-01-01: 3}",
    "last_day: 2001-01-01", "title: <<", "<<: {citizens: 3}\nsociety: *x",
)  # fmt: skip
# Figures that are each accepted and do not fit together.
CONTRADICTIONS = (
    ("scoring.floor=5000", "scoring.ceiling=0"), ("scoring.base=5000",),
    ("society.share_under_15=1", "society.share_over_60=1"), ("society.share_over_60=0.9",),
    ("society.household_sizes=[0.5, 0.1]",), ("society.household_sizes=[0, 0, 0]",),
    ("society.group_shares=[0.5, 0.5, 0.5, 0.5]",), ("society.group_shares=[0, 0, 0, 0]",),
    ("society.market_shares=[0.1]",), ("society.share_urban=0.1", "society.share_metropolis=0.9"),
    ("life.minor_offences_per_year=366",), ("life.flights_per_year=300",),
    ("cameras.group_factors=[0, 0, 0, 0]",), ("restrictions.below=-999",),
    ("last_day=2014-01-01",), ("first_day=2020-12-31", "last_day=2020-12-30"),
    ("last_day=2400-01-01",), ("blacklist.days=65000",), ("society.density=1e308",),
    ("cameras.watch_list_gallery=1e30",), ("privileges.from_score=99999",),
    ("cameras.operating_curve.thresholds=[3, 2, 1]",), ("cameras.operating_curve.thresholds=[]",),
)  # fmt: skip

_TEXTS = (
    "many",
    "5 %",
    "0,8",
    "1 000",
    "1.000.000",
    "yes",
    "ja",
    "~x",
    "1e5x",
    "--",
    "é",
)
_NAMES = ("any.yaml", "./any.yaml", "../x", "/dev/zero", "~nobody-here/x.yaml", ".", "x" * 300,
          "x" * 300 + ".yaml", "pipe.yaml", "a\\0b", "atlantic")  # fmt: skip
_BYTES = (b"{", b"]", b": ", b"\n", b"*", b"&a ", b"-", b"\t", b"'", b"\xff", b"\0", b"9" * 50)


def of_documents(shape: Shape, base: str, chosen: random.Random) -> Iterator[Case]:
    """Endless cases of one kind of file. base: a shipped file that is extended or damaged."""
    folder = {"diffusion": STUDIES, "association": PLANS}.get(base, SCENARIOS)
    shipped = folder / f"{base}.yaml"
    whole = shipped.read_bytes()
    leaves = [(path, _leaf(shape, path)) for path in shape.leaves()]
    makers: list[Callable[[], Case]] = [
        lambda: _wrong_leaf(leaves, base, chosen),
        lambda: _wrong_leaf(leaves, base, chosen),
        lambda: _wrong_leaf(leaves, base, chosen),
        lambda: _wrong_name(leaves, base, chosen),
        lambda: Case("hostile text", _extending(base, chosen.choice(HOSTILE)), (), True),
        lambda: Case("hostile text alone", chosen.choice(HOSTILE).encode("utf-8", "surrogatepass"),
                     (), True),
        lambda: Case("damaged bytes", _damaged(whole, chosen), (), False),
        lambda: Case("damaged lines", _shuffled(whole, chosen), (), False),
        lambda: _circle(base, chosen),
    ]  # fmt: skip
    if folder is SCENARIOS:
        makers.append(lambda: _contradiction(base, chosen))
    while True:
        yield chosen.choice(makers)()


def _leaf(shape: Shape, path: tuple[str, ...]) -> Shape:
    for name in path:
        shape = shape.child(name)
    return shape


def _extending(base: str, text: str) -> bytes:
    if text.startswith(("%", "-", "?", "\t")) or text in ("", "3", "null"):
        return text.encode()
    return f"extends: {base}\n{text}\n".encode("utf-8", "surrogatepass")


def _wrong_leaf(leaves, base: str, chosen: random.Random) -> Case:
    """One figure with a value of another type, out of its range, or on an impossible date."""
    while True:
        path, leaf = chosen.choice(leaves)
        wrong = list(_wrong_values(leaf))
        if wrong:
            break
    value = chosen.choice(wrong)
    if leaf.is_dated and chosen.random() < 0.3:
        date = chosen.choice(["2018-13-01", "2018-02-30", "0000-01-01", "2018-1", "soon", "1e400"])
        good = leaf.example()
        value = {date: json.loads(good) if good and _is_json(good) else value}
    if chosen.random() < 0.3:
        written = value if isinstance(value, str) else _yaml(value)
        return Case("wrong value in --set", None, (f"{'.'.join(path)}={written}",), True)
    inner: Any = {"value": value, "source": "assumption: x"}
    for name in reversed(path):
        inner = {name: inner}
    text = f"extends: {base}\n" + _block(inner)
    return Case("wrong value", text.encode("utf-8", "surrogatepass"), (), True)


def _wrong_values(leaf: Shape) -> Iterator[Any]:
    """Values that a leaf must not accept."""
    parts, low, high = leaf.parts, *map(leaf.bound, ("ge", "le"))
    numeric = (int in parts or float in parts) and bool not in parts
    if str in parts or leaf.takes_mapping or leaf.expected() is None:
        return
    if numeric and list not in parts:
        yield from (*_TEXTS, True, False, [], [1, 2], "2018-01-01", float("nan"), float("inf"))
        if low is not None:
            yield from (low - 1, -1e308, -(10**400))
        if high is not None:
            yield from (high + 1, 1e308, 10**400)
        if float not in parts:
            yield from (0.5, 1.25, "1e-3", "10.000")
    elif bool in parts:
        yield from (3, -1, 0.5, "yes", "no", "ja", "on", [], [True], "True!")
    elif list in parts and int not in parts:
        yield from ("many", 3, True, [[[]]], [None], ["x", {}], {"a": 1}, [float("nan")])
    elif leaf.choices:
        yield from ("nowhere", 3, True, [leaf.choices[0]] * 2, {})
    elif not leaf.is_dated and "date" in leaf.expected():
        yield from ("soon", 3, "2018-02-30", "2018-13-01", [], "01.02.2018", "2018-01-01T25:00:00")


def _wrong_name(leaves, base: str, chosen: random.Random) -> Case:
    """A key that does not exist, near one that does."""
    path, _ = chosen.choice(leaves)
    name = path[-1]
    place = chosen.randrange(len(name))
    wrong = chosen.choice([
        name[:place] + name[place + 1 :], name[:place] + "x" + name[place:], name.upper() + "S",
        f"{name}.x", f" {name}_", "x" * 300, f"{name}\u200b", "\x1b[31m", "[a]", "source2",
    ])  # fmt: skip
    if wrong in {p[-1] for p, _ in leaves} | {p[-2] for p, _ in leaves if len(p) > 1} | {""}:
        wrong = "xyz"
    if chosen.random() < 0.3:
        return Case("unknown key in --set", None, (f"{'.'.join((*path[:-1], wrong))}=1",), True)
    inner: Any = {wrong: 1}
    for step in reversed(path[:-1]):
        inner = {step: inner}
    return Case("unknown key", f"extends: {base}\n{_block(inner)}".encode(), (), True)


def _contradiction(base: str, chosen: random.Random) -> Case:
    settings = chosen.choice(CONTRADICTIONS)
    return Case("contradiction", None, settings, True)


def _circle(base: str, chosen: random.Random) -> Case:
    text = f'extends: "{chosen.choice(_NAMES)}"\ntitle: x\n'
    return Case("extends nothing", text.encode(), (), True)


def _damaged(whole: bytes, chosen: random.Random) -> bytes:
    content = bytearray(whole)
    for _ in range(chosen.randrange(1, 6)):
        place = chosen.randrange(len(content))
        match chosen.randrange(4):
            case 0:
                content[place] ^= 1 << chosen.randrange(8)
            case 1:
                del content[place : place + chosen.randrange(1, 40)]
            case 2:
                content[place:place] = chosen.choice(_BYTES)
            case 3:
                content[place:] = content[place : place + chosen.randrange(200)]
    return bytes(content)


def _shuffled(whole: bytes, chosen: random.Random) -> bytes:
    lines = whole.splitlines(keepends=True)
    for _ in range(chosen.randrange(1, 4)):
        one, other = (chosen.randrange(len(lines)) for _ in range(2))
        match chosen.randrange(4):
            case 0:
                lines[one], lines[other] = lines[other], lines[one]
            case 1:
                lines.insert(one, lines[other])
            case 2:
                lines[one] = b"  " + lines[one]
            case 3:
                lines[one] = re.sub(rb"\d+", lambda found: found[0] * 3, lines[one], count=1)
    return b"".join(lines)


def _block(inner: dict[str, Any], indent: int = 0) -> str:
    """Nested mappings with one key each as YAML blocks, the innermost in flow style."""
    ((key, value),) = inner.items()
    name = json.dumps(key)
    if isinstance(value, dict) and len(value) == 1:
        return f"{' ' * indent}{name}:\n{_block(value, indent + 2)}"
    if isinstance(value, dict):
        flow = ", ".join(f"{k}: {_yaml(v)}" for k, v in value.items())
        return f"{' ' * indent}{name}: {{{flow}}}\n"
    return f"{' ' * indent}{name}: {_yaml(value)}\n"


def _yaml(value: Any) -> str:
    if isinstance(value, float) and value != value:
        return ".nan"
    if isinstance(value, float) and abs(value) == float("inf"):
        return ".inf" if value > 0 else "-.inf"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**300:
        return "-" * (value < 0) + "9" * 400
    return (
        value if isinstance(value, str) and re.fullmatch(r"[\w.+-]+", value) else json.dumps(value)
    )


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


# --- Command lines

WHOLES = ("", "abc", "1.5", "10.000", "-1", "-0x1", "9" * 400, "1e3", "nan", "inf", "0x10", "1,000",
          "1__0", "--", "\x1b[2J", "9" * 2000, "½", "٣", "1 0", "True")  # fmt: skip
PATHS = (".", "/", "", "..", "x" * 300, "a\0b", "taken.txt", "dangling", "full-folder",
         "taken.txt/x", "/proc/x", "/dev/null/x", "link-loop/x", "\ud800")  # fmt: skip
SETTINGS = ("", "=", "x", "=3", "a=b=c", "cameras", "cameras.uptime", "cameras.uptime=",
            "cameras.uptime=2", "cameras.uptime=&a [*a]", "cameras=3", "scoring.floor=10.000",
            "cameras.uptime=!!bool x", "\0=1", "title=[1]", "first_day=2018-02-30",
            "scoring.floor=" + "9" * 400, "source=x", "extends=unwatched",
            "scoring.floor=5000", "*=1", "cameras.*=1",
            "\x1b[31m=1")  # fmt: skip
DATES = ("9999-99-99", "soon", "", "2018", "2018-02-30", "-1", "0000-01-01", "1600-01-01",
         "9999-12-31")  # fmt: skip
WORDS = ("", ",", "nope", "M99", "M2,,M10", "M2,M2,nope", "\x1b[2J", "x" * 300, "\0", "=",
         "\u202e", "100+-", "--", "a b")  # fmt: skip


def of_commands(
    commands: dict[str, Any], good: dict[str, list[str]], chosen: random.Random
) -> Iterator[Case]:
    """Endless command lines, each with one argument or option that is wrong.

    commands: as typer has them, by name. good: arguments that each command accepts.
    """
    while True:
        name = chosen.choice([*good])
        options = [p for p in commands[name].params if p.opts[0].startswith("--")]
        match chosen.randrange(8):
            case 0:
                wrong = chosen.choice(["--nope", "-z", "--citizen=3x", "--out", "---", "--=3"])
                yield Case("unknown option", None, (name, *good[name], wrong), True)
            case 1:
                wrong = chosen.choice(["runn", "", "\x1b[2J", "run run", "--days", "-", "RUN"])
                yield Case("unknown command", None, (wrong, *good[name]), True)
            case 2:
                words = [chosen.choice([*WORDS, *PATHS]) for _ in range(chosen.randrange(1, 4))]
                yield Case("arguments", None, (name, *words), False)
            case _ if options:
                option = chosen.choice(options)
                yield _wrong_option(name, good[name], option, chosen)
            case _:
                yield Case("surplus argument", None, (name, *good[name], "surplus", "more"), False)


def _wrong_option(name: str, good: list[str], option: Any, chosen: random.Random) -> Case:
    text = option.opts[0]
    if option.is_flag:
        return Case("flag with a value", None, (name, *good, f"{text}=5"), True)
    if option.metavar == "<int>":
        value = chosen.choice(WHOLES)
        accepted = value == "-1" and text == "--limit"
        return Case("whole number", None, (name, *good, f"{text}={value}"), not accepted)
    if text in ("--out", "--picture", "--csv"):
        return Case("path", None, (name, *good, text, chosen.choice(PATHS)), True)
    if text == "--set":
        return Case("--set", None, (name, *good, text, chosen.choice(SETTINGS)), True)
    if text == "--diverge-on":
        return Case("date", None, (name, *good, text, chosen.choice(DATES)), True)
    refused = text in ("--measure", "--harm", "--benefit", "--organs", "--safeguards", "--budget")
    return Case("words", None, (name, *good, text, chosen.choice(WORDS)), refused)
