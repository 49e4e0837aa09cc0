"""The same day in plain Python, one person at a time, for readers who do not program.

This is the model of Underwatch a second time, written for reading. It uses only
whole numbers, dictionaries and `if`. The fast engine must agree with it in every
citizen; a test compares them.

How to read it
- A *citizen* is a dictionary: traits (age, thrift, prudence …) and a state that
  changes from day to day (risk, trust, file …). Traits, feelings and opinions run
  from 0 to 255.
- The *parameters* are the scenario's values on the day. A probability is a number
  out of 4,294,967,296 (two to the 32nd); a share or weight is a number out of
  65,536. Halving and rounding are always downwards.
- A *random draw* is looked up by its address: `draw(seed, stream, day, person)` is
  the same number whenever it is asked for. So two scenarios have the same draws.

The order of a day: overnight, contacts' public signals of yesterday arrive; then
1 act, 2 sense, 3 fuse, 4 score, 5 decide, 6 respond, 7 measure. At the end of the
day the queues of each district are served, and once a month ties are reviewed.
"""

from functools import lru_cache

DISTRICT = 65_536  # citizens of one district, who share courts and police
NEIGHBOURHOOD = 512  # citizens of one neighbourhood, whose office sends its files up
ONE = 65_536  # a share of 1
CERTAIN = 2**32  # a probability of 1
LAYERS = ("home", "local", "online")

# What the file counts, and the counts of those records that are not the citizen's own.
COUNTS = (
    "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
    "minor", "serious", "good", "assembly", "evasion",
)  # fmt: skip
WRONG = {
    "default": "wrong_default", "unpermitted": "wrong_post", "minor": "wrong_minor",
    "assembly": "wrong_assembly",
}  # fmt: skip
MOST = 15  # the largest count
PURCHASES = ("favoured", "disfavoured")
LOCAL, REGION, NATION = 0, 1, 2  # the office whose file a reader reads

# The streams of random draws: what each decides.
STREAM = {
    "feeling": 0, "fine feeling": 1, "drift": 2, "learn": 3,
    "post kind": 32, "true news": 33, "post read": 34, "post filtered": 35,
    "petition read": 36, "protest seen": 37, "protest match": 38, "protest lookalike": 39,
    "foreign blocked": 40, "foreign seen": 41, "foreign moved": 42, "protest filtered": 43,
    "minor spot": 44, "minor match": 45, "minor lookalike": 46, "minor probed": 47,
    "serious seen": 48, "neighbour": 49, "neighbour reports": 50, "neighbour known": 51,
    "repay": 52, "good deed seen": 53, "instalment reported": 54, "message kind": 55,
    "register missed": 56, "register mistyped": 57, "appeal filed": 58, "appeal ruling": 59,
    "notice": 60, "refusal appeal": 61, "review ruling": 62, "review error": 63,
    "naming": 64, "employer": 65, "dismissal": 66, "rehired": 67, "lapse": 68, "visit": 69,
    "message read": 70,
    "correction": 71, "application": 72, "flight": 73, "train": 74, "operator": 78,
    "petition filtered": 79, "queue": 80, "occasion": 81,
    "region delivery": 84, "nation delivery": 85, "stop outcome": 86, "dissolve": 88,
    "turnover": 104, "death": 128, "birthday": 129, "birth": 130, "meeting": 132,
    "face lookalike": 1 << 17, "name lookalike": (1 << 17) + 1, "resemblance": (1 << 17) + 2,
}  # fmt: skip
# Acts and events. The upper half of a kind's draw is one half of a number that two kinds share, of
# streams 4 to 11. The lower half has a stream of its own, the first of which is 112.
KINDS = (
    "post", "message", "purchase", "minor", "protest", "serious", "visa", "good deed", "misread",
    "slander", "bystander", "join", "foreign visit", "petition", "pass by", "rounding",
)  # fmt: skip
UPPER_HALVES, LOWER_HALVES = 4, 112
LINKED = 256  # the first of the streams that decide which records of a namesake are linked


# --- Random draws


