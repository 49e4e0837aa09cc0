"""The comparison with other libraries: the check of its rule, and what is drawn from its data."""

import re
from pathlib import Path

import numpy as np
import pytest
from bench.peers import on_numpy, rule
from bench.peers.environment import REQUIREMENTS
from bench.peers.peers import PEERS

from docs import peers

ROOT = Path(__file__).parents[2]


def test_a_peer_that_follows_the_rule_has_no_faults():
    assert rule.faults(on_numpy.Model) == []


class Late(on_numpy.Model):
    """Half of the agents already read what the others hold after the step."""

    def step(self, steps):
        for _ in range(steps):
            half = len(self.now) // 2
            self.now[:half] = self.after(self.now, self.chance)[:half]
            self.now[half:] = self.after(self.now, self.chance)[half:]


class SameDraws(on_numpy.Model):
    """The same agents flip in every step."""

    def step(self, steps):
        for _ in range(steps):
            self.now = self.after(self.now, np.random.default_rng(1))


def twice_the_flips(contacts, opinions, flips, seed):
    return on_numpy.Model(contacts, opinions, 2 * flips, seed)


def nine_contacts(contacts, opinions, flips, seed):
    return on_numpy.Model(contacts[:, :9], opinions, flips, seed)


@pytest.mark.parametrize(
    ("peer", "found"),
    [(Late, "without flips"), (nine_contacts, "without flips"),
     (twice_the_flips, "expected 200"), (SameDraws, "two steps in a row")],
)  # fmt: skip
def test_a_peer_that_does_something_else_is_refused(peer, found):
    assert any(found in fault for fault in rule.faults(peer))


@pytest.mark.long
def test_the_contact_read_of_the_engine_follows_the_rule():
    from bench.peers import on_underwatch

    assert rule.faults(on_underwatch.Model) == []


def test_page_chart_and_readme_show_the_data_that_was_kept():
    assert peers.PAGE.read_text("utf-8") == peers.page()
    assert peers.line() in (ROOT / "README.md").read_text("utf-8").splitlines()
    shown = re.findall(r">([^<]+)</text>", peers.FIGURE.read_text("utf-8"))
    assert all({row["title"], peers.millions(row)} <= set(shown) for row in peers.rows())


def test_the_data_are_those_of_today_s_peers_and_pinned_versions():
    rows = peers.measured()["peers"]
    assert [(row["key"], row["form"]) for row in rows] == [(p.key, p.form) for p in PEERS]
    pinned = dict(
        re.findall(r"^([\w-]+)(?:\[\w+\])?==(.+)$", REQUIREMENTS.read_text("utf-8"), re.M)
    )
    ours = {peer.key for peer in PEERS if peer.ours}
    for row in rows:
        if row["key"] not in ours:
            assert all(pinned[name] == number for name, number in row["versions"].items())
