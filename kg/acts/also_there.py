"""Those who did something and are only listed behind it: 出席晚会的还有：周文澜、方大年，…; 向大会致贺的有…"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kg.acts.act import Act, make_act
from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import AND, BREAKS, COORDINATORS, NOMINAL, Word
from kg.acts.lexicon import Lexicon
from kg.acts.places import named_places
from kg.acts.subjects import NAMED, Subject
from kg.models import TaggedSentence

_ARE = frozenset({"有", "还有"})


def listed_acts(tagged: TaggedSentence, words: tuple[Word, ...], read: Collection[int],
                lexicon: Lexicon) -> Iterator[Act]:
    """The acts of a sentence that says what was done and then who did it, but for those whose verbs `read` holds."""
    are = next((k for k in range(3, len(words) - 1) if words[k].text in _ARE and words[k].mention is None), 0)
    if not are:
        return
    closed = are - 1
    while closed > 0 and words[closed].text != "的" and (
            words[closed].pos in NOMINAL | {"vn"} or words[closed].text in COORDINATORS):
        closed -= 1
    if words[closed].text != "的" or not (words[are + 1].text == "：" or words[are + 1].pos in NAMED):
        return
    start = max((k + 1 for k in range(closed) if words[k].text in BREAKS), default=0)
    told, behind = words[start:closed], words[are + 1:]
    agents = tuple(w.mention for w in behind if w.pos == "PERSON" and w.mention is not None) or tuple(
        w.mention for w in behind[:1] if w.mention is not None)
    verbs = [k for k, word in enumerate(told) if (
        word.mention is None and word.pos == "v" and word.text in lexicon.triggers and word.start not in read)]
    verbs = [k for k in verbs if k == verbs[0] or told[k - 1].text in AND]      # 观看/发射/实况/的
    if not agents or not verbs or any(w.mention is None and w.text in lexicon.cues[name] for w in told
                                       for name in ("negation", "obligation", "plan")):
        return
    for verb, end in zip(verbs, [*verbs[1:], len(told)], strict=True):
        obj = told[verb + 1:end]
        while obj and obj[-1].pos in ("c", "w"):
            obj = obj[:-1]
        frame = Frame(Subject(agents, True, reach=1), places=named_places(told[:verb]))
        predicate = Predicate(lexicon.triggers[told[verb].text], (told[verb],), obj, frame)
        if act := make_act(tagged, predicate, None, lexicon, "listed"):
            yield act
