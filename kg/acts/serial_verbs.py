"""Two acts of one subject in one clause, without a comma: 租用/房屋/开设/游戏厅, 召开/会议/发表/宣言."""

from __future__ import annotations

from kg.acts.clauses import Word
from kg.acts.lexicon import Lexicon


def begins_second_act(obj: tuple[Word, ...], j: int, verb: tuple[Word, ...], lexicon: Lexicon) -> bool:
    """Does a second act of the same subject begin at j, behind an object that no verb behind it describes?"""
    word, cues = obj[j], lexicon.cues
    if j == 0 or word.mention is not None or word.pos != "v" or word.text not in lexicon.triggers:
        return False
    before = obj[j - 1]
    if j + 1 == len(obj) or (before.mention is not None and before.pos != "POSITION") or (
            not before.text.endswith(tuple(cues["closing_objects"]))) or (
            verb[-1].text in cues["pivots"] | cues["taking_clauses"]):
        return False
    if before.text.endswith(tuple(cues["meetings"])):
        return obj[j + 1].text != "的"
    return all(w.text != "的" for w in obj[j + 1:])
