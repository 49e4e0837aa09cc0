"""A few requests of every route, drawn from the description that the lab gives of itself."""

from harness.lab_schema import tried


def test_no_request_that_the_description_suggests_breaks_the_lab(tmp_path):
    counts, faults = tried(tmp_path, examples=3)
    assert not faults, "\n".join(faults)
    assert {"200", "404", "422"} <= set(counts)
