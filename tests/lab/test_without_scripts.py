"""The lab for a reader without scripts: the numbers of both worlds, once they have finished."""

import time

from helpers.lab import SMALL, lab


def test_the_numbers_of_two_worlds_appear_without_a_script(tmp_path):
    with lab(tmp_path) as client:
        address = "/worlds?run=1&" + "&".join(f"{key}={value}" for key, value in SMALL.items())
        page = client.get(address).text
        assert 'http-equiv="refresh"' in page and "Share of lawful acts" not in page
        until = time.monotonic() + 120
        while 'http-equiv="refresh"' in page and time.monotonic() < until:
            time.sleep(0.5)
            page = client.get(address).text
        assert "Share of lawful acts withheld" in page and 'http-equiv="refresh"' not in page


def test_every_text_of_the_story_has_its_figures(tmp_path):
    with lab(tmp_path) as client:
        page = client.get("/").text
    assert "Everybody starts at 1,000 points" in page and "{" not in page.split("<script")[0]
