"""From tagged sentences to acts: who did what, when, where and to whom.

`find_acts` reads the sentences of a document clause by clause (kg.acts.sentences) with the verbs of
kg/data/actions.yaml; `act_relations` turns acts into ACTION entities and their edges. What counts as an act is
said in the ontology: speech, wishes, evaluation, negated and conditional clauses give none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.acts.act import Act
from kg.acts.also_there import listed_acts
from kg.acts.clauses import CORE, Word, read_words
from kg.acts.described import described_acts
from kg.acts.edges import act_relations
from kg.acts.known import forget_person, note_names, note_person, of_leaders, with_known_groups
from kg.acts.lexicon import load_lexicon
from kg.acts.lists import with_listed_targets
from kg.acts.pairs import Pairs
from kg.acts.pronouns import with_addressed_party, with_meant_targets
from kg.acts.scenes import read_scene
from kg.acts.sentences import Thread, read_sentence
from kg.acts.sittings import NONE, court_behind, read_sitting, signed_by
from kg.acts.under import phrase_acts
from kg.models import Mention, TaggedSentence

__all__ = ["Act", "act_relations", "find_acts"]

_READ = frozenset({"body", "caption"})
_NAMING = frozenset({"title", "heading"})
#: Behind an outlet, that it sent the news; what a tagger took into the word goes with it.
_SENT = re.compile("电(?![视台影力话信网子报])")


def find_acts(sentences: Sequence[TaggedSentence], links: Mapping[Mention, str]) -> list[Act]:
    """The acts of one document, in order.

    Only acts of somebody named are given; `links` tells which mentions are entities, agents without a link are
    left out. Negated acts are given with polarity `negative`, announced ones with certainty `plan`.
    """
    lexicon = load_lexicon()
    acts: list[Act] = []
    thread, line, sitting = Thread(), -1, NONE
    known: dict[str, tuple[Mention, ...]] = {}
    pairs = Pairs()
    signer = signed_by(sentences)
    for tagged in sentences:
        role = tagged.sentence.role
        if role in _NAMING and tagged.mentions:
            note_names(tagged, known, lexicon.cues)
            pairs.note_heads(tagged, lexicon.cues)
            sitting = read_sitting(read_words(tagged, lexicon.cues["cut_nouns"]), sitting, lexicon.cues, heading=True)
        if role not in _READ or tagged.sentence.line != line:
            thread, line = Thread(), tagged.sentence.line
        if tagged.sentence.text.rstrip("”’」").endswith(("？", "?")):
            thread = Thread()      # a question tells of nothing
        elif role in _READ:
            court = court_behind(tagged, sentences, lexicon.cues)
            if not (tagged.mentions or known or court) and thread == Thread() and sitting == NONE:
                continue                # nobody is named, and nobody has been
            words = _without_dateline(read_words(tagged, lexicon.cues["cut_nouns"], lexicon.compounds,
                                                 lexicon.cues["adverbs"], lexicon.cues["attributive"]))
            sitting = court or read_sitting(words, sitting, lexicon.cues, heading=False)
            forget_person(tagged, known)
            pairs.note_heads(tagged, lexicon.cues)
            pairs.tell(tagged, known, lexicon.cues)
            found, after = read_sentence(tagged, words, thread, sitting, known, signer, lexicon)
            whole = tuple(words)
            for besides in (described_acts, phrase_acts, listed_acts):
                found += besides(tagged, whole, {act.trigger.start for act in found}, lexicon)
            if CORE in tagged.sentence.text:
                found = [act for act in found if not of_leaders(act) or act.canonical in lexicon.cues["of_leaders"] or (
                    act.rule.startswith("described"))]
            note_names(tagged, known, lexicon.cues)
            note_person(tagged, known)
            pairs.note_meetings(found, lexicon.cues)
            acts.extend(with_known_groups(act, known, links) for act in found)
            thread = after._replace(scene=read_scene(words, thread.scene, lexicon.cues))
    linked = (replace(act, agents=tuple(a for a in act.agents if a in links)) for act in acts)
    told = sorted((act for act in linked if act.agents), key=lambda act: act.trigger.start)
    listed = list(with_addressed_party(with_listed_targets(told, sentences), sentences))
    return list(with_meant_targets(listed, sentences, lexicon.cues["upon_somebody"], links))


def _without_dateline(words: list[Word]) -> list[Word]:
    """新华社北京1月2日电 … names the outlet, not who acts."""
    for i, word in enumerate(words[:9]):
        if word.mention is None and (word.text in ("电", "日电", "日讯") or word.text[0] == "讯" or (
                i and words[i - 1].pos == "ORGANIZATION" and _SENT.match(word.text))):      # 新华社/电甲国
            return words[i + 1:]
    return words
