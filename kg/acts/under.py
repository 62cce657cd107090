"""Acts told in phrases that say at whose word, with whose leave, in whose company or by whose hand something happened:
应甲府邀请, 受甲部委托, 经甲局批准, 在周文澜陪同下, 遭甲军袭击; and behind 被, where nothing else read its verb.

Such an act is taken for granted, so it counts wherever it stands. Figures of speech (受甲国影响, 在甲局关心下) hold no
verb that their preposition takes in kg/data/action_cues.yaml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kg.acts.act import Act, make_act
from kg.acts.adjuncts import Frame, Predicate
from kg.acts.clauses import BREAKS, COORDINATORS, NOMINAL, WHEN, Word
from kg.acts.lexicon import OTHER, Lexicon
from kg.acts.made import named_end, those_named
from kg.acts.noun_phrases import noun_phrase_end
from kg.acts.plain_verbs import may_act
from kg.acts.subjects import NAMED, NOBODY, Subject, read_subject
from kg.models import Mention, TaggedSentence

#: What each preposition takes: the list of action_cues.yaml with the verbs and actions.
_TAKES = {"应": "requests", "受": "requests", "经": "leave", "在": "company",
          "遭": "blows", "遭到": "blows", "遭受": "blows", "受到": "blows", "获": "favours", "被": "anything"}
#: What was done when the clause says.
_AT_ONCE = frozenset({"company", "blows", "anything"})
_BETWEEN = WHEN | {"a", "an", "m"}
#: Before the preposition or behind the verb, they say that it need not have been done.
_UNSURE = ("negation", "obligation", "plan", "condition", "suspected", "perhaps")


def phrase_acts(tagged: TaggedSentence, words: tuple[Word, ...], read: Collection[int],
                lexicon: Lexicon) -> Iterator[Act]:
    """The acts of a sentence that such phrases tell of, but for those whose verbs begin where `read` says."""
    for i in range(len(words) - 2):
        takes = _TAKES.get(words[i].text) if words[i].mention is None else None
        if takes is None or (i and words[i - 1].mention is None and any(
                words[i - 1].text in lexicon.cues[name] for name in _UNSURE)):
            continue
        subject, verb = _who(words, i + 1, takes, lexicon)
        if not subject.named:
            continue
        whom = () if takes == "leave" else (
            _struck(words, i) if takes in ("blows", "anything") else _whom(words, i, lexicon))
        if takes == "anything" and not whom:
            continue
        frame = Frame(subject._replace(reach=1), date=_date(words, i) if takes in _AT_ONCE else None)
        for word in words[verb:_run_end(words, verb)]:
            if word.start not in read and _takes(word, takes, lexicon):
                action = lexicon.triggers.get(word.text, OTHER)
                if act := make_act(tagged, Predicate(action, (word,), whom, frame), None, lexicon, "phrase"):
                    yield act


def _who(words: tuple[Word, ...], start: int, takes: str, lexicon: Lexicon) -> tuple[Subject, int]:
    """Who is named behind a preposition, and where the verb stands that it takes; NOBODY where none does."""
    end = named_end(words, start, lexicon)
    named = end
    while named > start and words[named - 1].text == "的":
        named -= 1
    verb = end
    while verb < len(words) and (words[verb].pos in _BETWEEN or words[verb].text == "的"):
        verb += 1
    if verb == len(words) or not _takes(words[verb], takes, lexicon):
        return NOBODY, verb
    if takes == "company" and "下" not in [w.text for w in words[verb + 1:verb + 4] if w.pos == "f"]:
        return NOBODY, verb
    subject = those_named(words[start:named], lexicon)
    if not subject.named and takes == "blows" and words[start].pos in NAMED:
        subject = read_subject(words[start:start + 1], lexicon.cues)        # 遭/甲军/反舰/导弹/袭击
    return subject, verb


def _date(words: tuple[Word, ...], i: int) -> Mention | None:
    """The last date before the word at i in its clause."""
    while i and words[i - 1].text not in BREAKS:
        i -= 1
        if words[i].pos == "DATE":
            return words[i].mention
    return None


def _run_end(words: tuple[Word, ...], i: int) -> int:
    """Behind the verbs that stand side by side (审议/批准)."""
    while i < len(words) and words[i].pos in ("v", "vn") and words[i].mention is None:
        i += 1
    return i


def _takes(word: Word, takes: str, lexicon: Lexicon) -> bool:
    action = lexicon.triggers.get(word.text)
    if takes == "anything":
        return word.mention is None and word.pos == "v" and (
            (action is not None and action.kind not in ("light", "frame", "motion")) or may_act(word, lexicon.cues))
    return word.mention is None and word.pos in ("v", "vn", "n") and (
        word.text in lexicon.cues[takes] or (action is not None and action.id in lexicon.cues[takes]))


def _struck(words: tuple[Word, ...], i: int) -> tuple[Word, ...]:
    """The noun phrase before the 遭 at i: 甲国/北部/乙镇/等地/（当天）/遭/…"""
    while i and words[i - 1].pos in WHEN:
        i -= 1
    start = i
    while start and (words[start - 1].pos in NOMINAL or words[start - 1].text in COORDINATORS or (
            start < i and words[start - 1].text in ("等", "的"))):
        start -= 1
    return words[start:i]


def _whom(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> tuple[Word, ...]:
    """Who is named right before the phrase that begins at i, or at the head of the next clause."""
    before = i
    while before and words[before - 1].pos in _BETWEEN:
        before -= 1
    if before and words[before - 1].pos in NAMED:
        return words[before - 1:before]
    comma = next((k for k in range(i, len(words)) if words[k].text == "，"), len(words))
    end = noun_phrase_end(words, comma + 1, lexicon.triggers)
    named = read_subject(words[comma + 1:end], lexicon.cues).agents
    return tuple(word for word in words[comma + 1:end] if word.mention in named) if len(named) == 1 else ()
