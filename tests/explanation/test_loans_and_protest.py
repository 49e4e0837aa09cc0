"""Loans and protest in the life of one citizen: threshold, fatigue, and the lender's score."""

from underwatch.explanation.comparison import comparison
from underwatch.explanation.summary import profile_of
from underwatch.measurement.ledger import KINDS


def test_every_loan_granted_or_declined_is_explained_by_the_instalments_on_file(occurred):
    granted, declined = occurred("loan granted"), occurred("loan declined")
    assert granted and declined
    for _, event in (*granted, *declined):  # raises if the score does not give the decision
        basis = event.basis
        assert (basis["lender's score"] >= basis["granted from"]) == (event.what == "loan granted")
        assert basis["figures"]["credit.approved_from"] == basis["granted from"]
    assert ("loan declined", "lender", "application") in KINDS  # so the panel has them, too


def test_a_protest_names_threshold_others_and_fatigue(occurred):
    withheld = occurred("protest participation withheld")
    protests = [*withheld, *occurred("protest", "own act")]
    assert withheld and len(protests) > len(withheld)
    for who, event in protests:
        basis, act = event.basis, who.acts[event.day]
        assert 0 <= basis["threshold"] <= basis["threshold at the perceived risk"]
        assert 0 <= basis["share of the others who protested"] <= 1
        assert 0 <= basis["recent days of protest"] <= 15
        joins = basis["share of the others who protested"] >= basis["threshold"]
        assert act["would_protest"] and (joins or basis["chance left by them"] > 0)
    assert any(event.basis["recent days of protest"] for _, event in protests)


def test_the_last_evening_shows_threshold_fatigue_and_loan(everyone):
    who = next(each for each in everyone if each.adult_days[-1])
    profile = profile_of(who)
    labels = [label.strip() for label, _ in comparison([profile, profile])]
    for label in ("protest threshold", "recent days of protest", "instalments left"):
        assert label in labels
    assert 0 <= profile.final["protest threshold"] and profile.final["recent days of protest"] <= 15
