"""The same day in plain Python: one invented citizen at a time, slowly, to be read.

The engine (src/underwatch) lives a million citizens a second and is hard to
read. This page says the same in ordinary words. A test lives a small nation
both ways and asks that every citizen ends exactly alike. It takes nothing from
the engine: people, contacts and rules are given as plain dictionaries.

The order of a day (M… are the organs of the table in the model's description):

1. live – every citizen acts, given who they are and yesterday's state. M7, M16, M17, M18, M21
2. sense – sensors turn acts into sightings, and some mistake the person. M11, M12, M14
3. fuse – sightings become a file of counts. M2, M3, M8
4. score – points for the file, and for the company one keeps. M1, M9, M10
5. decide – lines and lists become restrictions, calls and rulings. M14, M15, M16, M23
6. respond – what happened reaches the citizen; this alone makes tomorrow. M18, M21, M23
7. measure – truth and file held side by side; nothing reads a measure back.
In the evening the desks of court, police and appeals call who waits. M14, M23

How to read the numbers. A probability is written in 4,294,967,296ths (2**32),
a share, a weight or a feeling in 65,536ths, so that no computer rounds
differently from another: `share * 3 // 65_536` is "that share of three".
`a // b` is division without the remainder.
"""

from collections import Counter

CERTAIN = 2**32  # a probability of 1
WHOLE = 65_536  # a share of 1
FULLEST = 65_535  # the strongest feeling
HALF = 32_768  # where trust rests
MOST = 255  # a file counts no further
CHILDHOOD_ENDS = 18  # children have no law here, and nobody hears them
DISTRICT = 65_536  # people served by one court, one police, one appeal court
MILLION = 1_000_000

# What a file counts, in the order of the rules' points.
RECORDS = (
    "late", "repaid", "default", "favoured", "disfavoured",
    "unpermitted", "contradicting", "minor", "serious", "good",
)  # fmt: skip
MISTAKABLE = ("default", "unpermitted", "minor")  # records that may be somebody else's

MEMBERSHIPS = {"shops online": 1, "posts online": 2, "borrows": 4}
BANS = {"flights": 1, "trains": 2, "visas": 4}

# Points where this page and the engine read the model differently. `live` follows
# the model; name a point in `disputes` and it follows the engine there instead.
DISPUTES = {
    "removals unseen": "contacts see a removed post only if it was unpermitted, "
    "not if it contradicted the narrative or was misread",
    "wait inherited": "an appeal filed on the day another is heard inherits its wait",
    "own double": "a citizen may be mistaken for themselves",
}


# ---------------------------------------------------------------- chance is an address
# Every question that chance decides has its own number, and is answered by a fixed
# formula from (seed, question, day, person). Nothing else disturbs the answer.

POST, MISREAD, PURCHASE, MINOR_OFFENCE = 0, 1, 2, 3
SERIOUS_OFFENCE, FLIGHT, TRAIN, PASS_BY_CAMERA = 4, 5, 6, 7
POST_KIND, POST_READ, PURCHASE_SHARED = 8, 10, 11
OFFENCE_SPOT, FACE_MATCHED, FACE_OF_DOUBLE, FACE_RUN = 12, 13, 14, 15
SERIOUS_CLEARED = 16
REPAY, GOOD_DEED, GOOD_DEED_SEEN, INSTALMENT_REPORTED = 20, 21, 22, 23
JUDGEMENT_MISSED, JUDGEMENT_MISTYPED, APPEAL_AFTER_NOTICE, RULING = 24, 25, 26, 27
NOTICE, APPEAL_AFTER_REFUSAL, DESK_START, VISA = 28, 29, 30, 31
MIRROR_OF_FACES, MIRROR_OF_NAMES = 131_072, 131_073


def philox(a, b, c, d, key, other_key):
    """Four numbers below 2**32 from an address: Philox4x32-10 (Salmon and others, 2011)."""
    low = 0xFFFFFFFF
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ key, q & low, (p >> 32) ^ d ^ other_key, p & low
        key, other_key = (key + 0x9E3779B9) & low, (other_key + 0xBB67AE85) & low
    return a, b, c, d


def number(luck, question):
    """The number below 2**32 that chance gives to one question about one person today."""
    page, line = question // 4, question % 4  # four questions share one page of numbers
    if page not in luck["pages"]:
        seed, person = luck["seed"], luck["person"]
        luck["pages"][page] = philox(
            person % CERTAIN, person // CERTAIN, luck["day"], page, seed % CERTAIN, seed // CERTAIN
        )
    return luck["pages"][page][line]


def happens(luck, question, probability):
    """Whether chance says yes to a question that has this probability."""
    return number(luck, question) < probability


def luck_of(seed, day, person):
    """A person's luck on a day, looked up page by page as questions arise."""
    return {"seed": seed, "day": day, "person": person, "pages": {}}


