"""Functions of a user's, at the top level of a module, as a study needs them."""

import numpy as np


def mean_risk(columns):
    """The mean perceived risk of all citizens."""
    return np.array(columns.risk).mean()


def forgiving(dossier, contacts):
    """A scoring rule in which only serious offences count."""
    return 1000 - 50 * dossier.serious_offence
