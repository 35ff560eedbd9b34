"""How an English follow-up completes the question before it.

What the follow-up brings tells what it replaces: a pronoun stands for the topic, a phrase of place or time for another
one, a noun for another of its kind, a quantity for the one asked before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from qa.contrasts import are_opposed

#: Counts the tokens of a wording that the source lacks.
Lacks = Callable[[str], int]

_I = re.IGNORECASE
_LEAD = re.compile(r"^(?:(?:and|but|so|then|also|ok(?:ay)?|now)\b[ ,]*)*(?:(?:what|how) about\b|what of\b)?[ ,]*", _I)
_WH = (
    r"(?:how(?: (?:much|many|long|often|far|big|large|high|fast|quickly|strongly|well))?"
    r"|what|when|where|why|which|who|whose)"
)
_AUX = r"(?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|should|might)"
_PREPOSITION = (
    r"(?:in|for|among|by|since|of|from|on|at|between|during|within|under|over|across|per|with|without|to|before|after)"
)
_COMPARED = r"(?:compared (?:with|to)|versus|vs\.?|relative to|against|than)"
_IT = r"(?:it|they|them|he|she)"
_ITS = r"(?:its|their|his|her)"
_THAT = (
    r"(?:that|this|those|these)(?=$|\?| (?:compare|rise|fall|grow|change|mean|happen|figure|number|share|rate|amount"
    r"|total|more|less|higher|lower|up|down|still)\b)"
)
#: A pronoun where nothing before it in the question could be what it stands for.
_POINTS = re.compile(
    rf"^(?:{_PREPOSITION} )?"
    rf"(?:{_WH}(?: (?:share|percentage|proportion|part|fraction|number|year|month))?(?: of)? )?"
    rf"(?:(?:else|exactly|more|less|then) )?(?:{_AUX} )?(?P<it>{_IT}|{_ITS}|{_THAT})\b",
    _I,
)
_DID_IT = re.compile(rf"^who \w+(?:ed|t|e|de|ght|an|on) (?P<it>{_IT})\b", _I)
#: An "it" that stands for nothing: it takes a year to…, is it true that…
_EMPTY_IT = re.compile(
    r"\b(?:does|did|will|would|do) it (?:take|cost|need|require|seem|make sense|matter)\b.*\b(?:to|for|that)\b"
    r"|\bwhen it (?:comes|came) to\b"
    r"|\b(?:do|does|did) (?:it|they) (?:say|mention|state|report|explain|tell us|show|note)"
    r" (?:how|what|when|where|which|who|why|whether|if|that|anything)\b"
    r"|\b(?:is|was) it (?:that|(?:in|on|at|because|due|under|during)\b.*\bthat)\b"
    r"|\b(?:is|was) it (?:true|possible|likely|clear|known|necessary|hard|easy|safe|legal|a fact)\b",
    _I,
)
_WHOLE = re.compile(rf"^(?:(?:{_PREPOSITION}) )?(?:{_WH}|{_AUX})\b", _I)
_VERB = re.compile(rf"\b{_AUX}\b|\b(?!compared)\w{{3,}}ed\b", _I)
_PHRASE = re.compile(rf"^(?:only |just )?(?:{_PREPOSITION}|{_COMPARED})\b", _I)
_SCOPE = re.compile(rf"^{_WH}(?: {_AUX})? (?P<scope>(?:{_PREPOSITION}|{_COMPARED})\b.*)$", _I)
_FRAGMENT = re.compile(
    r"^(?:why|when|where|since when|until when|how(?: come| so)?|by how (?:much|many)|how (?:much|many)(?: more| less)?"
    r"|in (?:which|what) (?:year|place|city|month))(?: (?:exactly|not|was that|is that))?$",
    _I,
)
#: A year, or a word that describes what has been left out: urban ones.
_STANDS_IN = re.compile(r"^(?:\d{4}|(?:the |only )?\w+(?: \w+)? ones)$", _I)
#: A noun that says nothing of its own after such a word: urban ones, urban areas.
_PLACEHOLDER = re.compile(r" (?P<noun>ones|areas|regions|places|parts|zones)$", _I)
_DESCRIBES = re.compile(r"(?:al|an|ic|ive|ous|ed|ern|eign|ish|ary|ate|ful|less|ar)$", _I)
_STOP = re.compile(rf"(?:{_AUX}|{_WH}|{_PREPOSITION}|an?|the|be|been|much|many|there|and|or|that|it)", _I)
_QUANTITY = re.compile(
    r"\b(?:rate|share|number|total|income|output|growth|price|cost|value|size|area|length|population|revenue|profit|sales"
    r"|spending|capacity|production|exports|imports|percentage|proportion|ratio|index|rank(?:ing)?|age|amount|volume"
    r"|penetration|coverage|density|speed|budget|deficit|surplus|wages?|debt|investment|consumption|yield)$",
    _I,
)
_SPAN = "(?:year|half|quarter|month|week|season)"
#: A time told by its distance: the previous year, a month earlier, last season.
_TIME = re.compile(
    rf"^(?:in |for |during )?(?:"
    rf"(?:the )?(?:last|previous|prior|preceding|(?P<later>next|following)|(?P<now>this)) {_SPAN}"
    rf"|(?:a|one) {_SPAN} (?:earlier|before|ago|(?P<after>later))|(?:the )?{_SPAN} (?:before|earlier)(?: that)?"
    rf"|(?:the )?same {_SPAN}(?: of)? (?:last year|a year (?:earlier|before|ago)|the (?:previous|prior) year))$",
    _I,
)
_PUNCTUATION = "?？.! "

#: Most words of a noun that stands alone and takes the place of one like it.
_BARE = 3
#: Most words of a fragment without a verb that leans on the question before.
_SHORT = 6


def _core(question: str) -> tuple[str, bool]:
    """Return the question without its lead words, and whether it had any."""
    text = question.strip()
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    return rest.strip(_PUNCTUATION), len(rest) < len(text)


def is_follow_up(question: str) -> bool:
    """Whether the question leans on what came before: a lead word, a pronoun without noun, or a phrase alone."""
    core, led = _core(question)
    if led or not core:
        return led
    if _pronoun(core):
        return True
    if _FRAGMENT.match(core) or _STANDS_IN.match(core) or _TIME.match(core):
        return True
    return bool(_PHRASE.match(core)) and not _VERB.search(core) and len(core.split()) <= _SHORT and not _asks(core)


def _asks(core: str) -> bool:
    return bool(re.match(rf"(?:{_PREPOSITION} )?(?:whom?|which|what|whose)\b", core, _I))


def _pronoun(core: str) -> re.Match[str] | None:
    if _EMPTY_IT.search(core):
        return None
    return _POINTS.match(core) or _DID_IT.match(core)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its parts: ``How many`` | electric cars | ``were exported`` | in 2022."""

    whole: str
    topic: str
    """What is asked about, without asking words."""

    @classmethod
    def read(cls, question: str) -> Asked:
        """Take a question apart."""
        whole = _LEAD.sub("", question.strip()).strip(_PUNCTUATION)
        topic = re.sub(rf"^(?:{_PREPOSITION} )?{_WH}\b(?:(?:'s| {_AUX})\b)?", "", whole, flags=_I).strip()
        topic = re.sub(rf"^{_AUX}\b(?! \w+ing\b)", "", topic, flags=_I).strip()
        topic = re.sub(rf"\b{_AUX} there\b.*$", "", topic, flags=_I).strip()
        inverted = re.match(rf"^{_WH} (?P<noun>.+?) {_AUX} .+$", whole, _I)
        if re.match(r"who \w+ ", whole, _I) and not re.match(rf"who {_AUX}\b", whole, _I):
            topic = re.sub(r"^who \w+ ", "", whole, flags=_I)
        asked_where = re.match(
            rf"^(?:where|when|why|how) {_AUX} (?P<noun>(?:the |a |an )?.+?)(?: (?P<verb>\w+))?$", whole, _I
        )
        if inverted and re.match(r"(?:how many|how much|which|what)\b", whole, _I):
            # How many trips did tourists make: the topic keeps its verb, so that nothing is lost.
            topic = re.sub(r" (?:is|are|was|were)(?= \w+(?:ed|n|t)\b)", "", topic, count=1, flags=_I)
        if asked_where and asked_where["verb"] and not re.match(r"how (?:many|much)", whole, _I):
            topic = _noun_of(asked_where["noun"], asked_where["verb"])
        return cls(whole, topic)