# ---------------------------------------------------------------- who there is


def newborn_citizen(start_score):
    """A citizen on the first morning: an empty file, no fear, even trust."""
    return {
        "score": start_score,
        "perceived_risk": 0,  # of speaking, in 65,536ths
        "perceived_detection": 0,  # of being caught, in 65,536ths
        "trust": HALF,  # in others, in 65,536ths
        "blacklisted_until": None,  # a day
        "restricted_until": None,  # a day
        "file": {kind: 0 for kind in RECORDS},
        "not_their_own": {kind: 0 for kind in MISTAKABLE},  # how many of these are mistakes
        "overdue": 0,  # instalments missed in a row
        "in_default": False,
        "court": "no",  # "no", "waiting" (for a judgement) or "called"
        "police": "no",  # likewise: police are to call, or call today
        "police_for_own_act": False,
        "appeal": "no",  # likewise: filed, or heard today
        "why_blacklisted": set(),  # of "own act", "wrong record", "court list"
        "why_restricted": set(),  # of "own act", "wrong record", "association"
        "days_since_appeal": 0,
    }


def as_record(citizen):
    """The citizen as the engine's record of 23 numbers.

    A date that is not set is 0. Number 21, `standing`, adds up: 1 in default;
    2 waiting for the court, 4 called by it; 8 police to call, 16 police calling;
    32 appeal waiting, 64 appeal called; 128 police for an own act. Number 22,
    `reasons`, adds up: 1 own act, 2 wrong record, 4 association, 8 court list –
    for the blacklist as they are, for the score restriction sixteen times.
    """
    standing = 1 * citizen["in_default"] + 128 * citizen["police_for_own_act"]
    standing += {"no": 0, "waiting": 2, "called": 4}[citizen["court"]]
    standing += {"no": 0, "waiting": 8, "called": 16}[citizen["police"]]
    standing += {"no": 0, "waiting": 32, "called": 64}[citizen["appeal"]]
    worth = {"own act": 1, "wrong record": 2, "association": 4, "court list": 8}
    reasons = sum(worth[why] for why in citizen["why_blacklisted"])
    reasons += 16 * sum(worth[why] for why in citizen["why_restricted"])
    return (
        citizen["score"], citizen["perceived_risk"], citizen["perceived_detection"],
        citizen["trust"], citizen["blacklisted_until"] or 0, citizen["restricted_until"] or 0,
        *(citizen["file"][kind] for kind in RECORDS),
        *(citizen["not_their_own"][kind] for kind in MISTAKABLE),
        citizen["overdue"], standing, reasons, citizen["days_since_appeal"],
    )  # fmt: skip


def is_adult(person):
    return person["age"] >= CHILDHOOD_ENDS


def belongs(person, circle):
    """Whether a person shops online, posts online, or borrows."""
    return person["memberships"] // MEMBERSHIPS[circle] % 2 == 1


def is_banned(ban, bans):
    """Whether a number of the rules that adds up 1 flights, 2 trains, 4 visas has this ban."""
    return bans // BANS[ban] % 2 == 1


# ---------------------------------------------------------------- what is heard of others


def what_is_heard(contacts, words):
    """Yesterday's words of one's adult contacts, counted. Children have no word."""
    heard = {"adults": 0, "spoke": 0, "penalised": 0, "caught": 0, "kept": 0, "broke": 0}
    heard["scores"] = {"home": [], "local": [], "online": []}
    for layer, ids in contacts.items():
        for contact in ids:
            word = words[contact]
            if word is None:
                continue
            heard["adults"] += 1
            for news in word["news"]:
                heard[news] += 1
            if word["score"] is not None:
                heard["scores"][layer].append(word["score"])
    # Each contact weighs the same, and all together one.
    weight = WHOLE // heard["adults"] if heard["adults"] else 0
    for news in ("spoke", "penalised", "caught", "kept", "broke"):
        heard["share who " + news] = heard[news] * weight
    return heard


# ---------------------------------------------------------------- 1. live


