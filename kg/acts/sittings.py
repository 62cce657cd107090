"""会议 for the body that sits: 青溪县委召开会议。会议审议了…; 青溪县人大常委会第三次会议…; and who appoints.

What a meeting studies, passes and whom it appoints is done by the body whose meeting it is. Lists of appointments often
name that body only above them (…任免名单, …决定：), and judgments their court (判决如下：).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kg.acts.adjuncts import Frame
from kg.acts.clauses import BREAKS, COORDINATORS, NOMINAL, Clause, Word
from kg.acts.subjects import MEETINGS, NAMED, NOBODY, Subject, session_end
from kg.mentions.courts import own_court
from kg.models import Mention, TaggedSentence


@dataclass(frozen=True, slots=True)
class Sitting:
    """A body in session, and when it sat, if the text says so."""

    body: Subject = NOBODY
    date: Mention | None = None


NONE = Sitting()
_THIS = frozenset({"本次", "这次", "此次", "该", "大"})
_CONVENES = frozenset({"召开", "举行", "主持召开", "组织召开"})
_HOLD = frozenset({"主持", "主持召开", "召集", "主持召集"})
_OTHERWISE = frozenset({"同意", "建议", "提请", "将于", "拟"})
#: Parts of speech in the name of a meeting.
_OF_SESSIONS = (NOMINAL - NAMED - {"w"}) | {"vn", "a", "b", "DATE", "TIME", "d"}
#: 甲县公安局（印章）: so much may stand beside the name in a signature.
_SEAL = 4
_DECIDES = frozenset({"决定", "研究决定", "决议"})


def read_sitting(words: Sequence[Word], before: Sitting, cues: Mapping[str, Collection[str]], *,
                 heading: bool) -> Sitting:
    """The body whose meeting 会议 means behind a sentence of these words; `before`: the one it meant until there.

    A heading with names in it begins something new.

    >>> read_sitting((), NONE, {}, heading=False).body.named
    False
    """
    told = any(word.mention is None and word.pos not in ("m", "q", "w", "TIME") for word in words)  # no 甲局 2022-08-29
    new = heading and words[-1:] and words[-1].text not in "：:" and told and any(w.mention is not None for w in words)
    if all(word.pos != "ORGANIZATION" for word in words):
        return NONE if new else before
    for i, word in enumerate(words):
        if word.mention is None and (word.text in _OTHERWISE or (not heading and word.text in MEETINGS and (
                before.body.named and (i == 0 or words[i - 1].text in BREAKS)))):
            break           # 会议决定，甲县人大/三次/会议/于…召开: that one is another
        if word.mention is not None and word.pos == "ORGANIZATION" and (
                _sits(words, i) or _decides(words, i, heading, cues)):
            date = next((w.mention for w in (words[:i] if heading else words) if w.pos == "DATE"), None)
            return Sitting(Subject((word.mention,), True, reach=2, sitting=True), date)
    return NONE if new else before


def means_sitting(words: Sequence[Word]) -> bool:
    """Is a noun phrase 会议, 本次会议 or 全会, without a name?"""
    return words[-1].text in MEETINGS and all(w.mention is None and (
        w is words[-1] or w.text in _THIS) for w in words)


def whose_session(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> tuple[Subject, tuple[Word, ...]]:
    """Who holds a meeting, and its name without theirs: 甲县政协/第63次/协商/座谈会; NOBODY where it isn't said."""
    end = 0
    while end < len(words) and (words[end].pos == "ORGANIZATION" or (end and words[end].text in COORDINATORS)):
        end += 1
    name = words[end:]
    if not end or words[end - 1].mention is None or not name or name[0].pos == "POSITION" or (
            not name[-1].text.endswith(tuple(cues["sessions"]))):
        return NOBODY, ()
    if any(w.pos not in _OF_SESSIONS or w.text in cues["unsaid_holders"] or w.text in COORDINATORS for w in name):
        return NOBODY, ()
    return Subject(tuple(w.mention for w in words[:end] if w.mention is not None), True), name


def is_session(words: tuple[Word, ...], cues: Mapping[str, Collection[str]]) -> bool:
    """Does a noun phrase end in a meeting or what opens or closes one?"""
    return words[-1].text.endswith((*cues["sessions"], "开幕式", "闭幕式", "仪式"))


