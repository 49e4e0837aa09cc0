"""What has happened to a citizen so far, one bit for each kind of event.

The bits are a measure: they hold truth and file together (`wrongfully_named`,
`false_record`), and no stage of a day reads them. They are kept with a
checkpoint and are no part of the state hash.
"""

from underwatch.kernel.compile import kernel

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
    "wrongfully_named": WRONGFULLY_NAMED,  # for another's act
    "dismissed": DISMISSED,  # by an employer who was notified of a naming
    "stopped": STOPPED,  # by the police
    "wrongfully_stopped": WRONGFULLY_STOPPED,  # no act of the citizen's own
    "false_record": FALSE_RECORD,  # the file gained a record that is not the citizen's own
    "false_alert": FALSE_ALERT,  # a camera took the citizen for somebody on the watch list
    "appealed": APPEALED,
    "appeal_upheld": APPEAL_UPHELD,
    "defaulted": DEFAULTED,  # on a loan
}


@kernel
def history_of(day):
    """The bits that one citizen's day adds to their history."""
    made, met, seen = day.made, day.met, day.seen
    placed, naming, wrong = made.placed, made.naming, day.misattributed
    false_records = (
        seen.read.misread | seen.told.falsely | seen.caught.bystander
        | wrong.face | wrong.name | wrong.crowd
    )  # fmt: skip
    return (
        LISTED * placed.listed
        + RESTRICTED_BY_SCORE * placed.scored_out
        + WRONGFUL_RESTRICTION * int(placed.wrongful > 0)
        + ASSOCIATION_ONLY * placed.by_association
        + NAMED * naming.named
        + WRONGFULLY_NAMED * naming.wrongly
        + DISMISSED * naming.dismissed
        + STOPPED * met.stopped
        + WRONGFULLY_STOPPED * (met.stopped - met.stopped_own)
        + FALSE_RECORD * int(false_records > 0)
        + FALSE_ALERT * seen.caught.alert * (1 - day.watched)
        + APPEALED * int((made.notice.appeals | met.appeals) > 0)
        + APPEAL_UPHELD * made.hearing.upheld
        + DEFAULTED * met.defaulted
    )