def speak(person, citizen, heard, rules, luck):
    """M7, M17, M18. A critical post: rarer for the loyal, likelier where others speak, rarer in fear.

    The same draw is asked twice: at the risk the citizen perceives and at none.
    What would have been said at none and is not said is a chilled act.
    """
    probability = rules["post_rate"][person["conviction"]] * (128 + person["sociability"]) // 256
    encouraged = WHOLE + rules["hear_boost"] * heard["share who spoke"] // WHOLE
    probability = min(CERTAIN, probability * encouraged // WHOLE)
    fear = person["prudence"] * citizen["perceived_risk"] // WHOLE
    would_post = happens(luck, POST, probability)
    posts = would_post and happens(luck, POST, probability * rules["chill"][fear] // WHOLE)
    contradicts = posts and happens(luck, POST_KIND, rules["contradicting_share"])
    return would_post, posts, contradicts


def buy(person, rules, luck):
    """M8. Online, the one buys diapers and the other games; taste decides, seldom both."""
    bad = rules["buy_disfavoured"] * person["taste"] // 256
    good = rules["buy_favoured"] * (255 - person["taste"]) // 256
    if not belongs(person, "shops online"):
        return None
    if happens(luck, PURCHASE, bad):
        return "disfavoured"
    return "favoured" if happens(luck, PURCHASE, bad + good) else None


def offend_a_little(person, citizen, rules, luck):
    """M13, M21. A minor offence: rarer where one thinks to be caught, most of all under a camera."""
    probability = rules["minor_rate"] * (64 + person["independence"]) // 256
    if not happens(luck, MINOR_OFFENCE, probability):
        return False, False, False
    under_camera = happens(luck, OFFENCE_SPOT, rules["watched_spots"][person["place"]])
    detection = citizen["perceived_detection"]
    if not under_camera:
        detection = detection * rules["elsewhere"] // WHOLE
    fear = person["prudence"] * detection // WHOLE
    offends = happens(luck, MINOR_OFFENCE, probability * rules["deter"][fear] // WHOLE)
    return True, offends, under_camera


def offend_gravely(person, citizen, rules, luck):
    """M21. A serious offence: cameras weigh on it only as much as they do elsewhere."""
    probability = rules["serious_rate"] * (64 + person["independence"]) // 256
    detection = citizen["perceived_detection"] * rules["elsewhere"] // WHOLE
    fear = person["prudence"] * detection // WHOLE
    return happens(luck, SERIOUS_OFFENCE, probability * rules["deter"][fear] // WHOLE)


def pay(person, citizen, rules, luck):
    """M9, M21. Borrowers owe an instalment every thirty days; the thrifty and the rich miss fewer.

    Who is in default may yet pay and be cured, less easily under a restriction.
    """
    due = belongs(person, "borrows") and (luck["day"] + luck["person"]) % 30 == 0
    if not due:
        return False, False
    if citizen["in_default"]:
        barred = citizen["blacklisted_until"] or citizen["restricted_until"]
        return True, happens(luck, REPAY, rules["cure_barred" if barred else "cure_free"])
    misses = rules["miss_rate"][person["thrift"]] * (384 - person["income"]) // 256
    return True, not happens(luck, REPAY, misses)


def do_good(citizen, rules, luck):
    """M21. Once a month there is occasion for a good deed, and trust decides."""
    occasion = (luck["day"] + luck["person"]) % 30 == 15
    return occasion and happens(luck, GOOD_DEED, rules["good_rate"] * citizen["trust"] // WHOLE)


def travel(person, rules, luck):
    """M16. Who wishes to fly, to take a train, or (once a month) to apply for a visa."""
    income, mobility = person["income"], 64 + person["mobility"]
    wishes = set()
    if happens(luck, FLIGHT, rules["flight_rate"] * income * mobility // (128 * 256)):
        wishes.add("flights")
    if happens(luck, TRAIN, rules["train_rate"] * mobility // 128):
        wishes.add("trains")
    if (luck["day"] + luck["person"]) % 30 == 7:
        if happens(luck, VISA, rules["visa_rate"] * income // 128):
            wishes.add("visas")
    return wishes


def act(person, citizen, heard, rules, luck):
    """1. Everything a citizen does today."""
    would_post, posts, contradicts = speak(person, citizen, heard, rules, luck)
    would_offend, offends, under_camera = offend_a_little(person, citizen, rules, luck)
    due, pays = pay(person, citizen, rules, luck)
    return {
        "would_post": would_post, "posts": posts, "contradicts": contradicts,
        "buys": buy(person, rules, luck),
        "would_offend": would_offend, "offends": offends, "under_camera": under_camera,
        "offends_gravely": offend_gravely(person, citizen, rules, luck),
        "instalment_due": due, "pays": pays,
        "does_good": do_good(citizen, rules, luck),
        "wishes": travel(person, rules, luck),
    }  # fmt: skip


# ---------------------------------------------------------------- 2. sense


def read_posts(person, acts, rules, luck):
    """M7. The reader of a platform finds some critical posts, and takes some ordinary ones for such."""
    if not belongs(person, "posts online"):
        return None, False
    found = None
    if acts["posts"] and happens(luck, POST_READ, rules["read_hit"]):
        found = "contradicting" if acts["contradicts"] else "unpermitted"
    return found, happens(luck, MISREAD, rules["read_false"] * (64 + person["sociability"]) // 256)


def match_face(person, acts, group_of_double, rules, luck):
    """M11, M12. An offence under a camera: the face is found, missed, or taken for the double's."""
    if not (acts["offends"] and acts["under_camera"]):
        return "nothing"
    if not happens(luck, FACE_RUN, rules["probed"]):
        return "nothing"
    if happens(luck, FACE_MATCHED, rules["match_hit"]):
        return "found"
    if group_of_double is None:  # today nobody resembles this citizen
        return "nothing"
    mistaken = happens(luck, FACE_OF_DOUBLE, rules["match_false"][person["group"]][group_of_double])
    return "taken for the double" if mistaken else "nothing"


def pass_a_watch_list_camera(person, on_watch_list, rules, luck):
    """M14. A passer-by raises an alert: mostly if watched, now and then by likeness alone."""
    rate = rules["alert_hit"] if on_watch_list else rules["alert_false"][person["group"]]
    passes = rules["pass_checked"][person["place"]] * (64 + person["mobility"]) // 256
    return happens(luck, PASS_BY_CAMERA, passes * rate // CERTAIN)


def enter_judgement(citizen, rules, luck):
    """M5, M16. Whom the court called is entered: missed, or mistyped under another's name, or rightly."""
    if citizen["court"] != "called" or happens(luck, JUDGEMENT_MISSED, rules["register_missed"]):
        return "nothing"
    mistyped = happens(luck, JUDGEMENT_MISTYPED, rules["register_mistyped"])
    return "under the double's name" if mistyped else "entered"


def sense(person, citizen, acts, on_watch_list, group_of_double, rules, luck):
    """2. What the sensors and registers claim of this citizen today."""
    post, misread = read_posts(person, acts, rules, luck)
    face = match_face(person, acts, group_of_double, rules, luck)
    judgement = enter_judgement(citizen, rules, luck)
    records = []  # rightly entered in this citizen's own file
    if post:
        records.append(post)
    # M3. Shops pass on some purchases.
    if acts["buys"] and happens(luck, PURCHASE_SHARED, rules["shops_shared"]):
        records.append(acts["buys"])
    if face == "found":
        records.append("minor")
    # M21. The police clear a part of serious offences.
    if acts["offends_gravely"]:
        if happens(luck, SERIOUS_CLEARED, rules["serious_cleared"][person["place"]]):
            records.append("serious")
    # M9. Banks report most instalments, late or paid.
    if acts["instalment_due"]:
        if happens(luck, INSTALMENT_REPORTED, rules["instalments_reported"]):
            records.append("repaid" if acts["pays"] else "late")
    # M21. Few good deeds are noticed.
    if acts["does_good"] and happens(luck, GOOD_DEED_SEEN, rules["good_seen"]):
        records.append("good")
    if judgement == "entered":
        records.append("default")
    return {
        "records": records,
        "misread": misread,
        "face_taken_for_double": face == "taken for the double",
        "name_taken_for_double": judgement == "under the double's name",
        "alert": pass_a_watch_list_camera(person, on_watch_list, rules, luck),
    }


# ---------------------------------------------------------------- 3. fuse


def file_halves_today(person_id, day, rules):
    """M2. Files halve every so many days, each on a day of its own, spread by a fixed shuffle of ids."""
    if rules["halve_days"] == 0:
        return False
    shuffled = person_id * 2_654_435_769 % CERTAIN
    return shuffled * rules["halve_days"] // CERTAIN == day % rules["halve_days"]


def fuse(citizen, sightings, mistakes, halves):
    """3. M2. Yesterday's file, halved on its day, and today's records.

    `mistakes` are records that do not belong here: a misread post, and yesterday's
    faces and judgements of somebody else. The file cannot tell them; the measures can.
    """
    file, not_their_own = citizen["file"].copy(), citizen["not_their_own"].copy()
    if halves:
        file = {kind: count // 2 for kind, count in file.items()}
        not_their_own = {kind: count // 2 for kind, count in not_their_own.items()}
    for kind in sightings["records"] + mistakes:
        file[kind] = min(MOST, file[kind] + 1)
    for kind in mistakes:
        not_their_own[kind] = min(MOST, not_their_own[kind] + 1)
    return file, not_their_own


# ---------------------------------------------------------------- 4. score


def within(points, rules):
    """A score is never below the floor nor above the ceiling."""
    return min(rules["ceiling"], max(rules["floor"], points))


def assess(file, not_their_own, heard, rules):
    """4. M1, M10. Points for what the file holds, and a part of how contacts differ from the base.

    `own` leaves the company out; `rightful` leaves out wrong records as well. The
    system knows only `total`; the others say why somebody fell below a line.
    """
    points = rules["points"]
    own, mistaken, company = rules["base"], 0, 0
    for place, kind in enumerate(RECORDS):
        if file[kind]:
            own += points[place] * file[kind]
            mistaken += points[place] * not_their_own.get(kind, 0)
    scores = [
        score
        for layer, watched in zip(("home", "local", "online"), rules["observed"], strict=True)
        if watched
        for score in heard["scores"][layer]
    ]
    if scores:
        mean = sum(scores) // len(scores)
        company = rules["association"] * (mean - rules["base"]) // WHOLE
    return {
        "total": within(own + company, rules),
        "own": within(own, rules),
        "rightful": within(own - mistaken, rules),
    }


# ---------------------------------------------------------------- 5. decide


def rule_on_appeal(citizen, rules, luck):
    """M23. An appeal that the court called is ruled on, if there is still something to lift.

    Without an act of one's own behind the restrictions the chance is another.
    """
    restricted = citizen["blacklisted_until"] or citizen["restricted_until"]
    if citizen["appeal"] != "called" or not restricted:
        return False
    own = "own act" in citizen["why_blacklisted"] | citizen["why_restricted"]
    return happens(luck, RULING, rules["reverse_rightful" if own else "reverse_wrongful"])


def blacklist(citizen, judged, named, upheld, day, rules):
    """M16. The court's list: off it by time, appeal or payment; on it by a judgement, own or another's."""
    until, why = citizen["blacklisted_until"], citizen["why_blacklisted"]
    ended = fresh = False
    if until:
        paid = "own act" in why and not citizen["in_default"]
        if day >= until or upheld or paid or not rules["list_on"]:
            until, why, ended = None, set(), True
    if rules["list_on"] and not until and (judged or named) and not upheld:
        until, fresh = day + rules["list_days"], True
        why = {"court list", "own act" if judged else "wrong record"}
    return until, why, ended, fresh


def restrict(citizen, score, is_scored, upheld, day, rules):
    """M16. A score below the line restricts for a time; the reasons are kept with it."""
    until, why = citizen["restricted_until"], citizen["why_restricted"]
    ended = fresh = False
    line = rules["line"]
    if until and (day >= until or upheld or not rules["restrict_on"]):
        until, why, ended = None, set(), True
    if rules["restrict_on"] and is_scored and not until and not upheld and score["total"] < line:
        until, why, fresh = day + rules["restrict_days"], set(), True
        if score["rightful"] < line:
            why.add("own act")
        if score["own"] < score["rightful"] and score["own"] < line:
            why.add("wrong record")
        if score["own"] >= line:
            why.add("association")
    return until, why, ended, fresh


def decide(citizen, file, score, is_scored, sightings, named, rules, luck):
    """5. Today's restrictions, rulings, calls and privileges."""
    day, records = luck["day"], sightings["records"]
    upheld = rule_on_appeal(citizen, rules, luck)
    list_until, why_list, list_ended, listed = blacklist(
        citizen, "default" in records, named, upheld, day, rules
    )
    score_until, why_score, score_ended, restricted = restrict(
        citizen, score, is_scored, upheld, day, rules
    )
    # M23. Who is told of a new restriction may appeal, one appeal at a time.
    files_appeal = (
        (listed or restricted)
        and citizen["appeal"] != "waiting"
        and happens(luck, NOTICE, rules["notice"])
        and happens(luck, APPEAL_AFTER_NOTICE, rules["appeals"])
    )
    # M14. Police are sent for an alert, and if the rules say so for posts and serious offences.
    own_act = "contradicting" in records or "serious" in records
    sent = (
        sightings["alert"]
        or ("contradicting" in records and rules["visit_speech"])
        or ("serious" in records and rules["visit_serious"])
    )
    return {
        "blacklisted_until": list_until, "why_blacklisted": why_list,
        "restricted_until": score_until, "why_restricted": why_score,
        "imposed": listed + restricted, "ended": list_ended + score_ended,
        "wrongful": (listed and "own act" not in why_list)
        + (restricted and "own act" not in why_score),
        "by_association": restricted and why_score == {"association"},
        "for_speech": restricted and file["unpermitted"] + file["contradicting"] > 0,
        "appeal_heard": citizen["appeal"] == "called", "appeal_upheld": upheld,
        "files_appeal": files_appeal,
        "police_sent": bool(sent), "police_for_own_act": own_act,
        # M15. A high score opens the fast lane.
        "privileged": bool(is_scored and 0 < rules["privilege_line"] <= score["total"]),
    }  # fmt: skip


# ---------------------------------------------------------------- 6. respond


def is_refused(wish, citizen, rules):
    """M16. Whether this morning's restrictions bar a flight, a train or a visa."""
    by_list = citizen["blacklisted_until"] and is_banned(wish, rules["list_bans"])
    by_score = citizen["restricted_until"] and is_banned(wish, rules["score_bans"])
    return bool(by_list or by_score)


def meet(citizen, acts, decisions, rules, luck):
    """6. What the citizen runs into today: police, refusals, default and its cure."""
    refused = {wish for wish in acts["wishes"] if is_refused(wish, citizen, rules)}
    may_have_visa = "visas" in acts["wishes"] and "visas" not in refused
    missed = acts["instalment_due"] and not acts["pays"]
    return {
        "stopped": citizen["police"] == "called",
        "stopped_for_own_act": citizen["police"] == "called" and citizen["police_for_own_act"],
        "refused": refused,
        "fast_visa": may_have_visa and decisions["privileged"],
        # M23. Running into a restriction is a notice too.
        "files_appeal": bool(refused)
        and citizen["appeal"] != "waiting"
        and happens(luck, APPEAL_AFTER_REFUSAL, rules["appeals_refused"]),
        # The third instalment missed in a row is a default.
        "defaults": missed and not citizen["in_default"] and citizen["overdue"] >= 2,
        "is_cured": acts["instalment_due"] and acts["pays"] and citizen["in_default"],
    }


def removals(sightings):
    """How many of the citizen's posts were removed today, rightly read or not."""
    records = sightings["records"]
    return ("unpermitted" in records) + ("contradicting" in records) + sightings["misread"]


def moved(feeling, step, decay, rest):
    """A feeling after what happened, drawn back a little to where it rests."""
    return min(FULLEST, max(0, feeling + step - (feeling - rest) * decay // WHOLE))


def learn_risk(citizen, sightings, decisions, met, heard, rules):
    """M18. Speaking feels riskier after one's own penalties and those of contacts; else it fades."""
    step = (
        rules["risk_removed"] * removals(sightings)
        + rules["risk_stopped"] * met["stopped"]
        + rules["risk_penalised"] * decisions["imposed"]
        + rules["risk_refused"] * len(met["refused"])
        + rules["risk_heard"] * heard["share who penalised"] // WHOLE
    )
    return moved(citizen["perceived_risk"], step, rules["risk_decay"], 0)


def learn_detection(citizen, sightings, heard, rules):
    """M21. Being caught seems likelier after one's own and contacts' being caught; else it fades."""
    caught = ("minor" in sightings["records"]) + ("serious" in sightings["records"])
    step = rules["detection_caught"] * caught
    step += rules["detection_heard"] * heard["share who caught"] // WHOLE
    return moved(citizen["perceived_detection"], step, rules["detection_decay"], 0)


def learn_trust(citizen, decisions, met, heard, rules):
    """M21. Trust grows with promises kept among contacts, and falls with broken ones, stops and wrongs."""
    step = (
        rules["trust_kept"] * heard["share who kept"] // WHOLE
        - rules["trust_broke"] * heard["share who broke"] // WHOLE
        - rules["trust_stopped"] * met["stopped"]
        - rules["trust_wronged"] * decisions["wrongful"]
    )
    return moved(citizen["trust"], step, rules["trust_decay"], HALF)


def court_tomorrow(citizen, met):
    """M16. A default waits for the court; a cure, or having been called, ends the wait."""
    if met["defaults"]:
        return "waiting"
    return "waiting" if citizen["court"] == "waiting" and not met["is_cured"] else "no"


def police_tomorrow(citizen, decisions):
    """M14. Whether police are to call, and whether for an act of the citizen's own."""
    waiting = citizen["police"] == "waiting"
    for_own_act = citizen["police_for_own_act"] and citizen["police"] != "called"
    if decisions["police_sent"]:
        return "waiting", for_own_act or decisions["police_for_own_act"]
    return ("waiting" if waiting else "no"), for_own_act


def appeal_tomorrow(citizen, decisions, met, disputes):
    """M23. Whether an appeal waits, and for how many days."""
    files = decisions["files_appeal"] or met["files_appeal"]
    if citizen["appeal"] != "waiting" and not files:
        return "no", 0
    waited = citizen["days_since_appeal"]
    if citizen["appeal"] == "called" and "wait inherited" not in disputes:
        waited = 0  # that was the wait of the appeal heard today
    return "waiting", min(MOST, waited + 1)


def respond(citizen, acts, sightings, file, not_their_own, score, decisions, met, heard, rules,
            disputes):  # fmt: skip
    """6. Tomorrow's citizen."""
    if decisions["appeal_upheld"] and rules["correct"]:  # M23. The ruling corrects the file
        file = {kind: file[kind] - not_their_own.get(kind, 0) for kind in RECORDS}
        not_their_own = {kind: 0 for kind in MISTAKABLE}
    overdue = citizen["overdue"]
    if acts["instalment_due"]:
        overdue = 0 if acts["pays"] else min(MOST, overdue + 1)
    police, police_for_own_act = police_tomorrow(citizen, decisions)
    appeal, days_since_appeal = appeal_tomorrow(citizen, decisions, met, disputes)
    return {
        "score": score["total"],
        "perceived_risk": learn_risk(citizen, sightings, decisions, met, heard, rules),
        "perceived_detection": learn_detection(citizen, sightings, heard, rules),
        "trust": learn_trust(citizen, decisions, met, heard, rules),
        "blacklisted_until": decisions["blacklisted_until"],
        "restricted_until": decisions["restricted_until"],
        "file": file,
        "not_their_own": not_their_own,
        "overdue": overdue,
        "in_default": (citizen["in_default"] or met["defaults"]) and not met["is_cured"],
        "court": court_tomorrow(citizen, met),
        "police": police,
        "police_for_own_act": police_for_own_act,
        "appeal": appeal,
        "why_blacklisted": decisions["why_blacklisted"],
        "why_restricted": decisions["why_restricted"],
        "days_since_appeal": days_since_appeal,
    }


def word_to_others(acts, sightings, score, is_scored, met, tomorrow, rules, disputes):
    """M10, M18, M21. What contacts may notice tomorrow of this citizen's day."""
    records, news = sightings["records"], []
    removed = removals(sightings) > 0
    if "removals unseen" in disputes:
        removed = "unpermitted" in records
    if acts["posts"]:
        news.append("spoke")
    restricted = tomorrow["blacklisted_until"] or tomorrow["restricted_until"]
    if restricted or met["stopped"] or removed:
        news.append("penalised")
    if "minor" in records or "serious" in records:
        news.append("caught")
    if acts["instalment_due"]:
        news.append("kept" if acts["pays"] else "broke")
    # Shown with association in it, a score carries friends of friends; without, friends only.
    shown = score["total"] if rules["hops_many"] else score["own"]
    return {
        "news": news,
        "score": shown if is_scored else None,
        "face_taken_for_double": sightings["face_taken_for_double"],
        "name_taken_for_double": sightings["name_taken_for_double"],
    }


# ---------------------------------------------------------------- 7. measure


def flows(acts, sightings, mistakes, on_watch_list, decisions, met, evening):
    """7. What happened to one citizen today, by measure."""
    restricted_at = [evening["blacklisted_until"], evening["restricted_until"]]
    in_force = sum(until is not None for until in restricted_at)
    return {
        "would_posts": acts["would_post"],
        "posts": acts["posts"],
        "chilled_acts": acts["would_post"] and not acts["posts"],
        "would_offences": acts["would_offend"],
        "offences": acts["offends"],
        "serious_offences": acts["offends_gravely"],
        "instalments_due": acts["instalment_due"],
        "instalments_kept": acts["pays"],
        "defaults": met["defaults"],
        "true_sightings": len(sightings["records"]),
        "false_sightings": len(mistakes),
        "alerts": sightings["alert"],
        "true_alerts": sightings["alert"] and on_watch_list,
        "imposed": decisions["imposed"],
        "ended": decisions["ended"],
        "in_force": in_force,
        "restricted": in_force > 0,
        "wrongful": decisions["wrongful"],
        "association_only": decisions["by_association"],
        "for_speech": decisions["for_speech"],
        "stops": met["stopped"],
        "wrongful_stops": met["stopped"] and not met["stopped_for_own_act"],
        "flights_refused": "flights" in met["refused"],
        "trains_refused": "trains" in met["refused"],
        "visas_refused": "visas" in met["refused"],
        "fast_visas": met["fast_visa"],
        "appeals_filed": decisions["files_appeal"] or met["files_appeal"],
        "appeals_heard": decisions["appeal_heard"],
        "appeals_upheld": decisions["appeal_upheld"],
        "appeal_days": evening["days_since_appeal"] > 0,
    }


def levels(is_scored, on_watch_list, decisions, evening):
    """7. How things stand with one citizen, taken every seventh day."""
    return {
        "adults": 1,
        "in_default": evening["in_default"],
        "scored": is_scored,
        "privileged": decisions["privileged"],
        "watched": on_watch_list,
        "records": sum(evening["file"].values()),
        "score_sum": evening["score"] if is_scored else 0,
        "risk_sum": evening["perceived_risk"],
        "trust_sum": evening["trust"],
    }


# ---------------------------------------------------------------- a citizen's day


def mirrors_of(day, nation):
    """M12. Where today's mirror stands, for faces and for names; it pairs everyone with a double."""
    luck, total = luck_of(nation["seed"], day, 0), len(nation["people"])
    return {
        "faces": number(luck, MIRROR_OF_FACES) % total,
        "names": number(luck, MIRROR_OF_NAMES) % total,
    }


def double_of(person_id, mirror, nation):
    """M12. Who resembles this citizen. None: nobody else does."""
    double = (mirror - person_id) % len(nation["people"])
    if double == person_id and "own double" not in nation["disputes"]:
        return None
    return double


def landed(person_id, feature, mark, nation):
    """M12. Whether yesterday the double's face or name was taken for this citizen's."""
    if nation["mirrors_yesterday"] is None:
        return False
    double = double_of(person_id, nation["mirrors_yesterday"][feature], nation)
    word = nation["words"][double] if double is not None else None
    return word is not None and word[mark]


def a_citizens_day(person_id, day, nation, rules, count):
    """Stages 1 to 7 for one adult. Returns the citizen of tomorrow and their word to others."""
    person, morning = nation["people"][person_id], nation["citizens"][person_id]
    luck = luck_of(nation["seed"], day, person_id)
    heard = what_is_heard(nation["contacts"][person_id], nation["words"])

    acts = act(person, morning, heard, rules, luck)

    on_watch_list = 0 < rules["watch_line"] <= morning["file"]["contradicting"]
    double = double_of(person_id, nation["mirrors"]["faces"], nation)
    group_of_double = None if double is None else nation["people"][double]["group"]
    sightings = sense(person, morning, acts, on_watch_list, group_of_double, rules, luck)

    named = landed(person_id, "names", "name_taken_for_double", nation)
    faced = landed(person_id, "faces", "face_taken_for_double", nation)
    mistakes = ["default"] * named + ["unpermitted"] * sightings["misread"] + ["minor"] * faced
    halves = file_halves_today(person_id, day, rules)
    file, not_their_own = fuse(morning, sightings, mistakes, halves)

    score = assess(file, not_their_own, heard, rules)
    is_scored = bool(rules["scoring"] and person["piloted"] < rules["piloted"])

    decisions = decide(morning, file, score, is_scored, sightings, named, rules, luck)

    met = meet(morning, acts, decisions, rules, luck)
    disputes = nation["disputes"]
    evening = respond(morning, acts, sightings, file, not_their_own, score, decisions, met, heard,
                      rules, disputes)  # fmt: skip
    word = word_to_others(acts, sightings, score, is_scored, met, evening, rules, disputes)

    happened = flows(acts, sightings, mistakes, on_watch_list, decisions, met, evening)
    if day % 7 == 0:
        happened |= levels(is_scored, on_watch_list, decisions, evening)
    for measure, amount in happened.items():
        if amount:
            count[measure] += amount
    return evening, word


# ---------------------------------------------------------------- the desks, in the evening


def places(places_per_million, people, day):
    """How many a desk calls tonight: a fraction of a place a day becomes a place now and then.

    `places_per_million` is in 65,536ths; tonight's places are those due until
    tomorrow, less those due until today.
    """
    a_day = places_per_million * people
    return a_day * (day + 1) // (WHOLE * MILLION) - a_day * day // (WHOLE * MILLION)


def may_be_called(desk, citizen, rules):
    """Who waits may be called; an appeal first rests for its delay."""
    if citizen[desk] != "waiting":
        return False
    return desk != "appeal" or citizen["days_since_appeal"] >= rules["appeal_delay"]


def open_the_desks(nation, day, rules):
    """M14, M16, M23. In each district court, police and appeal court call whom they have room for.

    They go through the district in order from a start that turns with chance;
    whoever is not reached waits on.
    """
    people, citizens = nation["people"], nation["citizens"]
    for district in range((len(people) + DISTRICT - 1) // DISTRICT):
        first = district * DISTRICT
        size = min(DISTRICT, len(people) - first)
        start = number(luck_of(nation["seed"], day, district), DESK_START) % size
        order = [*range(first + start, first + size), *range(first, first + start)]
        for desk in ("court", "police", "appeal"):
            left = places(rules[desk + "_desk"], size, day)
            for person_id in order:
                if left == 0:
                    break
                if may_be_called(desk, citizens[person_id], rules):
                    citizens[person_id][desk] = "called"
                    left -= 1


# ---------------------------------------------------------------- days


def live(people, contacts, rules_by_day, days, seed, start_score, disputes=()):
    """Some days of a small nation: (citizens on the last evening, counts[day][measure]).

    people[i]: a person's traits, by the engine's names. contacts[i]: ids of
    those known at "home", "local" and "online". rules_by_day[day]: the rules
    that hold on a day. disputes: names in DISPUTES where the engine is followed.
    """
    nation = {
        "people": people,
        "contacts": contacts,
        "citizens": [newborn_citizen(start_score) for _ in people],
        "words": [None] * len(people),  # nobody has said anything yet
        "mirrors": None,  # nor has anybody been mistaken
        "seed": seed,
        "disputes": frozenset(disputes),
    }
    counts = []
    for day in range(days):
        rules, count = rules_by_day[day], Counter()
        nation["mirrors_yesterday"], nation["mirrors"] = nation["mirrors"], mirrors_of(day, nation)
        tomorrow, words = list(nation["citizens"]), [None] * len(people)
        for person_id, person in enumerate(people):
            if is_adult(person):
                tomorrow[person_id], words[person_id] = a_citizens_day(
                    person_id, day, nation, rules, count
                )
        nation["citizens"], nation["words"] = tomorrow, words
        open_the_desks(nation, day, rules)
        counts.append(count)
    return nation["citizens"], counts