def signed_by(sentences: Sequence[TaggedSentence]) -> Subject:
    """The bodies that sign a document, each in a line of its own: who 决定对甲某处以罚款 where it doesn't say who."""
    signs = tuple(tagged.mentions[0] for tagged in sentences if tagged.sentence.role == "byline"
                  and len(tagged.mentions) == 1 and tagged.mentions[0].type == "ORGANIZATION"
                  and "代章" not in tagged.sentence.text
                  and len(tagged.sentence.text.strip()) - len(tagged.mentions[0].text) <= _SEAL)
    return Subject(signs, bool(signs), reach=1)


def decides_for_signer(clause: Clause, subject: Subject) -> bool:
    """Does a clause open with 决定, without a subject, or with that to whom it is done (甲某违法，决定对甲某罚款)?"""
    words = clause.words
    if words[0].mention is not None or words[0].text not in _DECIDES:
        return False
    inside = {word.mention.text for word in words if word.mention is not None}
    return not subject.named or (subject.reach > 0 and all(
        agent.type == "PERSON" or agent.text in inside for agent in subject.agents))


def court_behind(tagged: TaggedSentence, sentences: Sequence[TaggedSentence],
                 cues: Mapping[str, Collection[str]]) -> Sitting | None:
    """The court whose decision stands below a sentence that ends with 判决如下：, or None."""
    if not tagged.sentence.text.rstrip("：: ").endswith(tuple(cues["decrees"])):
        return None
    court = own_court([other for other in sentences if other.sentence.start <= tagged.sentence.start])
    return Sitting(Subject((court,), True, reach=1)) if court is not None else None


def of_body(word: Word, frame: Frame, cues: Mapping[str, Collection[str]]) -> Frame:
    """任命/… without a subject: whose list of appointments it stands in; 判处/…: which court."""
    body, subject = frame.body, frame.subject
    if not body.named or frame.passive:
        return frame
    if word.text in cues["of_courts"]:
        people = subject.reach > 0 and subject.of_people
        if not body.agents[0].text.endswith("院") or (subject.named and not people):
            return frame
        return frame._replace(subject=body, recipients=(*frame.recipients, *subject.agents))
    appoints = word.text in cues["of_bodies"] or word.text == "接受"
    return frame._replace(subject=body) if appoints and not subject.named and not frame.patient else frame


def _sits(words: Sequence[Word], i: int) -> bool:
    """甲县人大常委会/第三次/会议, 甲县委/召开/会议."""
    if session_end(words, i) and _is_subject_or_convened(words, i):
        return True
    convenes = next((j for j in range(i + 1, len(words)) if words[j].mention is None and (
        words[j].text in _CONVENES or words[j].text in BREAKS)), len(words))
    if convenes == len(words) or words[convenes].text in BREAKS or any(w.pos in NAMED for w in words[i + 1:convenes]):
        return False
    end = next((j for j in range(convenes, len(words)) if words[j].text in BREAKS), len(words))
    return words[end - 1].mention is None and words[end - 1].text.endswith(MEETINGS)


def _is_subject_or_convened(words: Sequence[Word], i: int) -> bool:
    """Does the session open its clause, or do those who hold it? Not so in 提请/甲县人大/三次/会议/审议."""
    while i > 0 and (words[i - 1].pos in ("DATE", "TIME") or words[i - 1].text in "、日前新"
                     or words[i - 1].text.endswith("届")):
        i -= 1
    return i == 0 or words[i - 1].text in BREAKS or words[i - 1].text in _HOLD


def _decides(words: Sequence[Word], i: int, heading: bool, cues: Mapping[str, Collection[str]]) -> bool:
    """甲县政府/决定/： above a list, and 甲县政府/关于/…/任免/的/通知 as its heading."""
    behind = words[i + 1:]
    if heading:
        return all(w.pos not in ("ORGANIZATION",) for w in words[:i]) and any(
            cue in w.text for w in behind for cue in cues["appointing"] if w.pos not in NAMED)
    return len(behind) > 1 and behind[-1].text in "：:" and behind[-2].text in _DECIDES and all(
        w.pos not in NAMED for w in behind)
