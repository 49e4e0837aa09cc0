"""The state of a page is its address, its Python text and its hash."""

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import underwatch as uw
from helpers.lab import lab
from underwatch.lab.state import State

_STATES = st.builds(
    State,
    scenario=st.sampled_from(["atlantic-2018", "rongcheng", "met-lfr"]),
    other=st.sampled_from(["unwatched", "safeguarded"]),
    citizens=st.integers(1_000, 200_000),
    days=st.none() | st.integers(30, 3_000),
    seed=st.integers(0, 2**53 - 1),
    without=st.lists(st.integers(1, 23).map("M{}".format), max_size=4).map(tuple),
    with_=st.dictionaries(
        st.sampled_from([*uw.safeguards()]), st.sampled_from([0, 0.25, 0.5, 1]), max_size=3
    ),
    set=st.dictionaries(
        st.sampled_from(["scoring.association", "cameras.uptime"]),
        st.floats(0, 1).map(lambda share: round(share, 6)),
    ),
    measure=st.sampled_from(["restricted", "risk"]),
    day=st.none() | st.integers(0, 3_000),
    citizen=st.none() | st.integers(0, 200_000),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with lab(tmp_path_factory.mktemp("state"), processes=0) as found:
        yield found


@settings(max_examples=20)
@given(_STATES)
def test_an_address_restores_the_exact_state(state):
    again = State.from_query(state.query())
    assert again.query() == state.query() and len(state.query()) < 600
    assert again.model_copy(update={"days": None}) == state.model_copy(update={"days": None})
    assert again.length == state.length


def test_a_state_without_changes_has_an_empty_address():
    assert State().query() == "" and State(days=2393).query() == ""


@pytest.mark.parametrize("query", ["with=appeal", "with=appeal:2", "set=a", "citizens=1e9",
                                   "seed=-1", "without=M99", "without=M010", "scenario=x",
                                   "set=society.seed:3", "set=title:x", "hex=٣"])  # fmt: skip
def test_an_address_with_a_wrong_value_is_refused(query):
    with pytest.raises((uw.UserError, ValueError)):
        State.from_query(query).scenarios()


@pytest.mark.parametrize("address, word", [
    ("/assess?system=nothing", "no such system"), ("/assess?answer=title", "a question and a text"),
    ("/assess?answer=accuracy.treshold:1", "did you mean accuracy.threshold"),
    ("/assess?answer=title@low:1", "title has no low"), ("/assess?seeds=4", "seeds"),
    ("/assess?answer=legal_regime:gdpr,nothing", "nothing"),
    ("/assess?answer=title:" + "x" * 2_001, "2,000 characters"),
    ("/assess?" + "&".join(["answer=title:x"] * 201), "200 answers"),
    ("/life?group=E", "group"), ("/life?happened=nothing", "happened"), ("/life?order=x", "order"),
    ("/why?share=trust:M7", "no measure with organs"), ("/why?share=trust:M7.M25", "M25"),
    ("/why?share=trust:" + ".".join(f"M{k}" for k in range(7, 13)), "2 to 5"),
    ("/why?verdict=right", "verdict"), ("/why?search=" + "x" * 101, "100 characters"),
    ("/worlds?chart=nothing", "not a measure"),
])  # fmt: skip
def test_what_an_address_asks_of_a_page_is_checked_in_one_sentence(client, address, word):
    page = client.get(address)
    assert page.status_code == 422 and word in unescape(page.text)


def test_both_worlds_have_the_same_people_whatever_is_changed():
    for state in (State(scenario="met-lfr"), State(set={"society.homophily": 0.3}),
                  State(scenario="south-wales-2017", other="safeguarded", days=30)):  # fmt: skip
        watched, other = state.scenarios().values()
        assert watched.society == other.society and watched.first_day == other.first_day


def test_equal_worlds_share_a_hash_and_other_seeds_do_not():
    assert State(measure="risk", day=3, hex=2).hash == State().hash
    same = State(**{"with": {"appeal": 0.5}}).hash
    assert same == State(set={"safeguards.appeal": 0.5}).hash
    assert len({State(seed=k).hash for k in range(3)}) == 3