def _noun_of(noun: str, verb: str) -> str:
    """Return the noun phrase of "where did the library open", or all of "where is the power plant"."""
    verbs = re.search(
        r"(?:ed|open|close|start|begin|happen|take|come|go|rise|fall|grow|cost|stand|sell|make)$", verb, _I
    )
    return noun if verbs else f"{noun} {verb}"


def completions(question: str, previous: str, lacks: Lacks) -> list[str]:
    """Return how ``question`` may complete ``previous``, likeliest first; as it is when it does not lean on it."""
    core, _ = _core(question)
    before = Asked.read(previous)
    if not is_follow_up(question):
        alike = [w for likeness, _, w in _ranked(core, before, lacks) if likeness <= -2]
        bare = len(core.split()) <= _BARE and not _WHOLE.match(core) and not _PHRASE.match(core)
        return [f"{alike[0]}?", question] if bare and alike else [question]
    if not core:
        return [previous]
    for rule in RULES:
        wordings = rule(core, before, lacks)
        if wordings:
            return [f"{w[:1].upper()}{w[1:]}?" for w in dict.fromkeys(wordings)]
    return [question]


def points_back(core: str, before: Asked, _: Lacks) -> list[str] | None:
    """When was it built, what is its share, by how much did they grow: the topic stands for the pronoun."""
    it = _pronoun(core) or (re.match(rf"^(?P<it>{_ITS}|the same)\b", core, _I))
    if it is None:
        return None
    topic = before.topic
    if re.fullmatch(_ITS, it["it"], _I):
        rest = core[it.end("it") :].strip()
        owned = re.match(
            r"(?P<what>[\w' -]+?)(?= (?:in|of|by|for|from|since|compared|change|grow|rise|fall)\b|$)", rest, _I
        )
        if owned:
            tail = rest[owned.end() :]
            asked = core[: it.start("it")].strip() or "what is"
            return [f"{asked} the {owned['what']} of {_bare(topic)}{tail}"]
    return [f"{core[: it.start('it')]}{topic}{core[it.end('it') :]}"]


