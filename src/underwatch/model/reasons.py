"""Why a citizen may be active today: bits, found in the morning for everyone at once.

What none of a citizen's reasons concerns cannot happen today, so the day does not ask for it.
Those who are active for the same reasons take the same branches, so they are simulated in a row.
"""

ACTIVE, BY_PURCHASE, BY_OFFENCE, BY_DEBT, BY_WRITING, BY_OTHER = (1 << bit for bit in range(6))
REASONS = 2 * BY_OTHER  # more than any combination
ANY = REASONS - 1
# Most of the active neither write nor have any other reason: nothing that they do is expression,
# and nothing is pending. Their combinations of reasons are the lowest.
EVERYDAY = ACTIVE | BY_PURCHASE | BY_OFFENCE | BY_DEBT
