"""Noun phrases, relative clauses before them, and what a preposition governs.

A noun phrase ends at the first word that can't be in one.
"""

from __future__ import annotations

from collections.abc import Collection

from kg.acts.clauses import COORDINATORS, MOVES, NOMINAL, Word

#: Taggers take these for verbs, but they only stand before nouns.
ATTRIBUTIVE = frozenset({"常驻", "有关", "相关", "参战", "参训", "参赛", "候任", "时任", "在任", "现任", "前任",
                          "新任", "当选", "卸任", "离任", "驻"})
#: Behind a verb that says what they do, they are people of the body before it (甲局/侦查/人员).
_STAFF = frozenset({"人员", "民警", "干警", "队员"})


def noun_phrase_end(words: tuple[Word, ...], i: int, verbs: Collection[str]) -> int:
    """End (exclusive) of the noun phrase that begins at i; i itself if none does. Relative clauses are not entered."""
    j = i
    while j < len(words) and _continues(words, i, j, verbs):
        j += 1
    while j > i and (words[j - 1].text in COORDINATORS or words[j - 1].pos == "a" or (
            words[j - 1].pos == "TIME" and i < j - 1 and j < len(words))):
        j -= 1
    return j


def _continues(words: tuple[Word, ...], i: int, j: int, verbs: Collection[str]) -> bool:
    word = words[j]
    following = words[j + 1] if j + 1 < len(words) else None
    nominal_next = following is not None and (
        following.pos in NOMINAL or following.pos in ("a", "vn", "TIME") or following.text in ATTRIBUTIVE)
    if word.mention is not None:
        return word.pos != "DATE" or (following is not None and following.text == "的")
    if word.pos in NOMINAL:
        return not (word.text in verbs and word.pos != "f" and j > i and words[j - 1].mention is not None)
    if word.text in COORDINATORS:
        return j > i and nominal_next and (
            word.pos != "p" or (following is not None and following.pos in ("PERSON", "ORGANIZATION")))
    if word.text == "所" and following is not None and following.pos in ("v", "vn") and j + 2 < len(words):
        return len(following.text) < 3 and words[j + 2].pos in NOMINAL      # 所/盗/轮胎
    if j > i and words[j - 1].text == "所" and word.pos == "v":
        return following is not None and following.pos in NOMINAL
    if word.text in ("的", "等", "等人", "之", "—"):
        return j > i
    if word.pos == "a" and following is not None and following.text == "的":
        return True
    if word.pos in ("a", "TIME"):
        return nominal_next and (word.pos == "a" or j > i)
    if (word.text in ATTRIBUTIVE and (j == i or words[j - 1].pos != "PERSON")) or (
            word.text[0] == "所" and len(word.text) == 2):
        return nominal_next     # 老人/所需/药品
    if word.pos == "vn":
        if j > i and words[j - 1].mention is not None:
            return nominal_next and (word.text not in verbs or (following is not None and following.text in _STAFF))
        return nominal_next or j > i
    return False


def relative_end(words: tuple[Word, ...], i: int, verbs: Collection[str]) -> int | None:
    """If words[i:] begin with a relative clause (… 的 + noun phrase), the end of that noun phrase."""
    for j in range(i, len(words) - 1):
        if words[j].text == "的" and words[j].pos == "u":
            end = noun_phrase_end(words, j + 1, verbs)
            if end == j + 1 and words[j + 1].pos in ("TIME", "DATE") and j + 2 < len(words) and words[j + 2].pos == "f":
                return j + 2    # 在/防汛/的/两个月/里
            if end == j + 1 and j + 1 < len(words) and words[j + 1].pos not in ("v", "p", "d"):
                continue
            if end > j + 1:
                return end
            return relative_end(words, j + 1, verbs)
    return None


def governed_end(words: tuple[Word, ...], i: int, verbs: Collection[str]) -> int:
    """End of the noun phrase governed by a preposition at i-1, relative clauses included.

    A verb right behind the preposition opens a relative clause (对/收缴/的/物品/…). A verb behind a noun phrase does so
    only if a verb still follows the noun phrase which the relative clause would modify; so does one behind a date
    (于/当日/收到/甲某/递交/的/报告).
    """
    end = noun_phrase_end(words, i, verbs)
    if end < len(words) and words[end].pos in ("v", "d", "ad", "p", "vd", "vn", "DATE") and (
            words[end].text not in MOVES):
        jumped = relative_end(words, end, verbs)
        opens = end == i and words[i].pos != "DATE"
        if jumped is not None and (opens or any(w.pos in ("v", "vn") for w in words[jumped:])) and not (
                end > i and _is_main(words, end, jumped, verbs)):
            return jumped
    return end


def behind_time(words: tuple[Word, ...], i: int) -> int:
    """Behind a time with which the noun phrase at i opens (向/2024年/博览会/致贺信, 以/9秒/97/的/成绩), or i."""
    if i + 1 < len(words) and words[i].pos in ("DATE", "TIME") and (
            words[i + 1].pos in NOMINAL - {"f"} or words[i + 1].text == "的"):
        return i + 1
    return i


def _is_main(words: tuple[Word, ...], i: int, end: int, verbs: Collection[str]) -> bool:
    """在/甲湾/参加/乙国/领导/的/演习, 在/甲镇/发现/了/…的…: is the verb at i that of the clause, before whose object
    another one stands with its 的?
    """
    while i < end and words[i].pos in ("d", "ad", "vd", "DATE", "TIME"):
        i += 1
    if i + 1 >= end or words[i].pos != "v" or words[i].mention is not None or words[i].text not in verbs:
        return False
    if words[i + 1].text in ("了", "过"):
        return True
    at = [k for k in range(i + 1, end) if words[k].text == "的" and words[k].pos == "u"]
    return len(at) == 1 and at[0] > i + 2 and words[at[0] - 1].pos == "v" and words[at[0] - 2].mention is not None


def meeting_end(words: tuple[Word, ...], end: int, meetings: Collection[str], verbs: Collection[str]) -> int:
    """End of the name of a meeting that goes on behind `end`, because a verb stands in it; `end` where none does.

    向/流域/共治/论坛/致贺信, 在/纪念/结好/二十周年/论坛/上/发表/…
    """
    for j in range(end + 1, len(words)):
        word, before = words[j], words[j - 1]
        if before.mention is not None or before.text in ("的", "，", "、") or before.pos in ("p", "u"):
            return end
        if before.text.endswith(tuple(meetings)) and word.mention is None and (
                word.text == "上" or (word.pos == "v" and word.text in verbs)):
            return j
    return end
