"""The same day in plain Python, one person at a time, for readers who do not program.

This is the model of Underwatch a second time, written slowly. It uses nothing
but whole numbers, dictionaries and `if`. The fast engine must agree with it in
every citizen; a test compares them.

How to read it
- A *citizen* is a dictionary: who they are (age, thrift, prudence …) and what
  yesterday left in them (risk, trust, file …). Traits, feelings and opinions run
  from 0 to 255.
- The *rules* are what a scenario says for the day. A probability there is a
  number out of 4,294,967,296 (two to the 32nd); a share or weight is a number
  out of 65,536. Halving and rounding are always downwards.
- *Chance* is looked up, never rolled: `luck(seed, stream, day, person)` is the
  same number whenever and wherever it is asked for.

The order of a day: overnight the news of yesterday arrives; then 1 live,
2 sense, 3 fuse, 4 score, 5 decide, 6 respond, 7 measure; and at the end of the
day the desks of each district call who waits, and once a month everyone looks
at their ties.
"""

from functools import lru_cache

DISTRICT = 65_536  # citizens of one district, who share courts, police and streets
NEIGHBOURHOOD = 512  # citizens of one neighbourhood, whose office sends its files up
ONE = 65_536  # a share of 1
CERTAIN = 2**32  # a probability of 1
LAYERS = ("home", "local", "online")

# What the file counts, and the counts of those records that are really another's or nobody's.
COUNTS = (
    "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
    "minor", "serious", "good", "assembly", "evasion",
)  # fmt: skip
WRONG = {
    "default": "wrong_default", "unpermitted": "wrong_post", "minor": "wrong_minor",
    "assembly": "wrong_assembly",
}  # fmt: skip
MOST = 15  # an office counts no further
LOCAL, REGION, NATION = 0, 1, 2  # whose file a reader reads
NO_COPY = {"points": 0, "foreign": 0, "contradicting": 0, "serious": 0, "speech": 0}

# The addresses of chance: what each stream decides.
STREAM = {
    "post": 0, "message": 1, "purchase": 2, "minor": 3, "protest": 4, "rare": 5, "feeling": 6,
    "drift": 7, "post kind": 32, "true news": 33, "post read": 34, "post filtered": 35,
    "petition read": 36, "protest seen": 37, "protest match": 38, "protest lookalike": 39,
    "foreign blocked": 40, "foreign seen": 41, "foreign moved": 42, "protest filtered": 43,
    "minor spot": 44, "minor match": 45, "minor lookalike": 46, "minor probed": 47,
    "serious seen": 48, "neighbour": 49, "neighbour reports": 50, "neighbour known": 51,
    "repay": 52, "good deed seen": 53, "instalment reported": 54, "message kind": 55,
    "register missed": 56, "register mistyped": 57, "appeal filed": 58, "appeal ruling": 59,
    "notice": 60, "refusal appeal": 61, "review ruling": 62, "review error": 63,
    "naming": 64, "employer": 65, "dismissal": 66, "rehired": 67, "lapse": 68, "visit": 69,
    "message read": 70,
    "correction": 71, "queue": 80, "occasion": 81,
    "region delivery": 84, "nation delivery": 85, "dissolve": 88, "turnover": 104,
    "face lookalike": 1 << 17, "name lookalike": (1 << 17) + 1,
}  # fmt: skip
# What is rare shares one draw, each kind turned to a place of its own on it.
RARE = (
    "serious", "flight", "train", "visa", "good deed", "misread", "slander", "bystander",
    "learn", "join", "foreign visit", "petition", "pass by",
)  # fmt: skip


# --- Chance


