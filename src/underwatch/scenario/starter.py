"""A scenario to begin with: short, commented, and valid as it stands."""

from underwatch.errors import UserError, did_you_mean
from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.scenario import shipped
from underwatch.scenario.writing import quoted

_TEXT = """\
# A scenario for Underwatch. It states only what differs from the scenario that it extends.
#
#   underwatch run FILE        simulates it
#   underwatch show FILE       prints every figure with its source
#   underwatch compare {extends} FILE
#
# A figure that the extended scenario gives too may be stated without a source; it then counts as an
# assumption of this file. A figure that no extended scenario gives is refused without a source. To
# give a source, write {{value: 0.5, source: KEY}} with a key of the evidence, or
# {{value: 0.5, source: "assumption: why"}}.
#
# Every example below is commented out: as it stands, this is {extends} under another title.
extends: {extends}
title: {title}
text: What differs from {extends}, in a sentence or two.

# The period. Without these two lines it is the period of {extends}.
# first_day: 2014-06-14
# last_day: 2020-12-31

# How many invented citizens there are, and the seed of all random draws.
# A census gives ages, households and further shares of the population: `underwatch census` lists
# those that are shipped; the path of a .yaml file works, too. What is stated beside it replaces
# its figure.
# society:
#   census: eu-27-2021
#   citizens: {{value: 20000, source: "assumption: a size for a quick look"}}
#   seed: {{value: 2018, source: "assumption: arbitrary; any seed will do"}}

# A value may change with dates. Each holds from its date until the next; before the first date a
# number is 0, a switch is false and a list is empty.
# cameras:
#   uptime:
#     value: {{2014-06-14: 0.9, 2018-01-01: 0.95}}
#     source: "assumption: maintenance improves"

# A share or a probability is between 0 and 1: for 20 % write 0.2.
# scoring:
#   association: {{value: 0.1, source: "assumption: half the weight of {extends}"}}

# A switch is true or false, without quotes; a list is in [brackets].
# restrictions:
#   on: {{value: false, source: "assumption: a low score has no consequence"}}
#   bans: {{value: [flights], source: "assumption: flights only"}}

# Safeguards have a level from 0 (no change) to 1 (full).
# safeguards:
#   notice: {{value: 1, source: "assumption: everyone is notified"}}
"""


def starter_text(title: str = "My scenario", extends: str = "atlantic-2018") -> str:
    """The text of a commented scenario file that extends a shipped scenario.

    Raises UserError if there is no such scenario.

    Examples
    --------
    >>> 'title: "Fewer cameras"' in starter_text("Fewer cameras").splitlines()
    True
    """
    if not (SCENARIOS / f"{extends}.yaml").is_file():
        raise UserError(f"there is no scenario {extends}{did_you_mean(extends, shipped())}")
    return _TEXT.format(extends=extends, title=quoted(title))