def draw(seed, stream, day, person):
    """A number below 4,294,967,296, at its address; four streams share one block of four."""
    return four_numbers(seed, stream // 4, day, person)[stream % 4]


@lru_cache(maxsize=1000)  # only for speed
def four_numbers(seed, block, day, person):
    """Philox4x32-10 (Salmon and others, 2011): four numbers from an address."""
    bits = 0xFFFFFFFF
    a, b, c, d = person & bits, (person >> 32) & bits, day & bits, block & bits
    key, other = seed & bits, (seed >> 32) & bits
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ key, q & bits, (p >> 32) ^ d ^ other, p & bits
        key, other = (key + 0x9E3779B9) & bits, (other + 0xBB67AE85) & bits
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
    """A person's random draws of a day: `chance("learn")`, `chance.happens("visa", p)`."""

    def __init__(self, seed, day, person):
        self.address = (seed, day, person)

    def __call__(self, what):
        seed, day, person = self.address
        return draw(seed, STREAM[what], day, person)

    def later(self, what, days):
        """The draw of the same person some days later."""
        seed, day, person = self.address
        return draw(seed, STREAM[what], day + days, person)

    def record(self, office, kind, number):
        """The draw that decides whether one record of a namesake is linked at an office."""
        seed, day, person = self.address
        return draw(seed, LINKED + 256 * office + 16 * COUNTS.index(kind) + number, day, person)

    def upper(self, what):
        """The upper half of the draw of a kind."""
        seed, day, person = self.address
        kind = KINDS.index(what)
        word = draw(seed, UPPER_HALVES + kind // 2, day, person)
        return word // 65_536 if kind % 2 else word % 65_536

    def happens(self, what, p):
        """Whether an act or event happens, at probability p. The lower half is seldom needed."""
        high = self.upper(what)
        if high != p // 65_536:
            return high < p // 65_536
        seed, day, person = self.address
        low = draw(seed, LOWER_HALVES + KINDS.index(what), day, person) % 65_536
        return high * 65_536 + low < p


# --- The start


def resting_trust(i, params):
    """The level to which citizen i's trust returns, from 0 to 255."""
    place = i * 2_654_435_761 % CERTAIN
    place = (place ^ place // 32_768) * 2_246_822_519 % CERTAIN // 65_536
    rest = params["trust_rest"] + params["trust_width"] * (place - 32_768) // 65_536
    return min(255, max(0, rest))


def newborn(traits, closed, params, i=0):
    """Citizen i on the first morning: an empty file, no perceived risk, trust at rest."""
    citizen = dict(traits)
    citizen |= {name: 0 for name in (*COUNTS, *WRONG.values())}
    citizen |= {
        "risk": 0, "detection": 0, "trust": 0, "support": 0, "opinion": 0,
        "named": 0, "appeal_wait": 0, "listed_until": 0, "score_until": 0, "overdue": 0,
        "in_default": False, "member": False, "knows": False, "dismissed": False,
        "court": "no", "police": "no", "appeal": "no", "review": "no",  # no, waits, or served
        "police_for_own_act": False, "why_listed": set(), "why_restricted": set(),
        "dissolved": set(closed),  # slots of candidate ties that are not open
        "fatigue": 0,  # recent days of protest, up to 15
        "instalments": 0, "declined_months": 0,  # left of a loan; until the next application
        "police_for_speech": False,
        "region": empty_file(), "nation": empty_file(),  # the files of the tiers above
        # M3. Purchases that were handed over to the local office, those of somebody else among
        # them, and kinds of flagged records that wait at the platform for its next delivery.
        "handed": dict.fromkeys(PURCHASES, 0), "mislinked": dict.fromkeys(PURCHASES, 0),
        "waiting": set(),
    }  # fmt: skip
    if citizen["age"] >= 18:
        citizen["trust"], citizen["opinion"] = resting_trust(i, params), citizen["conviction"]
        citizen["support"] = params["support_start"][citizen["opinion"]]
    return citizen


def first_loan(citizen, i, params):
    """On the first day, who wants credit has a loan of some age: the instalments that are left."""
    if not params["credit_on"] or citizen["age"] < 18 or not citizen["memberships"] & 4:
        return 0
    return 1 + i * 3_266_489_917 % CERTAIN * params["credit_term"] // CERTAIN


def silent():
    """The public signals of somebody who shows nothing, such as a child."""
    return {
        "spoke": False, "penalised": False, "caught": False, "kept": False, "broke": False,
        "sanctioned": False, "petitioned": False, "protested": False, "marched": False,
        "offended": False,
        "boasts": False, "penalised for speech": False, "score": None,
        "face_misidentified": False, "crowd_misidentified": False,
        "name_misidentified": False, "watched": False,
    }  # fmt: skip


def simulate(people, contacts, params_by_day, days, seed):
    """Simulate some days. Returns (citizens, counts): counts[day][measure].

    people: a list of dictionaries of traits. contacts[i]: the slots of citizen i's ties,
    {"home": ids, "slots": sixteen ids or None, "closed": the slots not open at the start}.
    params_by_day[day]: the parameters that hold.
    """
    citizens = [
        newborn(p, own["closed"], params_by_day[0], i)
        for i, (p, own) in enumerate(zip(people, contacts, strict=True))
    ]
    for i, citizen in enumerate(citizens):
        citizen["instalments"] = first_loan(citizen, i, params_by_day[0])
    shown = [silent() for _ in people]  # yesterday's public signals
    protesters = [0] * -(-len(people) // DISTRICT)  # yesterday's share in each district
    offenders = list(protesters)
    lists = {}  # who waits in each queue, in order
    # Citizens on the watch list yesterday; before the first day, those enrolled at random.
    listed = sum(
        is_enrolled(i, seed, params_by_day[0]) for i, c in enumerate(citizens) if c["age"] >= 18
    )
    counts = []
    life = {
        "earlier": [0] * len(people),
        "birthday": [birthday(i, seed) for i in range(len(people))],
    }
    for day in range(days):
        params, today = params_by_day[day], []
        counted = {"deaths": 0, "births": 0, "comings_of_age": 0, "ended_by_death": 0, "ended": 0}
        if day > 0 and day % 30 == 0 and params["vital"]:
            pass_month(citizens, contacts, shown, life, params, day, seed, counted)
        deliver(citizens, params, day, seed)
        for i, citizen in enumerate(citizens):
            if citizen["age"] < 18:
                today.append(silent())
                continue
            around = surroundings(i, citizens, contacts, shown, protesters, day, seed)
            around["offenders"] = offenders[i // DISTRICT]
            around["faces"] = faces_on_list(listed, len(people), params)
            chance = Chance(seed, day, i)
            today.append(one_day(citizen, i, around, chance, day, params, counted))
        shown = today
        listed = sum(one["watched"] for one in shown)
        serve_queues(citizens, lists, params, day, seed, counted)
        protesters = shares_of(shown, citizens, "marched", ONE)
        offenders = shares_of(shown, citizens, "offended", 2**24)
        if day % 30 == 29:
            review_ties(citizens, contacts, shown, params, day, seed)
        counts.append(counted)
    return citizens, counts


# --- Once a month: birthdays, deaths, births


def birthday(i, seed):
    """The birthday of a citizen of the first day, as a day of a year of 365 days."""
    return (hashed(seed, STREAM["birthday"], 0, i) >> 32) * 365 >> 32


def pass_month(citizens, contacts, shown, life, params, day, seed, counted):
    """Who had a birthday in the past thirty days, who died, and who comes after them (M19).

    All of it is decided by seed, number and month alone, so it is the same in every world; only
    what children hear from their parents differs.
    """
    dead, of_age = [], []
    for i, citizen in enumerate(citizens):
        had_birthday = (day - 1 - life["birthday"][i]) % 365 < 30
        citizen["age"] = min(110, citizen["age"] + had_birthday)
        if hashed(seed, STREAM["death"], day, i) >> 32 < params["deaths"][citizen["age"]]:
            dead.append(i)
        elif had_birthday and citizen["age"] == 18:
            of_age.append(i)

    for i in dead:
        one = citizens[i]
        restrictions = (one["listed_until"] > 0) + bool(one["why_restricted"])
        counted["deaths"] += 1
        counted["ended"] += restrictions
        counted["ended_by_death"] += restrictions
        mistakes = {name: shown[i][name] for name in shown[i] if name.endswith("misidentified")}
        shown[i] = silent() | mistakes  # an act of yesterday is entered today
        life["earlier"][i] += 1
        life["birthday"][i] = day % 365
    for i in of_age:
        citizens[i] = newborn(traits_of(citizens[i]), (), params, i)
        counted["comings_of_age"] += 1

    # Where no adult is left in a household, an adult moves in; then children are born.
    homes = {i: sorted([i, *contacts[i]["home"]]) for i in dead}
    moved = []
    for i in dead:
        adults = [j for j in homes[i] if citizens[j]["age"] >= 18 and j not in dead]
        first = min(j for j in homes[i] if j in dead)
        if not adults and i == first:
            moved.append(i)
    for i in moved:
        low, high = bytes_of_bearer(i, life["earlier"][i], seed)
        traits = traits_of(citizens[i]) | own_traits(low)
        traits |= {"age": 18 + high[5] * 12 // 256, "conviction": params["convictions"][high[6]]}
        citizens[i] = newborn(traits, (), params, i)
    born = [i for i in dead if i not in moved]
    children = {}
    for i in born:
        adults = [j for j in homes[i] if j in moved or (
            citizens[j]["age"] >= 18 and j not in dead
        )]  # fmt: skip
        low, high = bytes_of_bearer(i, life["earlier"][i], seed)
        parent = citizens[adults[(high[1] + 256 * high[2]) * len(adults) // 65_536]]
        traits = traits_of(citizens[i]) | own_traits(low) | {"age": 0}
        if high[0] < params["heirs"]:
            traits["income"] = parent["income"]
        held = parent["opinion"] + (high[3] + high[4] - 255) * params["conviction_spread"] // 255
        held = abs(held)
        traits["conviction"] = 510 - held if held > 255 else held
        children[i] = newborn(traits, (), params, i)
        counted["births"] += 1
    for i in born:
        citizens[i] = children[i]
    meet_others(citizens, contacts, sorted(of_age + moved), born, day, seed)


def traits_of(citizen):
    """The traits of a citizen without the state."""
    names = ("age", "group", "place", "income", "thrift", "conviction", "prudence",
             "independence", "sociability", "mobility", "taste", "memberships", "place_in_home",
             "home_size", "piloted", "threshold")  # fmt: skip
    return {name: citizen[name] for name in names}


def bytes_of_bearer(i, earlier, seed):
    """Sixteen random bytes of whoever has number i after so many earlier bearers."""
    words = (hashed(seed, STREAM["birth"] + k, earlier, i) for k in (0, 1))
    return tuple([word >> 8 * k & 255 for k in range(8)] for word in words)


def own_traits(low):
    """The traits that are drawn anew for everyone."""
    names = ("thrift", "prudence", "independence", "sociability", "mobility", "taste", "threshold",
             "income")  # fmt: skip
    return dict(zip(names, low, strict=True))


def meet_others(citizens, contacts, new_adults, born, day, seed):
    """A newborn's ties close at both ends; those between a new adult and adults open by lot."""
    for i in born:
        for slot, j in enumerate(contacts[i]["slots"]):
            if j is not None:
                citizens[i]["dissolved"].add(slot)
                citizens[j]["dissolved"].add(slot)
    for i in new_adults:
        for slot, j in enumerate(contacts[i]["slots"]):
            if j is None:
                continue
            u = hashed(seed, STREAM["meeting"], day, min(i, j) * 16 + slot) >> 32
            for end in (citizens[i], citizens[j]):
                if citizens[j]["age"] >= 18 and u < 2 * CERTAIN // 3:
                    end["dissolved"].discard(slot)
                else:
                    end["dissolved"].add(slot)


def surroundings(i, citizens, contacts, shown, protesters, day, seed):
    """All that reaches citizen i from others today."""
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
    # Registers hold adults only: the head of the household answers for a child's lookalike.
    answers_for = [i]
    if citizens[i]["place_in_home"] == 0:
        answers_for += [j for j in contacts[i]["home"] if citizens[j]["age"] < 18]
    faces = draw(seed, STREAM["face lookalike"], 0, 0)
    names_yesterday = draw(seed, STREAM["name lookalike"], day - 1, 0)
    return {
        "hears": {layer: [shown[j] for j in known[layer]] for layer in LAYERS},
        "face": [signals_of_lookalike(shown, j, i, faces) for j in answers_for],
        "name": [signals_of_lookalike(shown, j, i, names_yesterday) for j in answers_for],
        "lookalike": citizens[lookalike_of(i, faces, len(citizens))],
        "resemblance": lambda: draw(seed, STREAM["resemblance"], 0, i) // 2**22,
        "enrolled": lambda params: is_enrolled(i, seed, params),
        "neighbours": lambda number: neighbour_of(i, number, citizens),
        "ties": len(known["local"]) + len(known["online"]),
        "protesters": protesters[i // DISTRICT],
        "occasion": lambda: draw(seed, STREAM["occasion"], day // 7, i // DISTRICT),
    }


def lookalike_of(i, rotation, total):
    """The citizen for whom i is mistaken: by face the same every day, by name drawn each day."""
    return (rotation % total - i) % total


def signals_of_lookalike(shown, i, answers, rotation):
    """Yesterday's signals of i's lookalike; none if the lookalike is `answers` themselves."""
    lookalike = lookalike_of(i, rotation, len(shown))
    return silent() if lookalike == answers else shown[lookalike]


def one_day(citizen, i, around, chance, day, params, counted):
    """The night and seven stages of one adult. Changes the citizen; returns the public signals."""
    hears = around["hears"]
    known = [one for layer in LAYERS for one in hears[layer]]
    scored = is_scored(citizen, i, params)
    overnight(citizen, i, hears, known, scored, around["offenders"], chance, params)

    strives = strives_by(citizen, hears, known, scored, chance, params)
    morning = dict(citizen)
    mistaken = {
        "face": any(one["face_misidentified"] for one in around["face"]),
        "crowd": any(one["crowd_misidentified"] for one in around["face"]),
        "name": any(one["name_misidentified"] for one in around["name"]),
    }
    acts = act(citizen, i, day, around, known, strives, chance, params)
    watched = is_watched(citizen, params) or around["enrolled"](params)
    seen = sense(citizen, acts, around, watched, chance, params)
    fuse(citizen, seen, mistaken, files_halve(i, day, params))
    points = score(citizen, hears, chance, params)
    points |= {"scored": scored, "ties": around["ties"]}
    private = company_score(citizen, known, params)
    made = decide(citizen, morning, seen, mistaken, points, private, watched, day, chance, params)
    lend(citizen, i, morning, acts, made, day, chance, params)
    met = meet(citizen, morning, acts, seen, made, chance, params)
    respond(citizen, morning, acts, seen, made, met, params)
    boasting = boasts(citizen, private, params)
    made["strives"] = bool(strives)
    measure(counted, citizen, acts, seen, watched, mistaken, points, boasting, made, met,
            day, params)  # fmt: skip
    restricted = citizen["listed_until"] > 0 or bool(citizen["why_restricted"])
    return {
        "spoke": seen["heard"],
        # A penalty is news on the day on which it becomes known, and not again.
        "penalised": met["penalties"] > 0 or seen["vanishes"],
        "penalised for speech": met["penalties for speech"] > 0 or seen["vanishes"],
        "caught": met["penalties for an offence"] > 0,
        "kept": acts["instalment"] == "kept",
        "broke": acts["instalment"] == "missed",
        "sanctioned": restricted or citizen["named"] > 0,
        "petitioned": seen["petition passes"],
        "protested": seen["protest passes"],
        "marched": acts["protests"],
        "offended": acts["offends seriously"],
        "boasts": boasting,
        "score": points["total"] if scored else None,
        "face_misidentified": seen["face_misidentified"],
        "crowd_misidentified": seen["crowd_misidentified"],
        "name_misidentified": seen["name_misidentified"],
        "watched": watched,
    }  # fmt: skip


def share_who(known, what):
    """The share of known adults who showed this yesterday, out of 65,536."""
    if not known:
        return 0
    return sum(bool(one[what]) for one in known) * (ONE // len(known))


# --- Overnight: files are delivered, and contacts' signals arrive


def deliver(citizens, params, day, seed):
    """M3, M5. On its own day a neighbourhood's office receives purchases and delivers files."""
    names = draw(seed, STREAM["name lookalike"], day - 1, 0)
    for i, citizen in enumerate(citizens):
        if citizen["age"] >= 18:
            namesake = lookalike_of(i, names, len(citizens))
            others = local_file(citizens[namesake]) if namesake != i else empty_file()
            chance, bought = Chance(seed, day, i), others
            if market_of(citizens[namesake]) != market_of(citizen):
                bought = empty_file()  # the marketplace does not know this customer
            hand_over(citizen, i, bought, day, chance, params)
            receive(citizen, i, others, day, chance, params)


def delivers(i, every, day):
    """Whether the office of citizen i's neighbourhood delivers today."""
    if every == 0:
        return False
    return i // NEIGHBOURHOOD * 2_654_435_769 % CERTAIN * every // CERTAIN == day % every


def hand_over(citizen, i, others, day, chance, params):
    """M3. The marketplace brings the office's counts to its own, and may link a namesake's."""
    every = params["market_every"][market_of(citizen)]
    if not hands_over(citizen, params) or not delivers(i, every, day):
        return
    for kind in PURCHASES:
        wrong = sum(
            chance.record(LOCAL, kind, k) < params["mislinked"] for k in range(others[kind])
        )
        citizen["mislinked"][kind] = min(3, wrong)
        citizen["handed"][kind] = min(MOST, citizen[kind] + min(3, wrong))


def receive(citizen, i, others, day, chance, params):
    """The tiers' files of a citizen; others: the local file of somebody of the same name."""
    for tier in ("region", "nation"):
        if not delivers(i, params[f"{tier}_every"], day):
            continue
        if citizen["piloted"] >= params[f"{tier}_connected"]:
            citizen[tier] = empty_file()  # this neighbourhood is not connected
            continue
        if chance(f"{tier} delivery") < params[f"{tier}_missed"]:
            continue
        file, office = dict(citizen[tier]), REGION if tier == "region" else NATION
        for kind in COUNTS:
            if not reaches(tier, kind, params):
                continue
            file[kind] = citizen[kind]
            if kind in PURCHASES:  # somebody else's purchases stay at the local office
                file[kind] = max(0, citizen["handed"][kind] - citizen["mislinked"][kind])
            if kind in WRONG:
                file[WRONG[kind]] = citizen[WRONG[kind]]
                more = sum(  # somebody else's records that are linked
                    chance.record(office, kind, k) < params[f"{tier}_mistaken"]
                    for k in range(others[kind])
                )
                for each in (kind, WRONG[kind]):
                    file[each] = min(MOST, file[each] + more)
        citizen[tier] = file


def reaches(tier, kind, params):
    """M5. Whether records of a kind reach a tier."""
    return bool(params[f"{tier}_sees"] // 2 ** COUNTS.index(kind) % 2)


def hands_over(citizen, params):
    """M3. Whether the citizen's marketplace must hand its records over to the state."""
    return bool(params["compelled"] // 2 ** market_of(citizen) % 2)


def market_of(citizen):
    """The number of the citizen's marketplace, from 0."""
    return citizen["memberships"] // 16 % 4


def empty_file():
    """A file without records: no counts, right or wrong."""
    return dict.fromkeys((*COUNTS, *WRONG.values()), 0)


def local_file(citizen):
    """The file of the local office, which a citizen's dictionary holds among the rest."""
    return {kind: citizen[kind] for kind in empty_file()}


def file_at(citizen, office):
    """The file about a citizen that an office holds."""
    if office == LOCAL:  # with the purchases that were handed over
        return local_file(citizen) | citizen["handed"]
    return citizen["nation"] if office == NATION else citizen["region"]


def found_in(file, kind, sees):
    """The records of a kind that a reader finds; `sees` has a bit for each kind it may read."""
    return file[kind] if sees // 2 ** COUNTS.index(kind) % 2 else 0


def read_file(citizen, params):
    """What the office that scores finds: points, those of wrong records, records of speech."""
    file = file_at(citizen, params["score_reads"])
    points = sum(params[kind] * file[kind] for kind in COUNTS)
    foreign = sum(params[kind] * file[wrong] for kind, wrong in WRONG.items())
    if params["score_reads"] == LOCAL:
        foreign += sum(params[kind] * citizen["mislinked"][kind] for kind in PURCHASES)
    speech = ("contradicting", "unpermitted", "assembly")
    return {
        "points": points,
        "foreign": foreign,
        # Posts and assembly are grounds only if they have points.
        "speech": sum(found_in(file, kind, params["sees"]) for kind in speech if params[kind]),
        "company": sum(
            params[kind] * file[kind] for kind in (*PURCHASES, "unpermitted", "contradicting")
        ),
    }


def overnight(citizen, i, hears, known, scored, offenders, chance, params):
    """Contacts' signals of yesterday move feelings and opinions (M18, M19, M21, M22)."""
    points = score(citizen, hears, chance, params)
    private = company_score(citizen, known, params)
    perks = privileged(citizen, points["total"], scored, private, params)
    caught = share_who(known, "caught")
    news = share_who(known, "penalised") * params["news_passes"] // ONE
    for_speech = share_who(known, "penalised for speech") * params["news_passes"] // ONE
    spilt = params["spill"] * (news - for_speech) // ONE
    spilt_over = params["spill"] * for_speech // ONE

    # Steps of 16,777,216 for the whole range of a feeling.
    risk = params["risk_heard"] * (for_speech + spilt) // 256
    detection = params["detection_heard"] * (caught + spilt_over) // 256
    trust = (
        params["trust_kept"] * share_who(known, "kept")
        - params["trust_broke"] * share_who(known, "broke")
    ) // 256
    learns = chance("learn") < params["learn"] * news and not citizen["knows"]
    good, bad = experiences(citizen, known, perks, news, offenders, params)
    support = (good * (255 - citizen["support"]) - bad * citizen["support"]) // 256
    if learns:
        support -= params["support_learned"] * citizen["support"]

    before = citizen["opinion"]
    four, fine = chance("feeling"), chance("fine feeling")  # four random bytes each
    for k, (feeling, moved_by, resting) in enumerate((
        ("risk", risk, 0),
        ("detection", detection, 0),
        ("trust", trust, resting_trust(i, params)),
        ("support", support, None),  # no level to which it returns
    )):  # fmt: skip
        level = citizen[feeling]
        drawn = 0
        if resting is not None:
            drawn = (level - resting) * params[f"{feeling}_decay"] // 256
        exact = level * ONE + moved_by - drawn
        left_over = four // 256**k % 256 * 256 + fine // 256**k % 256
        citizen[feeling] = min(255, max(0, (exact + left_over) // ONE))
    citizen["opinion"] = drifted(citizen, before, known, chance, params)
    if learns:
        citizen["knows"] = True


def voices_heard(known):
    """The share of contacts who were heard to be critical, out of 65,536."""
    share = 0 if not known else ONE // len(known)
    return min(ONE, share * sum(
        one["spoke"] + one["petitioned"] + one["protested"] for one in known
    ))  # fmt: skip


def experiences(citizen, known, perks, news, offenders, params):
    """M22. Good and bad experiences: shares of the way to full support, and to none, of 2^24."""
    good = (
        params["support_perk"] * perks * ONE
        + params["support_kept"] * share_who(known, "kept")
        + params["support_safety"] * citizen["detection"] * 256
        + params["support_boasts"] * share_who(known, "boasts")
    ) // 256
    bad = (
        params["support_news"] * news
        + params["support_broke"] * share_who(known, "broke")
        + params["support_voices"] * voices_heard(known)
    ) // 256
    bad += params["support_offences"] * offenders // ONE
    bias = params["support_bias"] * citizen["opinion"] // 256  # critics see more of the bad
    good = good * (256 - bias) // 256
    if citizen["knows"]:  # whoever knows of penalties discounts the good
        good -= good * params["support_discount"] // ONE
    return good, bad * (256 + bias) // 256


def drifted(citizen, opinion, known, chance, params):
    """Private opinion after the night: one step up, one down, or unchanged (M19)."""
    voices = voices_heard(known)
    age = "young" if citizen["age"] < 30 else "middle" if citizen["age"] < 60 else "old"
    up = params["drift_voices"] * voices * (255 - opinion) // 2**24
    down = params["drift_official"] * opinion // 256
    home = params["drift_home"] * abs(citizen["conviction"] - opinion) // 256
    if citizen["conviction"] > opinion:
        up += home
    if citizen["conviction"] < opinion:
        down += home
    up, down = up * params[f"open_{age}"] // 256, down * params[f"open_{age}"] // 256
    opinion += chance("drift") < up
    opinion -= CERTAIN - 1 - chance("drift") < down
    return min(255, max(0, opinion))


# --- 1 Act


def act(citizen, i, day, around, known, strives, chance, params):
    """Stage 1. The same draw decides each lawful act twice: at the perceived risk, and at none."""
    acts = speak(citizen, i, day, around, known, chance, params)

    # M8: shopping. Taste decides which goods.
    bad = params["buy_disfavoured"] * citizen["taste"] // 256
    good = params["buy_favoured"] * (255 - citizen["taste"]) // 256
    shops = bool(citizen["memberships"] & 1)
    acts["disfavoured"] = shops and chance.happens("purchase", bad)
    acts["favoured"] = shops and not acts["disfavoured"] and chance.happens("purchase", bad + good)
    before = (acts["disfavoured"], acts["favoured"])
    if shops and "purchases" in strives:  # some disfavoured goods give way to favoured ones
        fewer = bad - bad * params["striving"] // ONE
        more = bad + good + good * params["striving"] // ONE
        acts["disfavoured"] = chance.happens("purchase", fewer)
        acts["favoured"] = not acts["disfavoured"] and chance.happens("purchase", more)
    acts["gamed"] = before != (acts["disfavoured"], acts["favoured"])

    # M21: a minor offence. Under a camera the perceived detection counts in full.
    p = params["minor_rate"] * (64 + citizen["independence"]) // 256
    acts["would offend"] = chance.happens("minor", p)
    acts["offends"], acts["under a camera"] = False, False
    if acts["would offend"]:
        acts["under a camera"] = chance("minor spot") < params["watched_spots"][citizen["place"]]
        felt = citizen["detection"]
        if not acts["under a camera"]:
            felt = felt * params["elsewhere"] // ONE
        held = params["deter"][citizen["prudence"] * felt // 256]
        acts["offends"] = chance.happens("minor", p * held // ONE)
    p = params["serious_rate"] * (64 + citizen["independence"]) // 256
    felt = citizen["detection"] * params["elsewhere"] // ONE
    held = params["deter"][citizen["prudence"] * felt // 256]
    acts["offends seriously"] = chance.happens("serious", p * held // ONE)

    # M9, M21: borrowers owe an instalment every thirty days. M13: a dismissal halves the income.
    income = citizen["income"] // 2 if citizen["dismissed"] else citizen["income"]
    acts["instalment"] = "none"
    owes = citizen["instalments"] > 0 or citizen["in_default"] or not params["credit_on"]
    if owes and citizen["memberships"] & 4 and (day + i) % 30 == 0:
        if citizen["in_default"]:
            barred = citizen["listed_until"] > 0 or bool(citizen["why_restricted"])
            pays = chance("repay") < params["cure_barred" if barred else "cure_free"]
        else:
            pays = chance("repay") >= miss_chance(citizen, params)
        acts["instalment"] = "kept" if pays else "missed"

    # A good deed, a visa application; M16: travel.
    good = params["good_rate"] * citizen["trust"] // 256
    more = good + good * params["striving"] // ONE if "good deeds" in strives else good
    acts["good deed"] = chance.happens("good deed", more)
    acts["gamed"] += acts["good deed"] and not chance.happens("good deed", good)
    acts["applies"] = chance.happens("visa", params["visa_rate"] * income // 128)
    mobile = 64 + citizen["mobility"]
    acts["flies"] = chance("flight") < params["flight_rate"] * income * mobile // 32_768
    acts["rides"] = chance("train") < params["train_rate"] * mobile // 128

    # M4: people join the private score alone, or by word of mouth.
    heard = params["join_heard"] * share_who(known, "boasts") // ONE
    acts["joins"] = (
        bool(params["precursor_on"]) and shops and not citizen["member"]
        and chance.happens("join", params["join_alone"] + heard)
    )  # fmt: skip
    return acts


def miss_chance(citizen, params):
    """The probability that an instalment is missed."""
    income = citizen["income"] // 2 if citizen["dismissed"] else citizen["income"]
    misses = params["miss_rate"][citizen["thrift"]] * (384 - income) // 256
    if citizen["knows"]:  # people who know of the penalties miss fewer
        misses = misses * params["careful"][citizen["prudence"]] // ONE
    return misses


def speak(citizen, i, day, around, known, chance, params):
    """Lawful expression (M6, M7, M17, M18)."""
    acts = {}
    opinion = citizen["opinion"]
    held = params["chill"][citizen["prudence"] * citizen["risk"] // 256]
    sociable = 128 + citizen["sociability"]

    # A critical post. Opinion and contacts make it likelier, perceived risk less likely.
    p = params["post_rate"][opinion] * sociable // 256
    p = among(p, params["hear_boost"], share_who(known, "spoke"))
    acts["would post"] = chance.happens("post", p)
    acts["posts"] = acts["would post"] and chance.happens("post", p * held // ONE)
    acts["contradicts"] = acts["posts"] and chance("post kind") < params["contradicting_share"]
    acts["true news"] = acts["posts"] and chance("true news") < params["true_share"]

    # A message to one contact. Perceived risk is lower in private.
    p = params["message_rate"][opinion] * sociable // 256
    felt = citizen["risk"] * params["risk_in_private"] // ONE
    dared = params["chill"][citizen["prudence"] * felt // 256]
    acts["would message"] = chance.happens("message", p)
    acts["messages"] = acts["would message"] and chance.happens("message", p * dared // ONE)
    acts["message contradicts"] = acts["messages"] and (
        chance("message kind") < params["contradicting_share"]
    )

    # A petition.
    p = among(
        params["petition_rate"][opinion], params["sign_boost"], share_who(known, "petitioned")
    )
    acts["would petition"] = chance.happens("petition", p)
    acts["petitions"] = acts["would petition"] and chance.happens("petition", p * held // ONE)

    # Protest (Granovetter): some start, given an occasion; others join if enough others do.
    # Who has protested lately is tired.
    acts["would protest"] = acts["protests"] = False
    others = sum(bool(one["protested"]) for one in known) * ONE // max(1, len(known))
    if params["heeds_district"]:
        others = around["protesters"]
    tired = params["tired"][citizen["fatigue"]]
    join, spark = params["join"] * tired // ONE, params["spark"][opinion] * tired // ONE
    if chance.happens("protest", max(join, spark)) and around["occasion"]() < params["occasion"]:
        listed = params["thresholds_listed"]
        threshold = params["threshold"][i % listed if listed else citizen["threshold"]]
        threshold += (255 - opinion) * params["threshold_loyal"]
        feared = params["threshold_risk"] * (citizen["prudence"] * citizen["risk"] // 256)
        acts["would protest"] = chance.happens(
            "protest", max(join, spark) if others >= threshold else spark
        )
        acts["protests"] = chance.happens("protest", spark * held // ONE) or (
            others >= threshold + feared and chance.happens("protest", join)
        )
    days = params["fatigue_days"]
    rests = (i * 668_265_263 % CERTAIN) * days // CERTAIN == day % days if days else False
    rested = citizen["fatigue"] // 2 if rests else citizen["fatigue"]
    citizen["fatigue"] = min(15, rested + acts["protests"])

    # A visit to a foreign site.
    p = params["foreign_visit_rate"] * (64 + citizen["independence"]) // 256
    online = bool(citizen["memberships"] & 2)
    acts["would foreign visit"] = online and chance.happens("foreign visit", p)
    acts["foreign_visits"] = acts["would foreign visit"] and (
        chance.happens("foreign visit", p * held // ONE)
    )
    return acts


def among(p, boost, share):
    """A probability, raised by the share of contacts who do the same."""
    return min(CERTAIN, p * (ONE + boost * share // ONE) // ONE)


# --- 2 Sense


def sense(citizen, acts, around, watched, chance, params):
    """Stage 2. What the sensors claim about this citizen. A sensor is its error rates."""
    online = bool(citizen["memberships"] & 2)
    kept = bool(params["shops_record"])  # M3, M8: the marketplace records purchases
    seen = {"disfavoured": kept and acts["disfavoured"], "favoured": kept and acts["favoured"]}

    # M6: the firewall. What it filters is not heard by contacts.
    seen["post passes"] = acts["posts"] and chance("post filtered") >= params["post_filtered"]
    seen["petition passes"] = acts["petitions"] and (
        chance("petition filtered") >= params["post_filtered"]
    )
    seen["protest passes"] = acts["protests"] and (
        chance("protest filtered") >= params["protest_filtered"]
    )
    stopped = acts["foreign_visits"] and chance("foreign blocked") < params["foreign_blocked"]
    evades = stopped and bool(citizen["memberships"] & 8)
    seen["foreign"] = acts["foreign_visits"] and (evades or not stopped)
    seen["evasion"] = evades and chance("foreign seen") < params["evasion_seen"]

    # M7: a reader flags some posts, and some ordinary posts by mistake.
    flagged = acts["posts"] and online and chance("post read") < params["read_hit"]
    seen["removed"] = flagged  # the author notices
    # M3: the platform hands over what it flags, on the days on which it delivers.
    _, day, i = chance.address
    platform = citizen["memberships"] // 64

    def hands(what):
        return bool(params[f"{what}_handed"] // 2**platform % 2)

    handed = hands("posts")
    seen["flagged true news"] = flagged and acts["true news"]
    seen["contradicting"] = int(flagged and handed and acts["contradicts"])
    seen["unpermitted"] = int(flagged and handed and not acts["contradicts"])
    seen["private"] = acts["messages"] and watched  # M14: messages of people on the watch list
    seen["private"] = seen["private"] and hands("messages") and (
        chance("message read") < params["messages_read"]
    )  # fmt: skip
    seen["misflagged"] = online and (
        chance.happens("misread", params["read_false"] * (64 + citizen["sociability"]) // 256)
    )
    seen["misread"] = seen["misflagged"] and handed
    seen["heard"] = seen["post passes"] and not flagged
    # Contacts see a post vanish only if they saw it at all.
    seen["vanishes"] = (flagged and seen["post passes"]) or seen["misflagged"]
    seen["petition"] = acts["petitions"] and online and hands("petitions") and (
        chance("petition read") < params["petition_hit"]
    )  # fmt: skip
    waiting, by_platform = (
        citizen["waiting"],
        ("unpermitted", "contradicting", "misread", "petition"),
    )
    if delivers(i, params["platform_every"][platform], day):
        for kind in by_platform:
            seen[kind] = int(seen[kind]) + (kind in waiting)
        waiting.clear()
    else:  # what was flagged waits, at most one record of each kind
        waiting.update(kind for kind in by_platform if seen[kind])
        seen |= dict.fromkeys(by_platform, 0)
    seen["contradicting"] += seen["private"] and acts["message contradicts"]
    seen["unpermitted"] += seen["private"] and not acts["message contradicts"]

    # M11, M12: a camera sees the offence. The face is found in the gallery, or mistaken, or missed.
    seen["minor"] = seen["face_misidentified"] = False
    if acts["offends"] and acts["under a camera"] and chance("minor probed") < params["probed"]:
        found, mistaken = probe(citizen, around, "minor", chance, params)
        seen["minor"], seen["face_misidentified"] = found, mistaken
    # M17: the same for a protest.
    seen["protest"] = seen["crowd_misidentified"] = False
    if acts["protests"] and chance("protest seen") < params["crowd_seen"][citizen["place"]]:
        found, mistaken = probe(citizen, around, "protest", chance, params)
        seen["protest"], seen["crowd_misidentified"] = found, mistaken
    # M14: bystanders of a protest; and passing a watch-list camera.
    passes = 64 + citizen["mobility"]
    near = (params["presence"][citizen["place"]] * around["protesters"] // ONE) * passes // 256
    seen["bystander"] = chance.happens("bystander", near) and not acts["protests"]
    checked = min(CERTAIN, params["pass_checked"][citizen["place"]] * passes // 256)
    seen["alert"] = chance.happens("pass by", checked) and chance.happens(
        "pass by", checked * alert_rate(citizen, around, watched, params) // CERTAIN
    )

    confirms = params["confirms_true" if watched else "confirms_false"]
    seen["confirmed"] = seen["alert"] and chance("operator") < confirms

    # Banks, courts and other registers.
    reported = acts["instalment"] != "none" and (
        chance("instalment reported") < params["instalments_reported"]
    )
    seen["late"] = reported and acts["instalment"] == "missed"
    seen["repaid"] = reported and acts["instalment"] == "kept"
    seen["serious"] = acts["offends seriously"] and (
        chance("serious seen") < params["serious_cleared"][citizen["place"]]
    )
    seen["good"] = acts["good deed"] and chance("good deed seen") < params["good_seen"]
    seen["judged"] = seen["name_misidentified"] = False
    if citizen["court"] == "served" and chance("register missed") >= params["register_missed"]:
        mistyped = chance("register mistyped") < params["register_mistyped"]
        seen["name_misidentified"], seen["judged"] = mistyped, not mistyped

    seen |= neighbours_report(acts, around["neighbours"], chance, params)
    return seen


def probe(citizen, around, of, chance, params):
    """One face searched in the gallery: (found, taken for the lookalike)."""
    if chance(f"{of} match") < params["match_hit"]:
        return True, False
    by_group = params["match_false"][around["resemblance"]() // 32][citizen["group"]]
    return False, chance(f"{of} lookalike") < by_group[around["lookalike"]["group"]]


def alert_rate(citizen, around, watched, params):
    """M14. The chance that a search of the watch list returns somebody for a passer-by.

    For whoever is not on it, the chances of galleries of 1, 2, 4 ... 256ths of a face combine.
    """
    if watched:
        return params["alert_hit"]
    faces = around["faces"] * params["resemblances"][around["resemblance"]()] // 1024
    faces = min(faces, 2**44 - 1)
    rate = 0
    for j, found in enumerate(params["found_in_list"][citizen["group"]]):
        if faces // 2**j % 2:
            rate += found - rate * found // CERTAIN
    return rate


def is_enrolled(i, seed, params):
    """M14. Whether citizen i is of the share who are put on the watch list at random."""
    return (i * 3_266_489_917 + seed * 2_654_435_761) % CERTAIN < params["enrolled"]


def faces_on_list(listed, total, params):
    """The faces on today's watch list, in 256ths: yesterday's list scaled up, and outsiders."""
    stands_for = params["list_scaled_to"]  # people for whom the run stands; 0 = its own only
    scale = stands_for * ONE // total if stands_for else ONE
    return listed * scale // 256 + params["list_outsiders"] * 256


def neighbours_report(acts, neighbours, chance, params):
    """M20. One neighbour, drawn for today, may report what was said, or report falsely."""
    critical = acts["posts"] or acts["messages"] or acts["protests"]
    ready = 0
    if critical or chance.upper("slander") <= params["cap_slander"] // 65_536:
        neighbour = neighbours(chance("neighbour"))
        if neighbour is not None:
            ready = (255 - neighbour["conviction"]) * (255 - neighbour["independence"])
    truly = critical and chance("neighbour reports") < params["reports"] * ready // ONE
    falsely = chance.happens("slander", params["cap_slander"] * ready // ONE)
    known = (truly or falsely) and chance("neighbour known") < params["informer_known"]
    return {"reported": truly, "slandered": falsely, "informer found out": known}


def neighbour_of(i, number, citizens):
    """The first adult of another household in the neighbourhood, from a drawn place on."""
    start = i // NEIGHBOURHOOD * NEIGHBOURHOOD
    there = range(start, min(len(citizens), start + NEIGHBOURHOOD))
    first = number * len(there) // CERTAIN
    for j in (*there[first:], *there[:first]):
        same_home = j - citizens[j]["place_in_home"] == i - citizens[i]["place_in_home"]
        if citizens[j]["age"] >= 18 and not same_home:
            return citizens[j]
    return None


def is_watched(citizen, params):
    """M14. Whether the file that the police read holds enough contradicting posts or offences."""
    kinds = ("contradicting", "serious")
    file = file_at(citizen, params["police_read"])
    found = {kind: found_in(file, kind, params["sees"]) for kind in kinds}
    return (
        0 < params["watch_line"] <= found["contradicting"]
        or 0 < params["watch_crimes"] <= found["serious"]
    )


# --- 3 Fuse


def files_halve(i, day, params):
    """Once in a half-life, on a day that a hash sets for each citizen, the counts halve."""
    every = params["halve_days"]
    own_day = (i * 2_654_435_769 % CERTAIN) * every // CERTAIN
    return every > 0 and own_day == day % every


def fuse(citizen, seen, mistaken, halved):
    """Stage 3 (M2). The dossier: counts by kind up to 15, and of records not the citizen's own."""
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
    if halved:  # the files of the tiers halve on the same day
        for held in ("region", "nation", "handed", "mislinked"):
            citizen[held] = {kind: n // 2 for kind, n in citizen[held].items()}


# --- 4 Score


def is_scored(citizen, i, params):
    """M1, M4. Whether the state scores this citizen: in its places, unless they opted out."""
    opted_out = i * 2_246_822_519 % CERTAIN < params["opted_out"]
    return bool(params["scoring"]) and citizen["piloted"] < params["piloted"] and not opted_out


def score(citizen, hears, chance, params):
    """Stage 4 (M1, M10). Points from the file, and an association term.

    Scores are in sixteenths of a point. The association term is rounded up or down to a
    sixteenth at random, so that it is exact on average.
    """
    found = read_file(citizen, params)
    own = 16 * (params["base"] + found["points"])
    observed = [
        one["score"]
        for layer in LAYERS
        for one in hears[layer]
        if params[f"observed_{layer}"] and one["score"] is not None
    ]
    association = 0
    if observed:
        above = ONE * sum(observed) // len(observed) - ONE * 16 * params["base"]
        exact = params["association"] * above // ONE  # in 65,536ths of a sixteenth
        association = (exact + chance.upper("rounding")) // ONE

    def within(points):
        return min(16 * params["ceiling"], max(16 * params["floor"], points))

    return {
        "total": within(own + association), "own": within(own),
        "rightful": within(own - 16 * found["foreign"]), "speech": found["speech"],
        "without companies": within(own + association - 16 * found["company"]),
    }  # fmt: skip


def whole_points(sixteenths):
    """A score rounded to the nearest point, as it is compared with a line or written down."""
    return (sixteenths + 8) // 16


def company_score(citizen, known, params):
    """M4. The private score of a member: instalments, purchases, and contacts who boast."""
    points = params["private_base"] + sum(
        params[f"private_{kind}"] * citizen[kind]
        for kind in ("late", "repaid", "favoured", "disfavoured")
    )
    points += (params["private_connections"] * share_who(known, "boasts") + ONE // 2) // ONE
    return min(params["private_ceiling"], max(params["private_floor"], points))


def strives_by(citizen, hears, known, scored, chance, params):
    """M8, M15. By what a citizen strives for a score: whoever is close below a line that pays.

    Members know what counts in the private score; who knows of penalties knows it of the state's.
    """

    def close_below(line, points):
        return 0 < line and 0 < line - points <= params["striving_reach"]

    points = whole_points(score(citizen, hears, chance, params)["total"])
    state = scored and citizen["knows"] and close_below(params["privilege_line"], points)
    private = company_score(citizen, known, params)
    company = bool(params["precursor_on"]) and citizen["member"]
    company = company and close_below(params["perk_line"], private)
    by = set()
    if state and hands_over(citizen, params) and params["favoured"] > params["disfavoured"]:
        by.add("purchases")
    if company and params["private_favoured"] > params["private_disfavoured"]:
        by.add("purchases")
    if state and params["good"] > 0:
        by.add("good deeds")
    return by


def boasts(citizen, private, params):
    """M4. The high-scored boast, if they are sociable enough."""
    return (
        bool(params["precursor_on"]) and citizen["member"] and private >= params["boast_line"]
        and citizen["sociability"] >= params["boast_sociability"]
    )  # fmt: skip


def privileged(citizen, total, scored, private, params):
    """M15. Whether the public or the private score gives privileged access."""
    public = scored and 0 < params["privilege_line"] <= whole_points(total)
    member = bool(params["precursor_on"]) and citizen["member"]
    return public or (member and 0 < params["perk_line"] <= private)


# --- 5 Decide


def decide(citizen, morning, seen, mistaken, points, private, watched, day, chance, params):
    """Stage 5 (M13–M16, M23). Lists and thresholds become restrictions with reasons."""
    made = {"ended": 0, "wrongful": 0, "listed": False, "scored out": False,
            "by association": False, "for speech": False, "for company data": False}  # fmt: skip
    hear_cases(made, morning, chance, params)
    lift(citizen, morning, made, day, params)
    blacklist(citizen, seen, mistaken, made, day, params)
    restrict_by_score(citizen, morning, points, made, day, params)
    made["imposed"] = made["listed"] + made["scored out"]

    # M23: some are notified, and some of those appeal.
    made["notified"] = made["imposed"] > 0 and chance("notice") < params["notice"]
    made["appeals"] = made["notified"] and morning["appeal"] != "waits" and (
        chance("appeal filed") < params["appeals"]
    )  # fmt: skip

    # M13: some who are caught or listed are named in public, and some employers notified.
    claimed = seen["minor"] or mistaken["face"]
    p = max(params["named"] * claimed, params["named_listed"] * made["listed"])
    made["named"] = chance("naming") < p
    own = seen["minor"] or (made["listed"] and seen["judged"])
    made["wrongly named"] = made["named"] and not own
    made["dismissed"] = (
        made["named"] and chance("employer") < params["employers_notified"]
        and not morning["dismissed"] and chance("dismissal") < params["dismissals"]
    )  # fmt: skip

    # M14: a police visit, for an own act or for another person's.
    posts = seen["contradicting"] > 0 and chance("visit") < params["visit_speech"]
    marched = (seen["protest"] or seen["petition"]) and chance("visit") < params["visit_assembly"]
    made["police for own act"] = (
        posts or marched
        or (seen["serious"] and chance("visit") < params["visit_serious"])
        or (seen["confirmed"] and watched)
    )  # fmt: skip
    mistaken_for = (seen["bystander"] or mistaken["crowd"]) and chance("visit") < params[
        "visit_assembly"
    ]
    made["police sent"] = made["police for own act"] or mistaken_for or seen["confirmed"]
    listed = seen["confirmed"] and watched and params["watch_line"] > 0
    made["police for speech"] = posts or marched or mistaken_for or listed
    made["privileged"] = privileged(morning, points["total"], points["scored"], private, params)
    return made


def lend(citizen, i, morning, acts, made, day, chance, params):
    """M9. Loans, by a score that reads repayment history and nothing else."""
    made |= {"applies for a loan": False, "approved": False, "would repay": False}
    if not params["credit_on"] or not citizen["memberships"] & 4 or (day + i) % 30:
        return
    if citizen["instalments"] > 0:
        citizen["instalments"] -= acts["instalment"] == "kept"
        return
    if morning["in_default"]:  # of a loan from before lenders decided
        return
    if citizen["declined_months"] > 1:
        citizen["declined_months"] -= 1
        return
    citizen["declined_months"] = 0
    if chance("application") >= params["credit_applies"]:
        return
    points = params["credit_late"] * citizen["late"] + params["credit_repaid"] * citizen["repaid"]
    made["applies for a loan"] = True
    made["approved"] = params["credit_base"] + points >= params["credit_line"]
    if made["approved"]:
        citizen["instalments"] = params["credit_term"]
    else:
        citizen["declined_months"] = params["credit_wait"]
        made["would repay"] = would_repay(morning, chance, params)


def would_repay(morning, chance, params):
    """Whether a loan granted today would be repaid without a default, with the same draws."""
    misses, in_a_row = miss_chance(morning, params), 0
    for month in range(1, params["credit_term"] + 1):
        in_a_row = in_a_row + 1 if chance.later("repay", 30 * month) < misses else 0
        if in_a_row == 3:
            return False
    return True


def hear_cases(made, morning, chance, params):
    """M23. Rule on appeals and reviews that are served today; rates differ by own act or none."""
    because = morning["why_listed"] | morning["why_restricted"]
    made["heard"] = morning["appeal"] == "served"
    made["upheld"] = False
    if made["heard"] and because:
        rate = params["reverse_rightful" if "own act" in because else "reverse_wrongful"]
        made["upheld"] = chance("appeal ruling") < rate
    served = morning["review"] == "served"
    made["reviewer keeps"] = served and chance("review ruling") < params["review_confirms"]
    made["reviewer errs"] = served and chance("review error") < params["review_errs"]


def lift(citizen, morning, made, day, params):
    """Restrictions expire, are lifted on appeal, or end because the debt is paid."""
    if citizen["listed_until"] > 0:
        paid = "own act" in citizen["why_listed"] and not morning["in_default"]
        if day >= citizen["listed_until"] or made["upheld"] or paid or not params["list_on"]:
            citizen["listed_until"], citizen["why_listed"] = 0, set()
            made["ended"] += 1
    if citizen["score_until"] > 0:
        if day >= citizen["score_until"] or made["upheld"] or not params["restrict_on"]:
            made["ended"] += bool(citizen["why_restricted"])
            citizen["score_until"], citizen["why_restricted"] = 0, set()
            if made["upheld"] and params["ruling_holds"] > 0:  # exempt for some time
                citizen["score_until"] = day + params["ruling_holds"]


def blacklist(citizen, seen, mistaken, made, day, params):
    """The court's list: people who are judged, or whose name was entered by mistake."""
    entered = seen["judged"] or mistaken["name"]
    if params["list_on"] and citizen["listed_until"] == 0 and entered and not made["upheld"]:
        citizen["listed_until"] = day + params["list_days"]
        citizen["why_listed"] = {"list", "own act" if seen["judged"] else "wrong record"}
        made["wrongful"] += not seen["judged"]
        made["listed"] = True


def restrict_by_score(citizen, morning, points, made, day, params):
    """Restrict people below the line, with the reasons: own acts, wrong records, association."""
    line, own = params["line"], whole_points(points["own"])
    rightful = whole_points(points["rightful"])
    made["to review"] = made["reviewed"] = made["spared"] = False
    below = params["restrict_on"] and points["scored"] and whole_points(points["total"]) < line
    if not below or citizen["score_until"] > 0 or made["upheld"]:
        return
    why = set()
    if points["speech"] > 0 and own < line:
        why.add("speech")
    if rightful < line:
        why.add("own act")
    if own < rightful and own < line:
        why.add("wrong record")
    if own >= line:
        why.add("association")
    if params["review_on"]:  # a reviewer decides first
        made["reviewed"] = morning["review"] == "served"
        made["to review"] = not made["reviewed"]
        if not made["reviewed"]:
            return
        if not made["reviewer keeps" if "own act" in why else "reviewer errs"]:
            made["spared"] = True
            citizen["score_until"] = day + params["restrict_days"]
            return
    citizen["score_until"], citizen["why_restricted"] = day + params["restrict_days"], why
    made["wrongful"] += "own act" not in why
    made["by association"] = why == {"association"}
    made["for speech"] = "speech" in why
    made["for company data"] = whole_points(points["without companies"]) >= line
    made["scored out"] = True


# --- 6 Respond


def bans_on(morning, params):
    """M16. The bans on a citizen: 1 flights, 2 trains, 4 visas."""
    bans = 0
    if morning["listed_until"] > 0:
        bans |= params["list_bans"]
    why = morning["why_restricted"]
    if why == {"association"}:
        bans |= params["association_bans"]
    elif "speech" in why:
        bans |= params["speech_bans"]
    elif why:
        bans |= params["score_bans"]
    return bans


def meet(citizen, morning, acts, seen, made, chance, params):
    """What happens to a citizen under the restrictions of the morning."""
    bans = bans_on(morning, params)
    met = {
        "no flight": acts["flies"] and bool(bans & 1),
        "no train": acts["rides"] and bool(bans & 2),
        "no visa": acts["applies"] and bool(bans & 4),
        "stopped": morning["police"] == "served",
    }
    met["stopped for speech"] = met["stopped"] and morning["police_for_speech"]
    met["stopped for own act"] = met["stopped"] and morning["police_for_own_act"]
    # M14: a stop ends with nothing, a warning or a charge.
    cause = "rightful" if met["stopped for own act"] else "wrongful"
    charges, warnings = params[f"charged_{cause}"], params[f"warned_{cause}"]
    charged = chance("stop outcome") < charges
    warned = chance("stop outcome") < charges + warnings * (CERTAIN - charges) // CERTAIN
    met["charged"] = met["stopped"] and charged
    met["warned"] = met["stopped"] and warned and not charged
    met["privileged visa"] = acts["applies"] and made["privileged"] and not met["no visa"]
    refused = met["no flight"] or met["no train"] or met["no visa"]
    still = bool(citizen["why_listed"] or citizen["why_restricted"])
    met["appeals"] = refused and still and morning["appeal"] != "waits" and (
        chance("refusal appeal") < params["appeals_refused"]
    )  # fmt: skip
    third = acts["instalment"] == "missed" and morning["overdue"] >= 2
    met["defaults"] = third and not morning["in_default"]
    met["cured"] = acts["instalment"] == "kept" and morning["in_default"]
    met["rehired"] = morning["dismissed"] and chance("rehired") < params["rehired"]
    wrong = any(citizen[wrong] for wrong in WRONG.values()) or any(citizen["mislinked"].values())
    found = wrong and chance("correction") < params["corrected_daily"]
    met["corrected"] = found or (made["upheld"] and bool(params["correct"]) and wrong)
    met["lapsed"] = morning["police"] == "waits" and chance("lapse") < params["lapse"]
    met["moved"] = seen["foreign"] and chance("foreign moved") < params["foreign_moves"]
    return met


def bans_for_speech(morning, params):
    """The bans that only a restriction in which speech weighed puts on a citizen."""
    if "speech" not in morning["why_restricted"]:
        return 0
    listed = params["list_bans"] if morning["listed_until"] > 0 else 0
    return params["speech_bans"] & ~listed


def respond(citizen, morning, acts, seen, made, met, params):
    """Stage 6 (M4, M13, M18, M21, M22, M23). The effects of today; all that tomorrow inherits."""
    flagged = seen["removed"] + seen["misflagged"]  # the author notices only these
    refused = met["no flight"] + met["no train"] + met["no visa"]
    notified = made["imposed"] * made["notified"]
    penalties = notified + refused + met["warned"] + met["charged"] + made["named"]
    met["penalties"] = notified + refused + met["stopped"] + made["named"]  # as contacts see it

    # Which of them are for expression, and which for an offence; the others are debts.
    bans = bans_for_speech(morning, params)
    bits = {"no flight": 1, "no train": 2, "no visa": 4}
    refused_for_speech = sum(met[what] and bool(bans & bit) for what, bit in bits.items())
    notified_for_speech = made["for speech"] * made["notified"]
    for_speech = met["stopped for speech"] + notified_for_speech + refused_for_speech
    met["penalties for speech"] = for_speech
    met["penalties for an offence"] = (
        seen["minor"] + seen["serious"]
        + (met["stopped for own act"] and not met["stopped for speech"])
        + (made["named"] and not made["listed"] and not seen["minor"])
    )  # fmt: skip
    other = (
        params["risk_stopped"] * (met["stopped"] - met["stopped for speech"])
        + params["risk_penalised"] * (notified - notified_for_speech)
        + params["risk_refused"] * (refused - refused_for_speech)
        + params["risk_own_name"] * made["named"]
    )
    moves = {
        "risk": params["risk_removed"] * flagged
        + params["risk_stopped"] * met["stopped for speech"]
        + params["risk_penalised"] * notified_for_speech
        + params["risk_refused"] * refused_for_speech
        + params["spill"] * other // ONE,
        "detection": params["detection_caught"] * met["penalties for an offence"]
        + params["spill"] * params["detection_caught"] * (for_speech + flagged) // ONE,
        "trust": -params["trust_stopped"] * met["stopped"]
        - params["trust_informed"] * seen["informer found out"]
        - params["trust_wronged"] * (made["wrongful"] * made["notified"] + made["wrongly named"]),
        "support": params["support_visa"] * met["privileged visa"]
        - params["support_penalised"] * penalties,
        "opinion": met["moved"],
    }  # fmt: skip
    for feeling, step in moves.items():
        citizen[feeling] = min(255, max(0, citizen[feeling] + step))
    if met["penalties"] > 0:  # whoever is penalised knows what contacts hear
        citizen["knows"] = True
    citizen["named"] = params["named_days"] if made["named"] else max(0, citizen["named"] - 1)

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

    # Cases that were served today leave their queue; then today's events add cases.
    for queue in ("court", "police", "appeal", "review"):
        if morning[queue] == "served":
            citizen[queue] = "no"
    if morning["police"] == "served" or met["lapsed"]:
        citizen["police"], citizen["police_for_own_act"] = "no", False
        citizen["police_for_speech"] = False
    if met["defaults"]:
        citizen["in_default"], citizen["court"] = True, "waits"
    if met["cured"]:
        citizen["in_default"] = False
        if citizen["court"] == "waits":
            citizen["court"] = "no"
    if made["police sent"]:
        citizen["police"] = "waits"
        citizen["police_for_own_act"] |= made["police for own act"]
        citizen["police_for_speech"] |= made["police for speech"]
    citizen["review"] = "waits" if made["to review"] else "no"
    if not citizen["why_listed"] and not citizen["why_restricted"]:
        citizen["appeal"] = "no"  # nothing is left to appeal against
    if made["appeals"] or met["appeals"]:
        citizen["appeal"] = "waits"
    citizen["appeal_wait"] = 0
    if citizen["appeal"] == "waits":  # an appeal filed today waits from today
        before = morning["appeal_wait"] if morning["appeal"] == "waits" else 0
        citizen["appeal_wait"] = min(255, before + 1)

    if met["corrected"]:  # a court or an office removes the wrong records
        for kind, wrong in WRONG.items():
            citizen[kind] = max(0, citizen[kind] - citizen[wrong])
            citizen[wrong] = 0
        for kind in PURCHASES:
            citizen["handed"][kind] = max(0, citizen["handed"][kind] - citizen["mislinked"][kind])
            citizen["mislinked"][kind] = 0


# --- At the end of the day


def serve_queues(citizens, lists, params, day, seed, counted):
    """Serve the queues of each district's courts, police and reviewers, up to their capacity.

    First come, first served: lists[district, queue] holds (day of joining, citizen) in order.
    Who joins on one day joins in the order of numbers, from a start that is drawn.
    """
    for number, start in enumerate(range(0, len(citizens), DISTRICT)):
        ids = range(start, min(len(citizens), start + DISTRICT))
        first = draw(seed, STREAM["queue"], day, number) % len(ids)
        for queue in ("court", "police", "appeal", "review"):
            each = params[f"{queue}_capacity"] * len(ids)
            whole = ONE * 1_000_000
            places = each * (day + 1) // whole - each * day // whole
            before = lists.get((number, queue), [])
            kept = [(since, i) for since, i in before if citizens[i][queue] == "waits"]
            known = {i for _, i in kept}
            new = [
                (day, i) for i in (*ids[first:], *ids[:first])
                if citizens[i][queue] == "waits" and i not in known
            ]  # fmt: skip
            left, served = [], []
            for since, i in kept + new:
                citizen = citizens[i]
                early = queue == "appeal" and citizen["appeal_wait"] < params["appeal_delay"]
                if places > 0 and not early:
                    citizen[queue] = "served"
                    places -= 1
                    served.append(day + 1 - since)  # it takes effect tomorrow
                else:
                    left.append((since, i))
            lists[number, queue] = left
            for name, value in (
                ("demand", len(new)), ("served", len(served)),
                ("dropped", len(before) - len(kept)), ("waiting", len(left)),
                ("wait_days", sum(served)),
            ):  # fmt: skip
                name = f"{queue}_{name}"
                counted[name] = counted.get(name, 0) + value


def shares_of(shown, citizens, what, whole):
    """Each district's share of adults who did something today, out of `whole`."""
    shares = []
    for start in range(0, len(shown), DISTRICT):
        there = shown[start : start + DISTRICT]
        adults = sum(one["age"] >= 18 for one in citizens[start : start + DISTRICT])
        shares.append(sum(one[what] for one in there) * whole // max(1, adults))
    return shares


def review_ties(citizens, contacts, shown, params, day, seed):
    """M19. Either end may refuse a tie because of what the other costs; other ties turn over."""
    absent = [
        sum(j is not None and citizens[j]["age"] < 18 for j in own["slots"]) for own in contacts
    ]
    for i, citizen in enumerate(citizens):
        for slot, j in enumerate(contacts[i]["slots"]):
            if j is None or citizen["age"] < 18 or citizens[j]["age"] < 18:
                continue
            refused = any(
                dissolves(citizens[a], a, slot, shown[a], shown[b], params, day, seed)
                for a, b in ((i, j), (j, i))
            )
            both = hashed(seed, STREAM["turnover"], day, min(i, j) * 16 + slot) >> 32
            if slot in citizen["dissolved"]:
                opens = min(CERTAIN, params["ties_open"] * (2 + absent[i] + absent[j]) // 2)
                if both < opens and not refused:
                    citizen["dissolved"].remove(slot)
            elif refused or both < params["ties_end"]:
                citizen["dissolved"].add(slot)


def dissolves(one, i, slot, answers_for, other, params, day, seed):
    """Whether citizen i refuses this tie: shame, and the points that the other's score costs."""
    layer = "local" if slot < 12 else "online"
    cost = params["shame"] if other["penalised"] or other["sanctioned"] else 0
    both_scored = answers_for["score"] is not None and other["score"] is not None
    if params[f"observed_{layer}"] and both_scored:
        lost = params["association"] * max(0, 16 * params["base"] - other["score"]) // ONE
        cost += params["dissolve_points"] * lost // 16
    if cost == 0:
        return False
    loose = params["looseness"][0 if slot < 4 else 1 if slot < 12 else 2]
    p = min(CERTAIN, (cost * params["dissolve"] // ONE) * one["prudence"] // 256)
    return draw(seed, STREAM["dissolve"] + slot, day, i) < p * loose // ONE


# --- 7 Measure


def measure(
    counted, citizen, acts, seen, watched, mistaken, points, boasting, made, met, day, params
):
    """Stage 7. Truth and file side by side; no other stage reads these counts."""
    in_force = (citizen["listed_until"] > 0) + bool(citizen["why_restricted"])
    at_zero_risk = [
        acts[f"would {a}"] for a in ("post", "message", "petition", "protest", "foreign visit")
    ]
    done = [acts[a] for a in ("posts", "messages", "petitions", "protests", "foreign_visits")]
    own = ("contradicting", "unpermitted", "petition", "disfavoured", "favoured", "minor",
           "protest", "serious", "late", "repaid", "good", "judged", "reported",
           "evasion")  # fmt: skip
    gives = hands_over(citizen, params)
    by_face = mistaken["face"] + mistaken["crowd"]
    flows = {
        "would_acts": sum(at_zero_risk), "chilled_acts": sum(at_zero_risk) - sum(done),
        "would_posts": acts["would post"], "posts": acts["posts"],
        "would_messages": acts["would message"], "messages": acts["messages"],
        "would_petitions": acts["would petition"], "petitions": acts["petitions"],
        "would_protests": acts["would protest"], "protests": acts["protests"],
        "would_foreign_visits": acts["would foreign visit"],
        "foreign_visits": acts["foreign_visits"],
        "foreign_visits_blocked": acts["foreign_visits"] and not seen["foreign"],
        "posts_filtered": acts["posts"] and not seen["post passes"],
        "posts_removed": seen["post passes"] and not seen["heard"],
        "would_offences": acts["would offend"], "offences": acts["offends"],
        "would_offences_watched": acts["under a camera"],
        "offences_watched": acts["offends"] and acts["under a camera"],
        "serious_offences": acts["offends seriously"],
        "instalments_due": acts["instalment"] != "none",
        "instalments_kept": acts["instalment"] == "kept",
        "defaults": met["defaults"], "joined": acts["joins"],
        "loan_applications": made["applies for a loan"], "loans_approved": made["approved"],
        "loans_declined": made["applies for a loan"] and not made["approved"],
        "declined_repaying": made["would repay"], "gamed_acts": acts["gamed"],
        "true_sightings": sum(seen[kind] for kind in own),
        "false_sightings": seen["misread"] + by_face + mistaken["name"] + seen["bystander"]
        + seen["slandered"],
        "false_by_reader": seen["misread"], "false_by_face": by_face,
        "false_by_name": mistaken["name"], "false_by_neighbour": seen["slandered"],
        "bystanders": seen["bystander"], "neighbours_reports": seen["reported"],
        "messages_read": seen["private"], "evasions_seen": seen["evasion"],
        "true_news_flagged": seen["flagged true news"],
        "handed_by_marketplaces": gives * (seen["favoured"] + seen["disfavoured"]),
        "handed_by_platforms": seen["contradicting"] + seen["unpermitted"] + seen["misread"]
        + seen["petition"],
        "alerts": seen["alert"], "true_alerts": seen["alert"] and watched,
        "imposed": made["imposed"], "ended": made["ended"],
        "in_force": in_force, "restricted": in_force > 0,
        "wrongful": made["wrongful"], "association_only": made["by association"],
        "for_speech": made["for speech"], "for_company_data": made["for company data"],
        "reviewed": made["reviewed"], "spared": made["spared"], "corrections": met["corrected"],
        "namings": made["named"], "wrongful_namings": made["wrongly named"],
        "dismissals": made["dismissed"],
        "stops": met["stopped"],
        "wrongful_stops": met["stopped"] and not met["stopped for own act"],
        "police_warnings": met["warned"], "police_charges": met["charged"],
        "wrongful_charges": met["charged"] and not met["stopped for own act"],
        "flights_refused": met["no flight"], "trains_refused": met["no train"],
        "visas_refused": met["no visa"], "privileged_visas": met["privileged visa"],
        "appeals_filed": made["appeals"] or met["appeals"],
        "appeals_heard": made["heard"], "appeals_upheld": made["upheld"],
    }  # fmt: skip
    read, sees = file_at(citizen, params["score_reads"]), params["sees"]
    theirs = (*PURCHASES, "unpermitted", "contradicting")
    others = [kind for kind in COUNTS if kind not in theirs]
    from_companies = sum(found_in(read, kind, sees) for kind in theirs)
    held = [citizen[kind] > 0 for kind in (*COUNTS, *WRONG.values())]
    above = [any(citizen[tier].values()) for tier in ("region", "nation")]
    shown = whole_points(points["total"]) if points["scored"] else 0
    levels = {
        "adults": True, "in_default": citizen["in_default"], "dismissed": citizen["dismissed"],
        "named": citizen["named"] > 0, "scored": points["scored"], "members": citizen["member"],
        "boasting": boasting, "privileged": made["privileged"],
        "striving": made["strives"], "watched": watched,
        "records": sum(citizen[kind] for kind in COUNTS),
        "state_records": from_companies + sum(found_in(read, kind, sees) for kind in others),
        "company_records": from_companies,
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
    for name, value in levels.items():  # counted each seventh day
        counted[name] = counted.get(name, 0) + (int(value) if day % 7 == 0 else 0)


# --- For comparison with the engine


def as_record(citizen):
    """A citizen as the engine's packed numbers, in the order of its State."""
    why = {"own act": 1, "wrong record": 2, "association": 4, "list": 8, "speech": 8}
    listed = sum(why[reason] for reason in citizen["why_listed"])
    restricted = sum(why[reason] for reason in citizen["why_restricted"])
    standing = 1 * citizen["in_default"]
    for queue, waits in (("court", 2), ("police", 8), ("appeal", 32), ("review", 128)):
        standing += {"no": 0, "waits": waits, "served": 2 * waits}[citizen[queue]]
    standing += 512 * citizen["police_for_own_act"] + 1024 * citizen["member"]
    standing += 2048 * citizen["knows"] + 4096 * citizen["dismissed"] + 8192 * citizen["overdue"]
    standing += 32_768 * citizen["police_for_speech"]
    kinds = (*COUNTS, *WRONG.values())
    return (
        citizen["risk"], citizen["detection"], citizen["trust"], citizen["support"],
        citizen["opinion"], citizen["named"], citizen["appeal_wait"], listed + 16 * restricted,
        citizen["listed_until"], citizen["score_until"], standing,
        handed_over(citizen),
        *(
            sum(file[kind] << 4 * k for k, kind in enumerate(kinds))
            for file in (citizen, citizen["region"], citizen["nation"])
        ),
    )  # fmt: skip


def closed_ties(citizen):
    """The slots of a citizen's candidate ties that are not open, as bits."""
    return sum(1 << slot for slot in citizen["dissolved"])


def handed_over(citizen):
    """What companies have handed over about a citizen, as the engine's packed number."""
    kinds = ("unpermitted", "contradicting", "misread", "petition")
    handed, wrong = citizen["handed"], citizen["mislinked"]
    return (
        handed["favoured"] + 16 * handed["disfavoured"] + 256 * wrong["favoured"]
        + 1024 * wrong["disfavoured"]
        + sum(4096 << k for k, kind in enumerate(kinds) if kind in citizen["waiting"])
    )  # fmt: skip