def draw(seed, stream, day, person):
    """One of 4,294,967,296 numbers, at its address; four streams share a draw of four."""
    return four_numbers(seed, stream // 4, day, person)[stream % 4]


@lru_cache(maxsize=1000)  # only so that asking twice is quick
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


def hashed(*words):
    """A number of 64 bits from some words: SplitMix64's finaliser (Steele and others, 2014)."""
    word, found = 2**64 - 1, 0
    for one in words:
        found = ((found ^ one & word) + 0x9E3779B97F4A7C15) & word
        found = ((found ^ found >> 30) * 0xBF58476D1CE4E5B9) & word
        found = ((found ^ found >> 27) * 0x94D049BB133111EB) & word
        found ^= found >> 31
    return found


class Chance:
    """The luck of one person on one day: `chance("post")`."""

    def __init__(self, seed, day, person):
        self.address = (seed, day, person)

    def __call__(self, what):
        seed, day, person = self.address
        if what in RARE:
            return (draw(seed, STREAM["rare"], day, person) + (RARE.index(what) << 28)) % CERTAIN
        return draw(seed, STREAM[what], day, person)


# --- The start


def newborn(traits, closed, rules):
    """A citizen on the first morning: an empty file, no fear, middling trust."""
    citizen = dict(traits)
    citizen |= {name: 0 for name in (*COUNTS, *WRONG.values())}
    citizen |= {
        "risk": 0, "detection": 0, "trust": 0, "support": 0, "opinion": 0,
        "named": 0, "appeal_wait": 0, "listed_until": 0, "score_until": 0, "overdue": 0,
        "in_default": False, "member": False, "knows": False, "dismissed": False,
        "court": "no", "police": "no", "appeal": "no", "review": "no",  # no, waits, or served
        "police_for_own_act": False, "why_listed": set(), "why_restricted": set(),
        "dissolved": set(closed),  # slots of candidate ties that are not open
        "region": None, "nation": None,  # what these hold of the citizen's file
    }  # fmt: skip
    if citizen["age"] >= 18:
        citizen["trust"], citizen["opinion"] = 128, citizen["conviction"]
        at_rest = rules["support_rest"] - rules["support_opinion"] * citizen["opinion"] // 256
        citizen["support"] = min(255, max(0, at_rest))
    return citizen


def silent():
    """What others see of somebody who shows nothing: also what they see of a child."""
    return {
        "spoke": False, "penalised": False, "caught": False, "kept": False, "broke": False,
        "named": False, "petitioned": False, "protested": False, "marched": False,
        "boasts": False, "score": None,
        "face_misidentified": False, "crowd_misidentified": False,
        "name_misidentified": False,
    }  # fmt: skip


def live(people, contacts, rules_by_day, days, seed):
    """Live some days. Returns (citizens, counts): counts[day][measure].

    people: a list of dictionaries of traits. contacts[i]: the slots of citizen i's ties,
    {"home": ids, "slots": sixteen ids or None, "closed": the slots not open at the start}.
    rules_by_day[day]: the rules that hold.
    """
    citizens = [
        newborn(p, own["closed"], rules_by_day[0]) for p, own in zip(people, contacts, strict=True)
    ]
    shown = [silent() for _ in people]  # what others saw yesterday
    streets = [0] * -(-len(people) // DISTRICT)  # how full each district's street was
    counts = []
    for day in range(days):
        rules, today, counted = rules_by_day[day], [], {}
        for i, citizen in enumerate(citizens):
            if citizen["age"] < 18:
                today.append(silent())
                continue
            around = surroundings(i, citizens, contacts, shown, streets, day, seed)
            chance = Chance(seed, day, i)
            today.append(one_day(citizen, i, around, chance, day, rules, counted))
        shown = today
        serve_queues(citizens, rules, day, seed)
        streets = street_counts(shown)
        if day % 30 == 29:
            look_at_ties(citizens, contacts, shown, rules, day, seed)
        counts.append(counted)
    return citizens, counts


def surroundings(i, citizens, contacts, shown, streets, day, seed):
    """All of the world that reaches citizen i today."""
    home = [j for j in contacts[i]["home"] if citizens[j]["age"] >= 18]
    slots = [
        None if slot in citizens[i]["dissolved"] else j
        for slot, j in enumerate(contacts[i]["slots"])
    ]
    known = {
        "home": home,
        "local": [j for j in slots[:12] if j is not None],
        "online": [j for j in slots[12:] if j is not None],
    }
    # Registers hold adults alone: what is mistaken for a child falls on the head of the household.
    mine = [i]
    if citizens[i]["place_in_home"] == 0:
        mine += [j for j in contacts[i]["home"] if citizens[j]["age"] < 18]
    faces_today = draw(seed, STREAM["face lookalike"], day, 0)
    faces_yesterday = draw(seed, STREAM["face lookalike"], day - 1, 0)
    names_yesterday = draw(seed, STREAM["name lookalike"], day - 1, 0)
    names = lookalike_of(i, names_yesterday, len(citizens))
    return {
        "hears": {layer: [shown[j] for j in known[layer]] for layer in LAYERS},
        "face": [word_of_double(shown, j, i, faces_yesterday) for j in mine],
        "name": [word_of_double(shown, j, i, names_yesterday) for j in mine],
        "namesake": shown[names],
        "lookalike": citizens[lookalike_of(i, faces_today, len(citizens))],
        "neighbours": [None if j is None else citizens[j] for j in slots[:4]],
        "ties": len(known["local"]) + len(known["online"]),
        "street": streets[i // DISTRICT],
        "occasion": lambda: draw(seed, STREAM["occasion"], day // 7, i // DISTRICT),
    }


def lookalike_of(i, turn, total):
    """Whom citizen i is mistaken for: a pairing of everyone, which the day's luck turns."""
    return (turn % total - i) % total


def word_of_double(shown, i, answers, turn):
    """What i's double showed yesterday; nothing, if that is who answers for i themselves."""
    double = lookalike_of(i, turn, len(shown))
    return silent() if double == answers else shown[double]


def one_day(citizen, i, around, chance, day, rules, counted):
    """A night and the seven stages for one adult. Changes the citizen; returns what others see."""
    hears = around["hears"]
    known = [one for layer in LAYERS for one in hears[layer]]
    scored = is_scored(citizen, i, rules)
    deliver(citizen, i, around["namesake"], day, chance, rules)
    overnight(citizen, hears, known, scored, chance, rules)

    morning = dict(citizen)
    mistaken = {
        "face": any(one["face_misidentified"] for one in around["face"]),
        "crowd": any(one["crowd_misidentified"] for one in around["face"]),
        "name": any(one["name_misidentified"] for one in around["name"]),
    }
    acts = act(citizen, i, day, around, known, chance, rules)
    watched = is_watched(citizen, rules)
    seen = sense(citizen, acts, around, watched, chance, rules)
    fuse(citizen, seen, mistaken, files_halve(i, day, rules))
    points = score(citizen, hears, rules)
    points |= {"scored": scored, "ties": around["ties"]}
    private = company_score(citizen, known, rules)
    made = decide(citizen, morning, seen, mistaken, points, private, watched, day, chance, rules)
    met = meet(citizen, morning, acts, seen, made, chance, rules)
    respond(citizen, morning, acts, seen, made, met, rules)
    boasting = boasts(citizen, private, rules)
    measure(counted, citizen, acts, seen, watched, mistaken, points, boasting, made, met, day)
    restricted = citizen["listed_until"] > 0 or bool(citizen["why_restricted"])
    return {
        "spoke": seen["heard"],
        "penalised": restricted or met["stopped"] or seen["removed"] or seen["misread"],
        "caught": seen["minor"] or seen["serious"],
        "kept": acts["instalment"] == "kept",
        "broke": acts["instalment"] == "missed",
        "named": citizen["named"] > 0,
        "petitioned": acts["petitions"],
        "protested": seen["protest passes"],
        "marched": acts["protests"],
        "boasts": boasting,
        "score": points["total"] if scored else None,
        "face_misidentified": seen["face_misidentified"],
        "crowd_misidentified": seen["crowd_misidentified"],
        "name_misidentified": seen["name_misidentified"],
    }  # fmt: skip


def share_who(known, what):
    """Of the adults one knows, the share who showed this yesterday, out of 65,536."""
    if not known:
        return 0
    return sum(bool(one[what]) for one in known) * (ONE // len(known))


# --- Overnight: files are delivered, and yesterday's news arrives


def deliver(citizen, i, namesake, day, chance, rules):
    """M5. On its own day a neighbourhood's office sends what its files come to upwards."""
    for tier, stream in (("region", "region delivery"), ("nation", "nation delivery")):
        every = rules[f"{tier}_every"]
        own_day = (i // NEIGHBOURHOOD * 2_654_435_769 % CERTAIN) * every // CERTAIN
        if every == 0 or own_day != day % every:
            continue
        if citizen["piloted"] >= rules[f"{tier}_connected"]:
            citizen[tier] = None  # this neighbourhood is not connected
        elif chance(stream) >= rules[f"{tier}_missed"]:
            worth = dict(zip(COUNTS, rules[f"{tier}_points"], strict=True))
            copy = copy_of(citizen, worth, rules[f"{tier}_sees"], rules)
            amiss = rules[f"{tier}_missed"] + rules[f"{tier}_mistaken"]
            if chance(stream) < amiss:  # … under another's name
                others = 0 if namesake["score"] is None else namesake["score"] - rules["base"]
                own = copy["points"] - copy["foreign"]
                copy = dict(NO_COPY, points=others, foreign=others - own)
            for points in ("points", "foreign"):
                copy[points] = min(2047, max(-2048, copy[points]))
            citizen[tier] = copy


def found_in(file, kind, sees):
    """How many records of a kind a reader finds; `sees` says, bit by bit, which it may read."""
    return file[kind] if sees // 2 ** COUNTS.index(kind) % 2 else 0


def copy_of(citizen, worth, sees, rules):
    """What a file comes to for a reader: points, those not one's own, and speech."""
    market = citizen["memberships"] // 16 % 4
    handed_over = rules["compelled"] // 2**market % 2
    points = sum(
        worth[kind] * citizen[kind]
        for kind in COUNTS
        if handed_over or kind not in ("favoured", "disfavoured")
    )
    spoken = ("contradicting", "unpermitted", "assembly")
    return {
        "points": points,
        "foreign": sum(worth[kind] * citizen[wrong] for kind, wrong in WRONG.items()),
        "contradicting": min(7, found_in(citizen, "contradicting", sees)),
        "serious": min(3, found_in(citizen, "serious", sees)),
        # Posts and assembly are a reason only where they weigh anything.
        "speech": min(3, sum(found_in(citizen, kind, sees) for kind in spoken if worth[kind])),
    }


def copy_for(citizen, reader, rules):
    """What a reader finds: the local file, or what the region or the nation holds."""
    if reader == LOCAL:
        return copy_of(citizen, rules, rules["sees"], rules)
    held = citizen["nation"] if reader == NATION else citizen["region"]
    return held or NO_COPY


def overnight(citizen, hears, known, scored, chance, rules):
    """What contacts showed yesterday moves feelings and opinions (M18, M19, M21, M22)."""
    points = score(citizen, hears, rules)
    private = company_score(citizen, known, rules)
    perks = privileged(citizen, points["total"], scored, private, rules)
    penalised, named = share_who(known, "penalised"), share_who(known, "named")
    caught = share_who(known, "caught")
    news = min(ONE, (penalised + named) * rules["news_passes"] // ONE)

    risk = (rules["risk_heard"] * penalised + rules["risk_named"] * named) // ONE
    detection = rules["detection_heard"] * caught // ONE
    trust = (
        rules["trust_kept"] * share_who(known, "kept")
        - rules["trust_broke"] * share_who(known, "broke")
    ) // ONE
    support = (
        rules["support_caught"] * caught
        - rules["support_heard"] * news
        + rules["support_perk"] * perks * ONE
    ) // ONE
    loyal = rules["support_rest"] - rules["support_opinion"] * citizen["opinion"] // 256
    rest = max(0, loyal - rules["support_knows"] * citizen["knows"])

    before = citizen["opinion"]
    four = chance("feeling")
    for feeling, moved_by, resting, byte in (
        ("risk", risk, 0, four % 256),
        ("detection", detection, 0, four // 2**8 % 256),
        ("trust", trust, rules["trust_rest"], four // 2**16 % 256),
        ("support", support, rest, four // 2**24),
    ):
        level = citizen[feeling]
        drawn = (level - resting) * rules[f"{feeling}_decay"] // 256
        exact = level * 256 + moved_by - drawn
        citizen[feeling] = min(255, max(0, (exact + byte) // 256))
    citizen["opinion"] = drifted(citizen, before, known, chance, rules)
    if chance("learn") < rules["learn"] * news:
        citizen["knows"] = True


def drifted(citizen, opinion, known, chance, rules):
    """Private opinion one step up, one down, or where it was (M19)."""
    share = 0 if not known else ONE // len(known)
    heard = sum(one["spoke"] + one["petitioned"] + one["protested"] for one in known)
    voices = min(ONE, heard * share)
    age = "young" if citizen["age"] < 30 else "middle" if citizen["age"] < 60 else "old"
    up = rules["drift_voices"] * voices * (255 - opinion) // 2**24
    down = rules["drift_official"] * opinion // 256
    home = rules["drift_home"] * abs(citizen["conviction"] - opinion) // 256
    if citizen["conviction"] > opinion:
        up += home
    if citizen["conviction"] < opinion:
        down += home
    up, down = up * rules[f"open_{age}"] // 256, down * rules[f"open_{age}"] // 256
    opinion += chance("drift") < up
    opinion -= CERTAIN - 1 - chance("drift") < down
    return min(255, max(0, opinion))


# --- 1 Live


def act(citizen, i, day, around, known, chance, rules):
    """Stage 1. Each lawful act asks the same luck twice: at the risk felt, and at none."""
    acts = speak(citizen, around, known, chance, rules)

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
        held = rules["deter"][citizen["prudence"] * felt // 256]
        acts["offends"] = chance("minor") < wish * held // ONE
    wish = rules["serious_rate"] * (64 + citizen["independence"]) // 256
    felt = citizen["detection"] * rules["elsewhere"] // ONE
    held = rules["deter"][citizen["prudence"] * felt // 256]
    acts["offends seriously"] = chance("serious") < wish and (
        chance("serious") < wish * held // ONE
    )

    # M9, M21: an instalment every thirty days, for those who borrow. M13: less is earned after
    # a dismissal.
    income = citizen["income"] // 2 if citizen["dismissed"] else citizen["income"]
    acts["instalment"] = "none"
    if citizen["memberships"] & 4 and (day + i) % 30 == 0:
        if citizen["in_default"]:
            barred = citizen["listed_until"] > 0 or bool(citizen["why_restricted"])
            pays = chance("repay") < rules["cure_barred" if barred else "cure_free"]
        else:
            misses = rules["miss_rate"][citizen["thrift"]] * (384 - income) // 256
            if citizen["knows"]:  # whoever knows what awaits debtors takes care
                misses = misses * rules["careful"][citizen["prudence"]] // ONE
            pays = chance("repay") >= misses
        acts["instalment"] = "kept" if pays else "missed"

    # A good deed, a visa application; M16: travel.
    acts["good deed"] = chance("good deed") < rules["good_rate"] * citizen["trust"] // 256
    acts["applies"] = chance("visa") < rules["visa_rate"] * income // 128
    mobile = 64 + citizen["mobility"]
    acts["flies"] = chance("flight") < rules["flight_rate"] * income * mobile // 32_768
    acts["rides"] = chance("train") < rules["train_rate"] * mobile // 128

    # M4: word of mouth, and the perks that the private score offers.
    heard = rules["join_heard"] * share_who(known, "boasts") // ONE
    acts["joins"] = (
        bool(rules["precursor_on"]) and shops and not citizen["member"]
        and chance("join") < rules["join_alone"] + heard
    )  # fmt: skip
    return acts


def speak(citizen, around, known, chance, rules):
    """Lawful expression (M6, M7, M17, M18)."""
    acts = {}
    opinion = citizen["opinion"]
    held = rules["chill"][citizen["prudence"] * citizen["risk"] // 256]
    sociable = 128 + citizen["sociability"]

    # A critical post. Opinion and company move people to it, fear holds them back.
    wish = rules["post_rate"][opinion] * sociable // 256
    wish = among(wish, rules["hear_boost"], share_who(known, "spoke"))
    acts["would post"] = chance("post") < wish
    acts["posts"] = acts["would post"] and chance("post") < wish * held // ONE
    acts["contradicts"] = acts["posts"] and chance("post kind") < rules["contradicting_share"]
    acts["true news"] = acts["posts"] and chance("true news") < rules["true_share"]

    # A message to one contact. In private, risk is felt less.
    wish = rules["message_rate"][opinion] * sociable // 256
    felt = citizen["risk"] * rules["risk_in_private"] // ONE
    dared = rules["chill"][citizen["prudence"] * felt // 256]
    acts["would message"] = chance("message") < wish
    acts["messages"] = acts["would message"] and chance("message") < wish * dared // ONE
    acts["message contradicts"] = acts["messages"] and (
        chance("message kind") < rules["contradicting_share"]
    )

    # A petition.
    wish = among(
        rules["petition_rate"][opinion], rules["sign_boost"], share_who(known, "petitioned")
    )
    acts["would petition"] = chance("petition") < wish
    acts["petitions"] = chance("petition") < wish * held // ONE

    # Protest (Granovetter): some begin, given an occasion; others join where enough contacts are.
    acts["would protest"] = acts["protests"] = False
    others = share_who(known, "protested")
    spark = rules["spark"][opinion]
    most = rules["cap_march"] if others else spark
    if chance("protest") < most and around["occasion"]() < rules["occasion"]:
        threshold = rules["threshold"][citizen["threshold"]]
        threshold += (255 - opinion) * rules["threshold_loyal"]
        feared = rules["threshold_risk"] * (citizen["prudence"] * citizen["risk"] // 256)
        would_join = others > 0 and others >= threshold
        dares_join = others > 0 and others >= threshold + feared
        acts["would protest"] = chance("protest") < (
            max(rules["join"], spark) if would_join else spark
        )
        acts["protests"] = chance("protest") < (rules["join"] if dares_join else 0) or (
            chance("protest") < spark * held // ONE
        )

    # A look at a foreign source.
    wish = rules["foreign_visit_rate"] * (64 + citizen["independence"]) // 256
    online = bool(citizen["memberships"] & 2)
    acts["would foreign visit"] = online and chance("foreign visit") < wish
    acts["foreign_visits"] = online and chance("foreign visit") < wish * held // ONE
    return acts


def among(wish, boost, share):
    """A wish, made stronger by the share of contacts who do the same."""
    return min(CERTAIN, wish * (ONE + boost * share // ONE) // ONE)


# --- 2 Sense


def sense(citizen, acts, around, watched, chance, rules):
    """Stage 2. What the sensors claim of this citizen; their errors are all that they are."""
    online = bool(citizen["memberships"] & 2)
    kept = bool(rules["shops_record"])  # M3, M8: what the marketplace knows
    seen = {"disfavoured": kept and acts["disfavoured"], "favoured": kept and acts["favoured"]}

    # M6: the firewall. What it stops is not heard by contacts, and moves nobody.
    seen["post passes"] = acts["posts"] and chance("post filtered") >= rules["post_filtered"]
    seen["protest passes"] = acts["protests"] and (
        chance("protest filtered") >= rules["protest_filtered"]
    )
    stopped = acts["foreign_visits"] and chance("foreign blocked") < rules["foreign_blocked"]
    round_it = stopped and bool(citizen["memberships"] & 8)
    seen["abroad"] = acts["foreign_visits"] and (round_it or not stopped)
    seen["evasion"] = round_it and chance("foreign seen") < rules["evasion_seen"]

    # M7: a reader of posts flags some, and now and then an ordinary post.
    flagged = acts["posts"] and online and chance("post read") < rules["read_hit"]
    seen["removed"] = flagged  # as its author and contacts see
    seen["flagged true news"] = flagged and acts["true news"]
    seen["contradicting"] = int(flagged and acts["contradicts"])
    seen["unpermitted"] = int(flagged and not acts["contradicts"])
    seen["private"] = acts["messages"] and watched  # M14: the watched, in private
    seen["private"] = seen["private"] and chance("message read") < rules["messages_read"]
    seen["contradicting"] += seen["private"] and acts["message contradicts"]
    seen["unpermitted"] += seen["private"] and not acts["message contradicts"]
    seen["misread"] = online and (
        chance("misread") < rules["read_false"] * (64 + citizen["sociability"]) // 256
    )
    seen["heard"] = seen["post passes"] and not flagged
    seen["petition"] = acts["petitions"] and online and (
        chance("petition read") < rules["petition_hit"]
    )  # fmt: skip

    # M11, M12: a camera sees the offence, the face is run: it is found, or taken for a double.
    seen["minor"] = seen["face_misidentified"] = False
    if acts["offends"] and acts["under a camera"] and chance("minor probed") < rules["probed"]:
        found, mistaken = probe(citizen, around["lookalike"], "minor", chance, rules)
        seen["minor"], seen["face_misidentified"] = found, mistaken
    # M17: and the protest.
    seen["protest"] = seen["crowd_misidentified"] = False
    if acts["protests"] and chance("protest seen") < rules["crowd_seen"][citizen["place"]]:
        found, mistaken = probe(citizen, around["lookalike"], "protest", chance, rules)
        seen["protest"], seen["crowd_misidentified"] = found, mistaken
    # M14: wrong place, wrong time; and passing a watch-list camera.
    passes = 64 + citizen["mobility"]
    near = (rules["presence"][citizen["place"]] * around["street"] // ONE) * passes // 256
    seen["bystander"] = chance("bystander") < near and not acts["protests"]
    checked = rules["pass_checked"][citizen["place"]] * passes // 256
    rate = rules["alert_hit"] if watched else rules["alert_false"][citizen["group"]]
    seen["alert"] = chance("pass by") < checked * rate // CERTAIN

    # Banks, courts and other registers.
    reported = acts["instalment"] != "none" and (
        chance("instalment reported") < rules["instalments_reported"]
    )
    seen["late"] = reported and acts["instalment"] == "missed"
    seen["repaid"] = reported and acts["instalment"] == "kept"
    seen["serious"] = acts["offends seriously"] and (
        chance("serious seen") < rules["serious_cleared"][citizen["place"]]
    )
    seen["good"] = acts["good deed"] and chance("good deed seen") < rules["good_seen"]
    seen["judged"] = seen["name_misidentified"] = False
    if citizen["court"] == "served" and chance("register missed") >= rules["register_missed"]:
        mistyped = chance("register mistyped") < rules["register_mistyped"]
        seen["name_misidentified"], seen["judged"] = mistyped, not mistyped

    seen |= neighbours_tell(acts, around["neighbours"], chance, rules)
    return seen


def probe(citizen, lookalike, of, chance, rules):
    """One face run against the gallery: (found, or taken for the double)."""
    if chance(f"{of} match") < rules["match_hit"]:
        return True, False
    mistake = rules["match_false"][citizen["group"]][lookalike["group"]]
    return False, chance(f"{of} lookalike") < mistake


def neighbours_tell(acts, neighbours, chance, rules):
    """M20. One neighbour, drawn for today, may report what was said; or may lie."""
    ready = 0
    for turn in (3, 2, 1, 0):  # the first of them who is there, from where luck begins
        neighbour = neighbours[(chance("neighbour") + turn) % 4]
        if neighbour is not None:
            ready = (255 - neighbour["conviction"]) * (255 - neighbour["independence"])
    critical = acts["posts"] or acts["messages"] or acts["protests"]
    truly = critical and chance("neighbour reports") < rules["reports"] * ready // ONE
    falsely = chance("slander") < rules["cap_slander"] * ready // ONE
    known = (truly or falsely) and chance("neighbour known") < rules["informer_known"]
    return {"reported": truly, "slandered": falsely, "informer found out": known}


def is_watched(citizen, rules):
    """M14. Whether the file that the police read counts enough contradicting posts, or offences."""
    kinds = ("contradicting", "serious")
    found = {kind: found_in(citizen, kind, rules["sees"]) for kind in kinds}
    if rules["police_read"] != LOCAL:
        found = citizen["nation"] if rules["police_read"] == NATION else citizen["region"]
    found = found or NO_COPY
    return (
        0 < rules["watch_line"] <= found["contradicting"]
        or 0 < rules["watch_crimes"] <= found["serious"]
    )


# --- 3 Fuse


def files_halve(i, day, rules):
    """Once in a half-life, each citizen on a day of their own, the counts of the file halve."""
    every = rules["halve_days"]
    own_day = (i * 2_654_435_769 % CERTAIN) * every // CERTAIN
    return every > 0 and own_day == day % every


def fuse(citizen, seen, mistaken, halved):
    """Stage 3 (M2). The dossier: counts by kind up to 15, and how many are not one's own."""
    new = {
        "late": seen["late"], "repaid": seen["repaid"],
        "default": seen["judged"] + mistaken["name"],
        "favoured": seen["favoured"], "disfavoured": seen["disfavoured"],
        "unpermitted": seen["unpermitted"] + seen["reported"] + seen["misread"]
        + seen["slandered"],
        "contradicting": seen["contradicting"], "minor": seen["minor"] + mistaken["face"],
        "serious": seen["serious"], "good": seen["good"],
        "assembly": seen["protest"] + seen["petition"] + seen["bystander"] + mistaken["crowd"],
        "evasion": seen["evasion"],
        "wrong_default": mistaken["name"], "wrong_post": seen["misread"] + seen["slandered"],
        "wrong_minor": mistaken["face"],
        "wrong_assembly": seen["bystander"] + mistaken["crowd"],
    }  # fmt: skip
    for kind, more in new.items():
        kept = citizen[kind] // 2 if halved else citizen[kind]
        citizen[kind] = min(MOST, kept + more)


# --- 4 Score


def is_scored(citizen, i, rules):
    """M1, M4. Whether the state scores this citizen: where it does, unless they opted out."""
    opted_out = i * 2_246_822_519 % CERTAIN < rules["opted_out"]
    return bool(rules["scoring"]) and citizen["piloted"] < rules["piloted"] and not opted_out


def score(citizen, hears, rules):
    """Stage 4 (M1, M10). Points from the file, and from the company one is seen to keep."""
    copy = copy_for(citizen, rules["score_reads"], rules)
    own = rules["base"] + copy["points"]
    observed = [
        one["score"]
        for layer in LAYERS
        for one in hears[layer]
        if rules[f"observed_{layer}"] and one["score"] is not None
    ]
    company = 0
    if observed:
        mean = sum(observed) // len(observed)
        company = rules["association"] * (mean - rules["base"]) // ONE

    def within(points):
        return min(rules["ceiling"], max(rules["floor"], points))

    return {
        "total": within(own + company), "own": within(own),
        "rightful": within(own - copy["foreign"]), "speech": copy["speech"],
    }  # fmt: skip


def company_score(citizen, known, rules):
    """M4. What the company thinks of a member: instalments, purchases, and friends who boast."""
    points = rules["private_base"] + sum(
        rules[f"private_{kind}"] * citizen[kind]
        for kind in ("late", "repaid", "favoured", "disfavoured")
    )
    points += rules["private_connections"] * share_who(known, "boasts") // ONE
    return min(rules["private_ceiling"], max(rules["private_floor"], points))


def boasts(citizen, private, rules):
    """M4. The high-scored show it off, if they are sociable enough."""
    return (
        bool(rules["precursor_on"]) and citizen["member"] and private >= rules["boast_line"]
        and citizen["sociability"] >= rules["boast_sociability"]
    )  # fmt: skip


def privileged(citizen, total, scored, private, rules):
    """M15. Whether the public score or the private one opens the fast lane."""
    public = scored and 0 < rules["privilege_line"] <= total
    company = bool(rules["precursor_on"]) and citizen["member"]
    return public or (company and 0 < rules["perk_line"] <= private)


# --- 5 Decide


def decide(citizen, morning, seen, mistaken, points, private, watched, day, chance, rules):
    """Stage 5 (M13–M16, M23). Lists and thresholds become restrictions with reasons."""
    made = {"ended": 0, "wrongful": 0, "listed": False, "scored out": False,
            "by association": False, "for speech": False}  # fmt: skip
    hear_cases(made, morning, chance, rules)
    lift(citizen, morning, made, day, rules)
    blacklist(citizen, seen, mistaken, made, day, rules)
    draw_the_line(citizen, morning, points, made, day, rules)
    made["imposed"] = made["listed"] + made["scored out"]

    # M23: some are told, and some of those appeal.
    made["told"] = made["imposed"] > 0 and chance("notice") < rules["notice"]
    made["appeals"] = made["told"] and morning["appeal"] != "waits" and (
        chance("appeal filed") < rules["appeals"]
    )  # fmt: skip

    # M13: some who are caught or listed are named in public, and some of their employers told.
    claimed = seen["minor"] or mistaken["face"]
    p = max(rules["named"] * claimed, rules["named_listed"] * made["listed"])
    made["named"] = chance("naming") < p
    own = seen["minor"] or (made["listed"] and seen["judged"])
    made["wrongly named"] = made["named"] and not own
    made["dismissed"] = (
        made["named"] and chance("employer") < rules["employers_notified"]
        and not morning["dismissed"] and chance("dismissal") < rules["dismissals"]
    )  # fmt: skip

    # M14: police at the door, for an act of one's own or for somebody else's.
    made["police for own act"] = (
        (seen["contradicting"] > 0 and chance("visit") < rules["visit_speech"])
        or (seen["serious"] and chance("visit") < rules["visit_serious"])
        or ((seen["protest"] or seen["petition"]) and chance("visit") < rules["visit_assembly"])
        or (seen["alert"] and watched)
    )
    taken = (seen["bystander"] or mistaken["crowd"]) and chance("visit") < rules["visit_assembly"]
    made["police sent"] = made["police for own act"] or taken or seen["alert"]
    made["fast lane"] = privileged(morning, points["total"], points["scored"], private, rules)
    return made


def hear_cases(made, morning, chance, rules):
    """M23. A called appeal is ruled on: more readily upheld for those without an own act."""
    because = morning["why_listed"] | morning["why_restricted"]
    made["heard"] = morning["appeal"] == "served"
    made["upheld"] = False
    if made["heard"] and because:
        rate = rules["reverse_rightful" if "own act" in because else "reverse_wrongful"]
        made["upheld"] = chance("appeal ruling") < rate
    called = morning["review"] == "served"
    made["reviewer keeps"] = called and chance("review ruling") < rules["review_confirms"]
    made["reviewer errs"] = called and chance("review error") < rules["review_errs"]


def lift(citizen, morning, made, day, rules):
    """Restrictions run out, are lifted, or end because the debt is paid."""
    if citizen["listed_until"] > 0:
        paid = "own act" in citizen["why_listed"] and not morning["in_default"]
        if day >= citizen["listed_until"] or made["upheld"] or paid or not rules["list_on"]:
            citizen["listed_until"], citizen["why_listed"] = 0, set()
            made["ended"] += 1
    if citizen["score_until"] > 0:
        if day >= citizen["score_until"] or made["upheld"] or not rules["restrict_on"]:
            made["ended"] += bool(citizen["why_restricted"])
            citizen["score_until"], citizen["why_restricted"] = 0, set()
            if made["upheld"] and rules["ruling_holds"] > 0:  # spared for some time
                citizen["score_until"] = day + rules["ruling_holds"]


def blacklist(citizen, seen, mistaken, made, day, rules):
    """The court's list: whoever is judged, or bears the name that was entered by mistake."""
    entered = seen["judged"] or mistaken["name"]
    if rules["list_on"] and citizen["listed_until"] == 0 and entered and not made["upheld"]:
        citizen["listed_until"] = day + rules["list_days"]
        citizen["why_listed"] = {"list", "own act" if seen["judged"] else "wrong record"}
        made["wrongful"] += not seen["judged"]
        made["listed"] = True


def draw_the_line(citizen, morning, points, made, day, rules):
    """The score's line. Whether one's own acts, wrong records or company explain it is kept."""
    line = rules["line"]
    made["to review"] = made["reviewed"] = made["spared"] = False
    below = rules["restrict_on"] and points["scored"] and points["total"] < line
    if not below or citizen["score_until"] > 0 or made["upheld"]:
        return
    why = set()
    if points["speech"] > 0 and points["own"] < line:
        why.add("speech")
    if points["rightful"] < line:
        why.add("own act")
    if points["own"] < points["rightful"] and points["own"] < line:
        why.add("wrong record")
    if points["own"] >= line:
        why.add("association")
    if rules["review_on"]:  # somebody looks at it first
        made["reviewed"] = morning["review"] == "served"
        made["to review"] = not made["reviewed"] and morning["review"] != "waits"
        if not made["reviewed"]:
            return
        if not made["reviewer keeps" if "own act" in why else "reviewer errs"]:
            made["spared"] = True
            citizen["score_until"] = day + rules["restrict_days"]
            return
    citizen["score_until"], citizen["why_restricted"] = day + rules["restrict_days"], why
    made["wrongful"] += "own act" not in why
    made["by association"] = why == {"association"}
    made["for speech"] = "speech" in why
    made["scored out"] = True


# --- 6 Respond


def bans_on(morning, rules):
    """M16. What a citizen may not do: 1 flights, 2 trains, 4 visas."""
    bans = 0
    if morning["listed_until"] > 0:
        bans |= rules["list_bans"]
    why = morning["why_restricted"]
    if why == {"association"}:
        bans |= rules["association_bans"]
    elif "speech" in why:
        bans |= rules["speech_bans"]
    elif why:
        bans |= rules["score_bans"]
    return bans


def meet(citizen, morning, acts, seen, made, chance, rules):
    """What a citizen runs into, under the restrictions of the morning."""
    bans = bans_on(morning, rules)
    met = {
        "no flight": acts["flies"] and bool(bans & 1),
        "no train": acts["rides"] and bool(bans & 2),
        "no visa": acts["applies"] and bool(bans & 4),
        "stopped": morning["police"] == "served",
    }
    met["stopped for own act"] = met["stopped"] and morning["police_for_own_act"]
    met["fast visa"] = acts["applies"] and made["fast lane"] and not met["no visa"]
    refused = met["no flight"] or met["no train"] or met["no visa"]
    met["appeals"] = refused and morning["appeal"] != "waits" and (
        chance("refusal appeal") < rules["appeals_refused"]
    )  # fmt: skip
    third = acts["instalment"] == "missed" and morning["overdue"] >= 2
    met["defaults"] = third and not morning["in_default"]
    met["cured"] = acts["instalment"] == "kept" and morning["in_default"]
    met["rehired"] = morning["dismissed"] and chance("rehired") < rules["rehired"]
    amiss = any(citizen[wrong] for wrong in WRONG.values())
    found = amiss and chance("correction") < rules["corrected_daily"]
    met["corrected"] = found or (made["upheld"] and bool(rules["correct"]) and amiss)
    met["lapsed"] = morning["police"] == "waits" and chance("lapse") < rules["lapse"]
    met["moved"] = seen["abroad"] and chance("foreign moved") < rules["foreign_moves"]
    return met


def respond(citizen, morning, acts, seen, made, met, rules):
    """Stage 6 (M4, M13, M18, M21, M22, M23). What befell a citizen; all that tomorrow inherits."""
    flagged = seen["removed"] + seen["misread"]  # of the rest nobody is told
    refused = met["no flight"] + met["no train"] + met["no visa"]
    told = made["imposed"] * made["told"]
    penalties = told + refused + met["stopped"] + made["named"]
    moves = {
        "risk": rules["risk_removed"] * flagged + rules["risk_stopped"] * met["stopped"]
        + rules["risk_penalised"] * told + rules["risk_refused"] * refused
        + rules["risk_own_name"] * made["named"],
        "detection": rules["detection_caught"] * (seen["minor"] + seen["serious"]),
        "trust": -rules["trust_stopped"] * met["stopped"]
        - rules["trust_informed"] * seen["informer found out"]
        - rules["trust_wronged"] * (made["wrongful"] * made["told"] + made["wrongly named"]),
        "support": rules["support_visa"] * met["fast visa"]
        - rules["support_penalised"] * penalties,
        "opinion": met["moved"],
    }  # fmt: skip
    for feeling, step in moves.items():
        citizen[feeling] = min(255, max(0, citizen[feeling] + step))
    if penalties > 0:
        citizen["knows"] = True
    citizen["named"] = rules["named_days"] if made["named"] else max(0, citizen["named"] - 1)

    if acts["instalment"] == "kept":
        citizen["overdue"] = 0
    elif acts["instalment"] == "missed":
        citizen["overdue"] = min(3, morning["overdue"] + 1)
    if acts["joins"]:
        citizen["member"] = True
    if made["dismissed"]:
        citizen["dismissed"] = True
    elif met["rehired"]:
        citizen["dismissed"] = False

    # Who was called today has been; then what happened today sets people waiting.
    for desk in ("court", "police", "appeal", "review"):
        if morning[desk] == "served":
            citizen[desk] = "no"
    if morning["police"] == "served" or met["lapsed"]:
        citizen["police"], citizen["police_for_own_act"] = "no", False
    if met["defaults"]:
        citizen["in_default"], citizen["court"] = True, "waits"
    if met["cured"]:
        citizen["in_default"] = False
        if citizen["court"] == "waits":
            citizen["court"] = "no"
    if made["police sent"]:
        citizen["police"] = "waits"
        citizen["police_for_own_act"] |= made["police for own act"]
    if made["to review"]:
        citizen["review"] = "waits"
    if not rules["review_on"] and citizen["review"] == "waits":
        citizen["review"] = "no"
    if made["appeals"] or met["appeals"]:
        citizen["appeal"] = "waits"
    citizen["appeal_wait"] = 0
    if citizen["appeal"] == "waits":  # one filed today waits from today, whatever was heard
        before = morning["appeal_wait"] if morning["appeal"] == "waits" else 0
        citizen["appeal_wait"] = min(255, before + 1)

    if met["corrected"]:  # what is not one's own is cleared, by the court or the office
        for kind, wrong in WRONG.items():
            citizen[kind] = max(0, citizen[kind] - citizen[wrong])
            citizen[wrong] = 0


# --- At the end of the day


def serve_queues(citizens, rules, day, seed):
    """Each district's courts, police and reviewers call as many as they have places for."""
    for number, start in enumerate(range(0, len(citizens), DISTRICT)):
        ids = range(start, min(len(citizens), start + DISTRICT))
        turn = draw(seed, STREAM["queue"], day, number) % len(ids)
        for desk in ("court", "police", "appeal", "review"):
            each = rules[f"{desk}_capacity"] * len(ids)
            whole = ONE * 1_000_000
            places = each * (day + 1) // whole - each * day // whole
            for i in (*ids[turn:], *ids[:turn]):
                citizen = citizens[i]
                early = desk == "appeal" and citizen["appeal_wait"] < rules["appeal_delay"]
                if places > 0 and citizen[desk] == "waits" and not early:
                    citizen[desk] = "served"
                    places -= 1


def street_counts(shown):
    """How full each district's street was, whoever heard of it."""
    streets = []
    for start in range(0, len(shown), DISTRICT):
        there = shown[start : start + DISTRICT]
        streets.append(sum(one["marched"] for one in there) * ONE // len(there))
    return streets


def look_at_ties(citizens, contacts, shown, rules, day, seed):
    """M19. Either end may refuse a tie because of what the other costs; other ties turn over."""
    for i, citizen in enumerate(citizens):
        for slot, j in enumerate(contacts[i]["slots"]):
            if j is None:
                continue
            refused = any(
                dissolves(citizens[a], a, slot, shown[a], shown[b], rules, day, seed)
                for a, b in ((i, j), (j, i))
            )
            both = hashed(seed, STREAM["turnover"], day, min(i, j) * 16 + slot) >> 32
            if slot in citizen["dissolved"]:
                if both < rules["ties_open"] and not refused:
                    citizen["dissolved"].remove(slot)
            elif refused or both < rules["ties_end"]:
                citizen["dissolved"].add(slot)


def dissolves(one, i, slot, mine, other, rules, day, seed):
    """Whether citizen i refuses this tie: shame, and the points that the other's score costs."""
    layer = "local" if slot < 12 else "online"
    cost = rules["shame"] if other["penalised"] or other["named"] else 0
    both_scored = mine["score"] is not None and other["score"] is not None
    if rules[f"observed_{layer}"] and both_scored:
        lost = rules["association"] * max(0, rules["base"] - other["score"]) // ONE
        cost += rules["dissolve_points"] * lost
    if cost == 0:
        return False
    loose = rules["looseness"][0 if slot < 4 else 1 if slot < 12 else 2]
    p = min(CERTAIN, (cost * rules["dissolve"] // ONE) * one["prudence"] // 256)
    return draw(seed, STREAM["dissolve"] + slot, day, i) < p * loose // ONE


# --- 7 Measure


def measure(counted, citizen, acts, seen, watched, mistaken, points, boasting, made, met, day):
    """Stage 7. Truth and file side by side; nothing above ever reads these counts."""
    in_force = (citizen["listed_until"] > 0) + bool(citizen["why_restricted"])
    wished = [
        acts[f"would {a}"] for a in ("post", "message", "petition", "protest", "foreign visit")
    ]
    done = [acts[a] for a in ("posts", "messages", "petitions", "protests", "foreign_visits")]
    own = ("contradicting", "unpermitted", "petition", "disfavoured", "favoured", "minor",
           "protest", "serious", "late", "repaid", "good", "judged", "reported",
           "evasion")  # fmt: skip
    by_face = mistaken["face"] + mistaken["crowd"]
    flows = {
        "would_acts": sum(wished), "chilled_acts": sum(wished) - sum(done),
        "would_posts": acts["would post"], "posts": acts["posts"],
        "would_messages": acts["would message"], "messages": acts["messages"],
        "would_petitions": acts["would petition"], "petitions": acts["petitions"],
        "would_protests": acts["would protest"], "protests": acts["protests"],
        "would_foreign_visits": acts["would foreign visit"], "foreign_visits": acts["foreign_visits"],
        "foreign_visits_blocked": acts["foreign_visits"] and not seen["abroad"],
        "posts_filtered": acts["posts"] and not seen["post passes"],
        "posts_removed": seen["post passes"] and not seen["heard"],
        "would_offences": acts["would offend"], "offences": acts["offends"],
        "would_offences_watched": acts["under a camera"],
        "offences_watched": acts["offends"] and acts["under a camera"],
        "serious_offences": acts["offends seriously"],
        "instalments_due": acts["instalment"] != "none",
        "instalments_kept": acts["instalment"] == "kept",
        "defaults": met["defaults"], "joined": acts["joins"],
        "true_sightings": sum(seen[kind] for kind in own),
        "false_sightings": seen["misread"] + by_face + mistaken["name"] + seen["bystander"]
        + seen["slandered"],
        "false_by_reader": seen["misread"], "false_by_face": by_face,
        "false_by_name": mistaken["name"], "false_by_neighbour": seen["slandered"],
        "bystanders": seen["bystander"], "neighbours_reports": seen["reported"],
        "messages_read": seen["private"], "evasions_seen": seen["evasion"],
        "true_news_flagged": seen["flagged true news"],
        "alerts": seen["alert"], "true_alerts": seen["alert"] and watched,
        "imposed": made["imposed"], "ended": made["ended"],
        "in_force": in_force, "restricted": in_force > 0,
        "wrongful": made["wrongful"], "association_only": made["by association"],
        "for_speech": made["for speech"],
        "reviewed": made["reviewed"], "spared": made["spared"], "corrections": met["corrected"],
        "namings": made["named"], "wrongful_namings": made["wrongly named"],
        "dismissals": made["dismissed"],
        "stops": met["stopped"],
        "wrongful_stops": met["stopped"] and not met["stopped for own act"],
        "flights_refused": met["no flight"], "trains_refused": met["no train"],
        "visas_refused": met["no visa"], "privileged_visas": met["fast visa"],
        "appeals_filed": made["appeals"] or met["appeals"],
        "appeals_heard": made["heard"], "appeals_upheld": made["upheld"],
        "appeal_days": citizen["appeal_wait"] > 0,
    }  # fmt: skip
    held = [citizen[kind] > 0 for kind in (*COUNTS, *WRONG.values())]
    above = [citizen["region"] is not None, citizen["nation"] is not None]
    shown = points["total"] if points["scored"] else 0
    levels = {
        "adults": True, "in_default": citizen["in_default"], "dismissed": citizen["dismissed"],
        "named": citizen["named"] > 0, "scored": points["scored"], "members": citizen["member"],
        "boasting": boasting, "privileged": made["fast lane"], "watched": watched,
        "records": sum(citizen[kind] for kind in COUNTS),
        "regional_files": above[0], "national_files": above[1],
        "tiers_with_file": any(held) + sum(above),
        "score_sum": shown, "risk_sum": citizen["risk"], "trust_sum": citizen["trust"],
        "support_sum": citizen["support"], "supporters": citizen["support"] > 127,
        "knowing": citizen["knows"],
        "knowing_support_sum": citizen["support"] if citizen["knows"] else 0,
        "opinion_sum": citizen["opinion"], "ties_open": points["ties"],
    }  # fmt: skip
    for name, value in flows.items():
        counted[name] = counted.get(name, 0) + int(value)
    for name, value in levels.items():  # taken each seventh day
        counted[name] = counted.get(name, 0) + (int(value) if day % 7 == 0 else 0)


# --- For comparison with the engine


def as_record(citizen):
    """A citizen as the engine's packed numbers, in the order of its State."""
    why = {"own act": 1, "wrong record": 2, "association": 4, "list": 8, "speech": 8}
    listed = sum(why[reason] for reason in citizen["why_listed"])
    restricted = sum(why[reason] for reason in citizen["why_restricted"])
    standing = 1 * citizen["in_default"]
    for desk, waits in (("court", 2), ("police", 8), ("appeal", 32), ("review", 128)):
        standing += {"no": 0, "waits": waits, "served": 2 * waits}[citizen[desk]]
    standing += 512 * citizen["police_for_own_act"] + 1024 * citizen["member"]
    standing += 2048 * citizen["knows"] + 4096 * citizen["dismissed"] + 8192 * citizen["overdue"]
    kinds = (*COUNTS, *WRONG.values())
    return (
        citizen["risk"], citizen["detection"], citizen["trust"], citizen["support"],
        citizen["opinion"], citizen["named"], citizen["appeal_wait"], listed + 16 * restricted,
        citizen["listed_until"], citizen["score_until"], standing,
        sum(1 << slot for slot in citizen["dissolved"]),
        sum(citizen[kind] << 4 * k for k, kind in enumerate(kinds)),
        packed_copy(citizen["region"]), packed_copy(citizen["nation"]),
    )  # fmt: skip


def packed_copy(copy):
    """A tier's copy as the engine holds it."""
    if copy is None:
        return 0
    return (
        (1 << 31) + (copy["speech"] << 29) + (copy["serious"] << 27) + (copy["contradicting"] << 24)
        + ((copy["foreign"] + 2048) << 12) + copy["points"] + 2048
    )  # fmt: skip
