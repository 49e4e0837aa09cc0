"""What has happened to a citizen so far, one bit for each kind of event.

The bits are a measure: they hold truth and file together (`wrongfully_named`,
`false_record`), and no stage of a day reads them. They are kept with a
checkpoint and are no part of the state hash. `tally.history_of` sets them.
"""

# Each bit is set on the first day of the event and never cleared.
(
    LISTED,
    RESTRICTED_BY_SCORE,
    WRONGFUL_RESTRICTION,
    ASSOCIATION_ONLY,
    NAMED,
    WRONGFULLY_NAMED,
    DISMISSED,
    STOPPED,
    WRONGFULLY_STOPPED,
    FALSE_RECORD,
    FALSE_ALERT,
    APPEALED,
    APPEAL_UPHELD,
    DEFAULTED,
) = (1 << bit for bit in range(14))

HISTORY = {
    "listed": LISTED,  # on the court blacklist
    "restricted_by_score": RESTRICTED_BY_SCORE,
    "wrongful_restriction": WRONGFUL_RESTRICTION,  # no act of the citizen's own
    "association_only": ASSOCIATION_ONLY,  # restricted because of contacts' scores alone
    "named": NAMED,  # in public
    "wrongfully_named": WRONGFULLY_NAMED,  # for another person's act
    "dismissed": DISMISSED,  # by an employer who was notified of a naming
    "stopped": STOPPED,  # by the police
    "wrongfully_stopped": WRONGFULLY_STOPPED,  # no act of the citizen's own
    "false_record": FALSE_RECORD,  # the file gained a record that is not the citizen's own
    "false_alert": FALSE_ALERT,  # a camera took the citizen for a person on the watch list
    "appealed": APPEALED,
    "appeal_upheld": APPEAL_UPHELD,
    "defaulted": DEFAULTED,  # on a loan
}
