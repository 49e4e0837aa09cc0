"""The same day in plain Python, one person at a time, for readers who do not program.

This is the model of Underwatch a second time, written slowly. It uses nothing
but whole numbers, dictionaries and `if`. The fast engine must agree with it in
every citizen; a test compares them.

How to read it
- A *citizen* is a dictionary: who they are (age, thrift, prudence …) and what
  yesterday left in them (score, risk, file …). Traits run from 0 to 255,
  feelings from 0 to 65,535.
- The *rules* are what a scenario says for the day. A probability there is a
  number out of 4,294,967,296 (two to the 32nd); a share or weight is a number
  out of 65,536. Halving and rounding are always downwards.
- *Chance* is looked up, never rolled: `luck(seed, stream, day, person)` is the
  same number whenever and wherever it is asked for.

The order of a day: 1 live, 2 sense, 3 fuse, 4 score, 5 decide, 6 respond,
7 measure; and overnight the desks of each district call who waits.
"""

from functools import lru_cache

DISTRICT = 65_536  # citizens of one district, who share courts and police
ONE = 65_536  # a share of 1
CERTAIN = 2**32  # a probability of 1
LAYERS = ("home", "local", "online")

# What the file counts, and the count of those records that are really another's or nobody's.
COUNTS = (
    "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
    "minor", "serious", "good",
)  # fmt: skip
WRONG = {"default": "wrong_default", "unpermitted": "wrong_post", "minor": "wrong_minor"}

# The addresses of chance: what each stream decides.
STREAM = {
    "post": 0, "flagged": 1, "purchase": 2, "minor": 3, "serious": 4, "flight": 5, "train": 6,
    "pass by": 7, "post kind": 8, "true news": 9, "post read": 10, "purchase shared": 11,
    "minor spot": 12, "minor match": 13, "minor double": 14, "minor probed": 15,
    "serious seen": 16, "repay": 20, "good deed": 21, "good deed seen": 22,
    "instalment reported": 23, "register missed": 24, "register mistyped": 25,
    "appeal filed": 26, "appeal ruling": 27, "notice": 28, "refusal appeal": 29, "desk": 30,
    "visa": 31, "face double": 1 << 17, "name double": (1 << 17) + 1,
}  # fmt: skip


# --- Chance