def _bare(topic: str) -> str:
    return re.sub(r"^the ", "", topic, flags=_I)


def asks_anew(core: str, before: Asked, _: Lacks) -> list[str] | None:
    """And how many cars were exported: a question with a verb of its own stands alone. And how many in towns: not."""
    scope = _SCOPE.match(core)
    if scope and len(scope["scope"].split()) <= _SHORT and not _VERB.search(scope["scope"]):
        return changes_the_scope(scope["scope"], before, _)
    if _FRAGMENT.match(core):
        rest = re.sub(rf"^(?:by )?how (?:much|many)(?= {_AUX}\b)", "", before.whole, flags=_I)
        return [f"{core}{rest}" if rest != before.whole else f"{before.whole}, and {core.lower()}"]
    return [core] if _WHOLE.match(core) and (len(core.split()) > 2) else None


def changes_the_scope(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """In rural areas, and in 2019, compared with 2019: replaces the phrase of its kind, or is added."""
    if not _PHRASE.match(core):
        return None
    word = core.split()[0]
    added = f"{before.whole} {core}"
    numbered = bool(re.search(r"\d", core))
    own = [m for m in re.finditer(rf"\b{word}\b[^,]*?(?=$| (?:{_PREPOSITION})\b)", before.whole, _I)]
    alike = [m for m in own if bool(re.search(r"\d", m[0])) == numbered and m.start() > 0]
    if not alike or re.match(_COMPARED, core, _I):
        return [added]
    last = alike[-1]
    return [f"{before.whole[: last.start()]}{core}{before.whole[last.end() :]}", added]


def names_another_time(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """And the year before, and a year earlier: the question's year gives way to that one, or the words are added."""
    time = _TIME.match(core)
    if time is None:
        return None
    years = re.findall(r"\b(?:19|20)\d\d\b", before.whole)
    if "year" in core.lower() and len(years) == 1 and not time["now"]:
        return [before.whole.replace(years[0], str(int(years[0]) + (1 if time["later"] or time["after"] else -1)))]
    return [f"{before.whole} {core}"]


def names_another(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """And men, and foreign tourists, and imported: takes the place of the word that leaves the least unknown."""
    new = re.sub(r"^(?:the|those|for|only) ", "", core, flags=_I)
    if re.fullmatch(r"\d{4}", new) and not re.search(r"\b\d{4}\b", before.whole):
        return [f"{before.whole} in {new}"]
    stands_in = _PLACEHOLDER.search(new)
    if stands_in and not re.search(rf"\b{stands_in['noun']}\b", before.whole, _I):
        new = new[: stands_in.start()]
    ranked = _ranked(new, before, lacks)
    if stands_in:
        # What describes takes the place of what describes: urban for rural, before internet.
        words = set(before.whole.split())
        ranked.sort(key=lambda r: not any(map(_DESCRIBES.search, words - set(r[2].split()))))
    if not ranked or (_QUANTITY.search(new) and ranked[0][0] > -2):
        return None
    best, (of_quantity, *_), _ = ranked[0]
    return [w for likeness, (is_quantity, *_), w in ranked if likeness <= max(best, -1) and is_quantity <= of_quantity]


#: Words of a question that is still gone through word by word: each is tried against the report.
_MANY_WORDS = 30


def _ranked(new: str, before: Asked, lacks: Lacks) -> list[tuple[int, tuple[bool, int, bool], str]]:
    """Return what comes of putting ``new`` in the place of words of the question, the likest words first."""
    words = before.whole.split()
    count = len(new.split())
    if not count or len(words) > _MANY_WORDS:
        return []
    numbered = re.search(r"\d", new) is not None
    ranked: list[tuple[int, tuple[bool, int, bool], str]] = []
    for size in sorted({count, 1}, reverse=True):
        for at in range(len(words) - size + 1):
            out = words[at : at + size]
            if any(map(_STOP.fullmatch, out)) or (not numbered and re.search(r"\d", " ".join(out))):
                continue
            wording = " ".join([*words[:at], *new.split(), *words[at + size :]])
            # The price of milk, and butter: what it is of gives way before the quantity.
            is_quantity = bool(_QUANTITY.search(out[-1])) and not _QUANTITY.search(new)
            is_object = at > 0 and re.fullmatch(_PREPOSITION, words[at - 1], _I) is not None
            ranked.append((-_likeness(out, new.split()), (is_quantity, lacks(wording), not is_object), wording))
    return sorted(ranked, key=lambda r: r[:2])


def _likeness(out: list[str], new: list[str]) -> int:
    """Return how alike the words are: of one kind (women, men), a common ending, the same number."""
    if len(out) == len(new) and (out[-1].lower() == new[-1].lower() or (out[-1].isdigit() and new[-1].isdigit())):
        return 3
    one, other = out[-1].lower(), new[-1].lower()
    if len(out) == len(new) and are_opposed(one, other):
        return 3
    if len(out) == len(new) and len(one) > 4 and one[-4:] == other[-4:]:
        return 2
    plural = one.endswith("s") == other.endswith("s") or one[-2:] == other[-2:]
    return int(len(out) == len(new) and plural)


def names_a_quantity(core: str, before: Asked, lacks: Lacks) -> list[str] | None:
    """And the penetration rate: another quantity of the same topic."""
    what = core if re.match(r"(?:the|its|their)\b", core, _I) else f"the {core}"
    verb = "was" if re.match(r"what (?:was|were)\b", before.whole, _I) else "is"
    topic = _bare(before.topic)
    asked = before.whole.split()
    # What was the urban income, and the unemployment rate: the quantity before is replaced, what it is of stays.
    if _QUANTITY.search(topic) and len(topic.split()) > 1:
        kept = " ".join(topic.split()[:-1])
        return [f"what {verb} the {kept} {re.sub('^the ', '', what, flags=_I)}"]
    wordings = [f"what {verb} {what} of {topic}"]
    if len(topic.split()) > 2:
        kept = " ".join(topic.split()[:-1])
        wordings.append(f"what {verb} the {kept} {re.sub('^the ', '', what, flags=_I)}")
    return wordings if asked else None


RULES: tuple[Callable[[str, Asked, Lacks], list[str] | None], ...] = (
    points_back,
    asks_anew,
    names_another_time,
    changes_the_scope,
    names_another,
    names_a_quantity,
)