def luck(seed, stream, day, person):
    """One of 4,294,967,296 numbers, at its address; four streams share a draw of four."""
    return four_numbers(seed, stream // 4, day, person)[stream % 4]


@lru_cache(maxsize=100)  # only so that asking twice is quick
def four_numbers(seed, block, day, person):
    """Philox4x32-10 (Salmon and others, 2011): four numbers from an address."""
    word = 0xFFFFFFFF
    a, b, c, d = person & word, (person >> 32) & word, day & word, block & word
    key, other = seed & word, (seed >> 32) & word
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ key, q & word, (p >> 32) ^ d ^ other, p & word
        key, other = (key + 0x9E3779B9) & word, (other + 0xBB67AE85) & word
    return a, b, c, d


class Chance:
    """The luck of one person on one day: `chance("post")`."""

    def __init__(self, seed, day, person):
        self.address = (seed, day, person)

    def __call__(self, what):
        seed, day, person = self.address
        return luck(seed, STREAM[what], day, person)


# --- The start


def newborn(traits, base):
    """A citizen on the first morning: an empty file, no fear, middling trust."""
    citizen = dict(traits)
    citizen |= {name: 0 for name in (*COUNTS, *WRONG.values())}
    citizen |= {
        "score": base, "risk": 0, "detection": 0, "trust": 32_768,
        "listed_until": 0, "restricted_until": 0, "overdue": 0, "appeal_wait": 0,
        "in_default": False,
        "court": "no", "police": "no", "appeal": "no",  # no, waits, or called
        "police_for_own_act": False,
        "why_listed": set(), "why_restricted": set(),
    }  # fmt: skip
    return citizen


def silent():
    """What others see of somebody who shows nothing: also what they see of a child."""
    return {
        "adult": False, "spoke": False, "penalised": False, "caught": False, "kept": False,
        "broke": False, "score": None, "face_taken_for_double": False,
        "name_taken_for_double": False,
    }  # fmt: skip


def live(people, contacts, rules_by_day, days, seed, base):
    """Live some days. Returns (citizens, counts): counts[day][measure].

    people: a list of dictionaries of traits. contacts[i]: whom citizen i knows at
    "home", "local" and "online". rules_by_day[day]: the rules that hold.
    """
    citizens = [newborn(p, base) for p in people]
    shown = [silent() for _ in people]  # what others saw yesterday
    counts = []
    for day in range(days):
        rules, today, counted = rules_by_day[day], [], {}
        faces_today = luck(seed, STREAM["face double"], day, 0)
        faces_yesterday = luck(seed, STREAM["face double"], day - 1, 0)
        names_yesterday = luck(seed, STREAM["name double"], day - 1, 0)
        for i, citizen in enumerate(citizens):
            if citizen["age"] < 18:
                today.append(silent())
                continue
            hears = {layer: [shown[j] for j in contacts[i][layer]] for layer in LAYERS}
            face = word_of_double(shown, i, faces_yesterday)
            name = word_of_double(shown, i, names_yesterday)
            double = people[double_of(i, faces_today, len(people))]
            chance = Chance(seed, day, i)
            today.append(
                one_day(citizen, i, hears, face, name, double, chance, day, rules, counted)
            )
        shown = today
        open_desks(citizens, rules, day, seed)
        counts.append(counted)
    return citizens, counts


def double_of(i, turn, total):
    """Whom citizen i is mistaken for: a pairing of everyone, which the day's luck turns."""
    return (turn % total - i) % total


def word_of_double(shown, i, turn):
    """What one's double showed yesterday; nothing, if the turn leaves one alone."""
    double = double_of(i, turn, len(shown))
    return silent() if double == i else shown[double]


def one_day(citizen, i, hears, face, name, double, chance, day, rules, counted):
    """The seven stages for one adult. Changes the citizen; returns what others will see."""
    known = [one for layer in LAYERS for one in hears[layer] if one["adult"]]
    morning = dict(citizen)
    acts = act(citizen, i, day, chance, rules, share_who(known, "spoke"))
    watched = 0 < rules["watch_line"] <= morning["contradicting"]
    seen = sense(citizen, acts, double, watched, chance, rules)
    mistaken = {"face": face["face_taken_for_double"], "name": name["name_taken_for_double"]}
    fuse(citizen, seen, mistaken, files_halve(i, day, rules))
    points = score(citizen, hears, rules)
    points["scored"] = bool(rules["scoring"]) and citizen["piloted"] < rules["piloted"]
    made = decide(citizen, morning, seen, mistaken, points, day, chance, rules)
    met = meet(morning, acts, made, chance, rules)
    respond(citizen, morning, acts, seen, watched, points, made, met, known, rules)
    measure(counted, citizen, acts, seen, watched, mistaken, points, made, met, day)
    return {
        "adult": True,
        "spoke": acts["posts"],
        "penalised": citizen["listed_until"] > 0 or citizen["restricted_until"] > 0
        or met["stopped"] or seen["unpermitted"] or seen["contradicting"] or seen["misread"],
        "caught": seen["minor"] or seen["serious"],
        "kept": acts["instalment"] == "kept",
        "broke": acts["instalment"] == "missed",
        "score": (points["total"] if rules["hops_many"] else points["own"])
        if points["scored"] else None,
        "face_taken_for_double": seen["face_taken_for_double"],
        "name_taken_for_double": seen["name_taken_for_double"],
    }  # fmt: skip


def share_who(known, what):
    """Of the adults one knows, the share who did this yesterday, out of 65,536."""
    if not known:
        return 0
    return sum(bool(one[what]) for one in known) * (ONE // len(known))


# --- 1 Live


def act(citizen, i, day, chance, rules, share_who_spoke):
    """Stage 1. Each lawful act asks the same luck twice: at the risk felt, and at none."""
    acts = {}

    # M7, M18: a critical post. Conviction and company move people to it, fear holds them back.
    wish = rules["post_rate"][citizen["conviction"]] * (128 + citizen["sociability"]) // 256
    wish = min(CERTAIN, wish * (ONE + rules["hear_boost"] * share_who_spoke // ONE) // ONE)
    dared = rules["chill"][citizen["prudence"] * citizen["risk"] // ONE]
    acts["would post"] = chance("post") < wish
    acts["posts"] = chance("post") < wish * dared // ONE
    acts["true news"] = acts["posts"] and chance("true news") < rules["true_share"]
    acts["contradicts"] = acts["posts"] and chance("post kind") < rules["contradicting_share"]

    # M8: shopping. Taste decides which goods; only platforms' customers are ever seen.
    bad = rules["buy_disfavoured"] * citizen["taste"] // 256
    good = rules["buy_favoured"] * (255 - citizen["taste"]) // 256
    shops = bool(citizen["memberships"] & 1)
    acts["disfavoured"] = shops and chance("purchase") < bad
    acts["favoured"] = shops and bad <= chance("purchase") < bad + good

    # M21: a minor offence. Under a camera the fear of detection weighs in full.
    wish = rules["minor_rate"] * (64 + citizen["independence"]) // 256
    acts["would offend"] = chance("minor") < wish
    acts["offends"], acts["under a camera"] = False, False
    if acts["would offend"]:
        acts["under a camera"] = chance("minor spot") < rules["watched_spots"][citizen["place"]]
        felt = citizen["detection"]
        if not acts["under a camera"]:
            felt = felt * rules["elsewhere"] // ONE
        held = rules["deter"][citizen["prudence"] * felt // ONE]
        acts["offends"] = chance("minor") < wish * held // ONE
    wish = rules["serious_rate"] * (64 + citizen["independence"]) // 256
    felt = citizen["detection"] * rules["elsewhere"] // ONE
    held = rules["deter"][citizen["prudence"] * felt // ONE]
    acts["offends seriously"] = chance("serious") < wish * held // ONE

    # M9, M21: an instalment every thirty days, for those who borrow.
    acts["instalment"] = "none"
    if citizen["memberships"] & 4 and (day + i) % 30 == 0:
        if citizen["in_default"]:
            barred = citizen["listed_until"] > 0 or citizen["restricted_until"] > 0
            pays = chance("repay") < rules["cure_barred" if barred else "cure_free"]
        else:
            misses = rules["miss_rate"][citizen["thrift"]] * (384 - citizen["income"]) // 256
            pays = chance("repay") >= misses
        acts["instalment"] = "kept" if pays else "missed"

    # Once in thirty days there is room for a good deed, and for a visa application.
    acts["good deed"] = (day + i) % 30 == 15 and (
        chance("good deed") < rules["good_rate"] * citizen["trust"] // ONE
    )
    acts["applies"] = (day + i) % 30 == 7 and (
        chance("visa") < rules["visa_rate"] * citizen["income"] // 128
    )
    # M16: travel.
    mobile = 64 + citizen["mobility"]
    acts["flies"] = chance("flight") < rules["flight_rate"] * citizen["income"] * mobile // 32_768
    acts["rides"] = chance("train") < rules["train_rate"] * mobile // 128
    return acts


# --- 2 Sense


def sense(citizen, acts, double, watched, chance, rules):
    """Stage 2. What the sensors claim of this citizen; their errors are all that they are."""
    seen = {}
    # M7: a reader of posts flags some, and now and then an ordinary post.
    online = bool(citizen["memberships"] & 2)
    read = acts["posts"] and online and chance("post read") < rules["read_hit"]
    seen["contradicting"] = read and acts["contradicts"]
    seen["unpermitted"] = read and not acts["contradicts"]
    seen["misread"] = online and (
        chance("flagged") < rules["read_false"] * (64 + citizen["sociability"]) // 256
    )
    # M3: what marketplaces hand over.
    bought = acts["disfavoured"] or acts["favoured"]
    shared = bought and chance("purchase shared") < rules["shops_shared"]
    seen["disfavoured"] = shared and acts["disfavoured"]
    seen["favoured"] = shared and acts["favoured"]

    # M11, M12: a camera sees the offence, the face is run: it is found, or taken for a double.
    seen["minor"] = seen["face_taken_for_double"] = False
    if acts["offends"] and acts["under a camera"] and chance("minor probed") < rules["probed"]:
        if chance("minor match") < rules["match_hit"]:
            seen["minor"] = True
        else:
            mistake = rules["match_false"][citizen["group"]][double["group"]]
            seen["face_taken_for_double"] = chance("minor double") < mistake
    seen["serious"] = acts["offends seriously"] and (
        chance("serious seen") < rules["serious_cleared"][citizen["place"]]
    )
    # M14: passing a watch-list camera.
    passes = rules["pass_checked"][citizen["place"]] * (64 + citizen["mobility"]) // 256
    rate = rules["alert_hit"] if watched else rules["alert_false"][citizen["group"]]
    seen["alert"] = chance("pass by") < passes * rate // CERTAIN

    # Banks and courts.
    reported = acts["instalment"] != "none" and (
        chance("instalment reported") < rules["instalments_reported"]
    )
    seen["late"] = reported and acts["instalment"] == "missed"
    seen["repaid"] = reported and acts["instalment"] == "kept"
    seen["good"] = acts["good deed"] and chance("good deed seen") < rules["good_seen"]
    seen["judged"] = seen["name_taken_for_double"] = False
    if citizen["court"] == "called" and chance("register missed") >= rules["register_missed"]:
        mistyped = chance("register mistyped") < rules["register_mistyped"]
        seen["name_taken_for_double"], seen["judged"] = mistyped, not mistyped
    return seen


# --- 3 Fuse


def files_halve(i, day, rules):
    """Once in a half-life, each citizen on a day of their own, the counts of the file halve."""
    every = rules["halve_days"]
    own_day = (i * 2_654_435_769 % CERTAIN) * every // CERTAIN
    return every > 0 and own_day == day % every


def fuse(citizen, seen, mistaken, halved):
    """Stage 3 (M2). The dossier: counts by kind up to 255, and how many are not one's own."""
    new = {
        "late": seen["late"], "repaid": seen["repaid"],
        "default": seen["judged"] + mistaken["name"],
        "favoured": seen["favoured"], "disfavoured": seen["disfavoured"],
        "unpermitted": seen["unpermitted"] + seen["misread"],
        "contradicting": seen["contradicting"], "minor": seen["minor"] + mistaken["face"],
        "serious": seen["serious"], "good": seen["good"],
        "wrong_default": mistaken["name"], "wrong_post": seen["misread"],
        "wrong_minor": mistaken["face"],
    }  # fmt: skip
    for kind, more in new.items():
        kept = citizen[kind] // 2 if halved else citizen[kind]
        citizen[kind] = min(255, kept + more)


# --- 4 Score


def score(citizen, hears, rules):
    """Stage 4 (M1, M10). Points from the file, and from the company one is seen to keep."""
    worth = dict(zip(COUNTS, rules["points"], strict=True))
    own = rules["base"] + sum(worth[kind] * citizen[kind] for kind in COUNTS)
    not_ones_own = sum(worth[kind] * citizen[wrong] for kind, wrong in WRONG.items())
    observed = [
        one["score"]
        for layer, watched in zip(LAYERS, rules["observed"], strict=True)
        for one in hears[layer]
        if watched and one["score"] is not None
    ]
    company = 0
    if observed:
        mean = sum(observed) // len(observed)
        company = rules["association"] * (mean - rules["base"]) // ONE

    def within(points):
        return min(rules["ceiling"], max(rules["floor"], points))

    return {
        "total": within(own + company), "own": within(own), "rightful": within(own - not_ones_own)
    }  # fmt: skip


# --- 5 Decide


def decide(citizen, morning, seen, mistaken, points, day, chance, rules):
    """Stage 5 (M14, M15, M16, M23). Lists and thresholds become restrictions with reasons."""
    made = {"imposed": 0, "ended": 0, "wrongful": 0, "by association": False, "for speech": False}

    # A called appeal is ruled on first. It is upheld more readily for those without an own act.
    restricted = citizen["listed_until"] > 0 or citizen["restricted_until"] > 0
    made["heard"] = morning["appeal"] == "called"
    made["upheld"] = False
    if made["heard"] and restricted:
        own = "own act" in citizen["why_listed"] | citizen["why_restricted"]
        rate = rules["reverse_rightful" if own else "reverse_wrongful"]
        made["upheld"] = chance("appeal ruling") < rate

    # Restrictions run out, are lifted, or end because the debt is paid.
    if citizen["listed_until"] > 0:
        paid = "own act" in citizen["why_listed"] and not morning["in_default"]
        if day >= citizen["listed_until"] or made["upheld"] or paid or not rules["list_on"]:
            citizen["listed_until"], citizen["why_listed"] = 0, set()
            made["ended"] += 1
    if citizen["restricted_until"] > 0:
        if day >= citizen["restricted_until"] or made["upheld"] or not rules["restrict_on"]:
            citizen["restricted_until"], citizen["why_restricted"] = 0, set()
            made["ended"] += 1

    # The court's list: whoever is judged, or bears the name that was entered by mistake.
    entered = seen["judged"] or mistaken["name"]
    if rules["list_on"] and citizen["listed_until"] == 0 and entered and not made["upheld"]:
        citizen["listed_until"] = day + rules["list_days"]
        citizen["why_listed"] = {"list", "own act" if seen["judged"] else "wrong record"}
        made["imposed"] += 1
        made["wrongful"] += not seen["judged"]

    # The score's line. Whether one's own acts, wrong records or company explain it is kept.
    free = citizen["restricted_until"] == 0 and not made["upheld"]
    line = rules["line"]
    if rules["restrict_on"] and points["scored"] and free and points["total"] < line:
        citizen["restricted_until"] = day + rules["restrict_days"]
        why = set()
        if points["rightful"] < line:
            why.add("own act")
        if points["own"] < points["rightful"] and points["own"] < line:
            why.add("wrong record")
        if points["own"] >= line:
            why.add("association")
        citizen["why_restricted"] = why
        made["imposed"] += 1
        made["wrongful"] += "own act" not in why
        made["by association"] = why == {"association"}
        made["for speech"] = citizen["unpermitted"] + citizen["contradicting"] > 0

    # M23: some are told, and some of those appeal.
    told = made["imposed"] and morning["appeal"] != "waits" and chance("notice") < rules["notice"]
    made["appeals"] = bool(told) and chance("appeal filed") < rules["appeals"]
    # M14, M15.
    made["police sent"] = (
        seen["alert"]
        or (seen["contradicting"] and rules["visit_speech"])
        or (seen["serious"] and rules["visit_serious"])
    )
    made["privileged"] = points["scored"] and 0 < rules["privilege_line"] <= points["total"]
    return made


# --- 6 Respond


def meet(morning, acts, made, chance, rules):
    """What a citizen runs into, under the restrictions of the morning."""
    bans = 0  # 1 flights, 2 trains, 4 visas
    if morning["listed_until"] > 0:
        bans |= rules["list_bans"]
    if morning["restricted_until"] > 0:
        bans |= rules["score_bans"]
    met = {
        "no flight": acts["flies"] and bool(bans & 1),
        "no train": acts["rides"] and bool(bans & 2),
        "no visa": acts["applies"] and bool(bans & 4),
        "stopped": morning["police"] == "called",
    }
    met["stopped for own act"] = met["stopped"] and morning["police_for_own_act"]
    met["fast visa"] = acts["applies"] and made["privileged"] and not met["no visa"]
    refused = met["no flight"] or met["no train"] or met["no visa"]
    met["appeals"] = refused and morning["appeal"] != "waits" and (
        chance("refusal appeal") < rules["appeals_refused"]
    )  # fmt: skip
    third = acts["instalment"] == "missed" and morning["overdue"] >= 2
    met["defaults"] = third and not morning["in_default"]
    met["cured"] = acts["instalment"] == "kept" and morning["in_default"]
    return met


def moved(level, step, decay, rest):
    """A feeling moved by what happened and drawn back to where it rests."""
    return min(65_535, max(0, level + step - (level - rest) * decay // ONE))


def respond(citizen, morning, acts, seen, watched, points, made, met, known, rules):
    """Stage 6 (M18, M21, M23). Feelings, debts, appeals: all that tomorrow inherits."""
    flagged = seen["unpermitted"] + seen["contradicting"] + seen["misread"]
    refused = met["no flight"] + met["no train"] + met["no visa"]
    risk = (
        rules["risk_removed"] * flagged
        + rules["risk_stopped"] * met["stopped"]
        + rules["risk_penalised"] * made["imposed"]
        + rules["risk_refused"] * refused
        + rules["risk_heard"] * share_who(known, "penalised") // ONE
    )
    detection = (
        rules["detection_caught"] * (seen["minor"] + seen["serious"])
        + rules["detection_heard"] * share_who(known, "caught") // ONE
    )
    trust = (
        rules["trust_kept"] * share_who(known, "kept") // ONE
        - rules["trust_broke"] * share_who(known, "broke") // ONE
        - rules["trust_stopped"] * met["stopped"]
        - rules["trust_wronged"] * made["wrongful"]
    )
    citizen["risk"] = moved(morning["risk"], risk, rules["risk_decay"], 0)
    citizen["detection"] = moved(morning["detection"], detection, rules["detection_decay"], 0)
    citizen["trust"] = moved(morning["trust"], trust, rules["trust_decay"], 32_768)
    citizen["score"] = points["total"]

    if acts["instalment"] == "kept":
        citizen["overdue"] = 0
    elif acts["instalment"] == "missed":
        citizen["overdue"] = min(255, morning["overdue"] + 1)

    # Who was called today has been; then what happened today sets people waiting.
    for desk in ("court", "police", "appeal"):
        if morning[desk] == "called":
            citizen[desk] = "no"
    if morning["police"] == "called":
        citizen["police_for_own_act"] = False
    if met["defaults"]:
        citizen["in_default"], citizen["court"] = True, "waits"
    if met["cured"]:
        citizen["in_default"] = False
        if citizen["court"] == "waits":
            citizen["court"] = "no"
    if made["police sent"]:
        citizen["police"] = "waits"
        if seen["contradicting"] or seen["serious"] or (seen["alert"] and watched):
            citizen["police_for_own_act"] = True
    if made["appeals"] or met["appeals"]:
        citizen["appeal"] = "waits"
    citizen["appeal_wait"] = 0
    if citizen["appeal"] == "waits":  # one filed today waits from today, whatever was heard
        before = morning["appeal_wait"] if morning["appeal"] == "waits" else 0
        citizen["appeal_wait"] = min(255, before + 1)

    if made["upheld"] and rules["correct"]:  # the court also clears what is not one's own
        for kind, wrong in WRONG.items():
            citizen[kind] = max(0, citizen[kind] - citizen[wrong])
            citizen[wrong] = 0


# --- Overnight


def open_desks(citizens, rules, day, seed):
    """Each district's court, police and appeal court call as many as they have places for."""
    for number, start in enumerate(range(0, len(citizens), DISTRICT)):
        ids = range(start, min(len(citizens), start + DISTRICT))
        turn = luck(seed, STREAM["desk"], day, number) % len(ids)
        for desk in ("court", "police", "appeal"):
            each = rules[f"{desk}_desk"] * len(ids)
            whole = ONE * 1_000_000
            places = each * (day + 1) // whole - each * day // whole
            for i in (*ids[turn:], *ids[:turn]):
                citizen = citizens[i]
                early = desk == "appeal" and citizen["appeal_wait"] < rules["appeal_delay"]
                if places > 0 and citizen[desk] == "waits" and not early:
                    citizen[desk] = "called"
                    places -= 1


# --- 7 Measure


def measure(counted, citizen, acts, seen, watched, mistaken, points, made, met, day):
    """Stage 7. Truth and file side by side; nothing above ever reads these counts."""
    in_force = (citizen["listed_until"] > 0) + (citizen["restricted_until"] > 0)
    own = ("contradicting", "unpermitted", "disfavoured", "favoured", "minor", "serious", "late",
           "repaid", "good", "judged")  # fmt: skip
    flows = {
        "would_posts": acts["would post"],
        "posts": acts["posts"],
        "chilled_acts": acts["would post"] and not acts["posts"],
        "would_offences": acts["would offend"],
        "offences": acts["offends"],
        "serious_offences": acts["offends seriously"],
        "instalments_due": acts["instalment"] != "none",
        "instalments_kept": acts["instalment"] == "kept",
        "defaults": met["defaults"],
        "true_sightings": sum(seen[kind] for kind in own),
        "false_sightings": seen["misread"] + mistaken["face"] + mistaken["name"],
        "true_news_flagged": acts["true news"] and (
            seen["contradicting"] or seen["unpermitted"]
        ),
        "alerts": seen["alert"],
        "true_alerts": seen["alert"] and watched,
        "imposed": made["imposed"],
        "ended": made["ended"],
        "in_force": in_force,
        "restricted": in_force > 0,
        "wrongful": made["wrongful"],
        "association_only": made["by association"],
        "for_speech": made["for speech"],
        "stops": met["stopped"],
        "wrongful_stops": met["stopped"] and not met["stopped for own act"],
        "flights_refused": met["no flight"],
        "trains_refused": met["no train"],
        "visas_refused": met["no visa"],
        "fast_visas": met["fast visa"],
        "appeals_filed": made["appeals"] or met["appeals"],
        "appeals_heard": made["heard"],
        "appeals_upheld": made["upheld"],
        "appeal_days": citizen["appeal_wait"] > 0,
    }
    levels = {
        "adults": True,
        "in_default": citizen["in_default"],
        "scored": points["scored"],
        "privileged": made["privileged"],
        "watched": watched,
        "records": sum(citizen[kind] for kind in COUNTS),
        "score_sum": citizen["score"] if points["scored"] else 0,
        "risk_sum": citizen["risk"],
        "trust_sum": citizen["trust"],
    }
    for name, value in flows.items():
        counted[name] = counted.get(name, 0) + int(value)
    for name, value in levels.items():  # taken each seventh day
        counted[name] = counted.get(name, 0) + (int(value) if day % 7 == 0 else 0)


# --- For comparison with the engine


def as_record(citizen):
    """A citizen as the engine's packed numbers, in the order of its State."""
    why = {"own act": 1, "wrong record": 2, "association": 4, "list": 8}
    listed = sum(why[reason] for reason in citizen["why_listed"])
    restricted = sum(why[reason] for reason in citizen["why_restricted"])
    standing = (
        1 * citizen["in_default"]
        + 2 * (citizen["court"] == "waits") + 4 * (citizen["court"] == "called")
        + 8 * (citizen["police"] == "waits") + 16 * (citizen["police"] == "called")
        + 32 * (citizen["appeal"] == "waits") + 64 * (citizen["appeal"] == "called")
        + 128 * citizen["police_for_own_act"]
    )  # fmt: skip
    return (
        citizen["score"], citizen["risk"], citizen["detection"], citizen["trust"],
        citizen["listed_until"], citizen["restricted_until"],
        *(citizen[kind] for kind in COUNTS), *(citizen[kind] for kind in WRONG.values()),
        citizen["overdue"], standing, listed + 16 * restricted, citizen["appeal_wait"],
    )  # fmt: skip
