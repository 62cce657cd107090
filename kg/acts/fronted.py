"""What 对, 将, 把, 就 govern: the object, moved before its verb."""

from __future__ import annotations

from kg.acts.cases import case_end
from kg.acts.clauses import ADVERBIAL, MOVES, NOMINAL, Word
from kg.acts.lexicon import Lexicon
from kg.acts.noun_phrases import governed_end, noun_phrase_end

#: Open how something is done.
_MEANS = frozenset({"以", "按", "通过", "用"})
#: Behind a verb, they say where a thing lies.
_LYING = ("于", "在")
#: What says where something goes, as last character of a verb or behind it: to whom (汇报给), to what (提升至, 列为).
_ON_TO = frozenset("给"), frozenset({"给", "至", "到", "上"})
_TO_WHAT = frozenset("至为入"), frozenset({"至", "到", "为", "在"})


def fronted_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """End of what 对, 将, 把, 就 govern: with 对 and 就 it reaches to the last light verb (对…等工作/作出/指示)."""
    if case := case_end(words, i, lexicon.cues):
        return case
    action = lexicon.triggers.get(words[i + 1].text) if i + 1 < len(words) and words[i + 1].pos == "v" else None
    if words[i].text == "对其" and action is not None and action.id not in lexicon.cues["contraband"]:
        return i + 1                    # 对其/采取/留置措施
    if words[i].text == "对" and (said := next((j for j in range(i + 2, len(words)) if words[j].pos == "v" and (
            words[j].text in lexicon.cues["feeling"] or words[j].text.startswith("表示"))), 0)):
        while said > i + 2 and words[said - 1].pos in ADVERBIAL:
            said -= 1
        return said                     # 对/双方/达成/协议/再次/表示/欢迎
    if words[i].text not in ("将", "把", "即将") and (light := light_at(words, i, lexicon)):
        return light
    end = governed_end(words, i + 1, lexicon.triggers)
    if end == i + 1 and end < len(words) and words[end].pos == "v":
        end = noun_phrase_end(words, i + 2, lexicon.triggers)
    return _before_means(words, i + 1, end)


def _before_means(words: tuple[Word, ...], start: int, end: int) -> int:
    """Where 以/500元/的/价格 begins within what 将 governs, or `end`: how it is done isn't what it is done to."""
    for k in range(start + 1, end):
        if words[k].mention is None and words[k].pos == "p" and words[k].text in _MEANS:
            closed = max((j for j in range(k + 1, end) if words[j].text == "的"), default=0)
            if not closed or any(w.pos == "v" for w in words[k + 1:closed]):
                return end
            while k > start + 1 and (words[k - 1].pos in ADVERBIAL or words[k - 1].text == "分别"):
                k -= 1
            return k
    return end


def light_at(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where the last light verb with an object behind the preposition at i stands, its adverbs included, or 0."""
    for j in range(len(words) - 1, i + 1, -1):
        action = None if words[j].mention is not None or words[j].pos == "n" else lexicon.triggers.get(words[j].text)
        if action is None:
            continue
        about = words[i].text == "就" and action.id in lexicon.cues["about"]
        last = j + 1 == len(words)
        if (last and about and (action.id == "address" or (
                action.id == "consult" and _is_bare(words, i, j, lexicon)))) or (
                not last and words[j + 1].text != "的" and (about or action.kind in ("light", "frame"))):
            while j > i + 1 and words[j - 1].pos in (*ADVERBIAL, "TIME"):
                j -= 1
            return j
    return 0


def _is_bare(words: tuple[Word, ...], i: int, j: int, lexicon: Lexicon) -> bool:
    """就/恢复/航运/深入/交换意见: is the verb at j the only one that says what was done, by those named before 就?"""
    before = [lexicon.triggers.get(w.text) for w in words[max(i + 1, j - 4):j] if w.mention is None and w.pos == "v"]
    alone = all(w.text not in lexicon.cues["partner"] or w.pos != "p" for w in words[i + 1:j])
    return words[j].pos == "v" and alone and all(
        a is None or (a.kind not in ("light", "frame") and a.id != "convene") for a in before)


def goes_at_once(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> bool:
    """Is 就 at i an adverb: before a verb of acts, and no verb behind that tells what was done about it?"""
    behind = words[i + 1] if i + 1 < len(words) else None
    return behind is not None and behind.mention is None and behind.pos == "v" and behind.text in lexicon.triggers and (
        not light_at(words, i, lexicon))


def moved_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where the verb stands to which a long phrase behind 将 or 把 at i is the object, or 0.

    The verb closes the clause: 将/正在/作案/的/嫌疑人/当场/擒获. Not so in 将/加大/路面/巡逻, which tells what will be.
    """
    if words[i].text not in MOVES:
        return 0
    if end := _carried_off(words, i, lexicon) or _thing_end(words, i + 1, lexicon):
        return end
    last = len(words) - 1
    while last > i and words[last].mention is None and words[last].text in lexicon.cues["behind_catching"]:
        last -= 1
    action = lexicon.triggers.get(words[last].text)
    verbal = words[last].pos == "v" or (words[last].pos == "vn" and action is not None and (
        action.id in lexicon.cues["enforcement"]))      # 将/涉案/人员/控制，并/…
    if not verbal or action is None or action.kind != "act":
        return 0
    end = last
    while end > i + 1 and words[end - 1].pos in ADVERBIAL:
        end -= 1
    first = next((j for j in range(i + 1, end) if words[j].pos not in ADVERBIAL), end)
    near = fronted_end(words, i, lexicon)
    while near < end and words[near].pos in ADVERBIAL:
        near += 1
    if first == end or words[first].pos == "p" or words[end - 1].pos not in NOMINAL or (
            first < near and near < end and (words[near].text in lexicon.triggers or words[near].text in _MEANS)):
        return 0
    if words[first].text in lexicon.triggers:
        return 0
    opened = words[first].pos in ("v", "vn") and words[first].text not in lexicon.cues["attributive"] and (
        all(w.text != "的" for w in words[first:end - 1]))
    return 0 if opened else end


def _carried_off(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where 盗走 stands to which what 将 governs is the object, whatever verbs describe that, or 0.

    将/李某/借给/周某/使用/的/电脑/盗走/后/变卖, 将/放在/床/下/的/水管/偷走.
    """
    end = next((j for j in range(i + 2, len(words)) if words[j].text.endswith("走") and words[j].pos == "v" and (
        words[j].text in lexicon.triggers)), 0)
    if not end or (end + 1 < len(words) and words[end + 1].text not in ("后", "之后")):
        return 0
    described = max((k for k in range(i + 1, end) if words[k].text == "的" and words[k].pos == "u"), default=end)
    while words[end - 1].pos in ADVERBIAL:
        end -= 1
    return end if described < end - 1 and all(w.pos != "v" for w in words[described:end]) else 0


def _thing_end(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> int:
    """Where what is moved ends, by the verb behind it, whatever verbs it holds itself; or 0.

        将/追回/的/30万元/返还/给/甲公司, 将/存放/于/柜内/的/现金/盗走     what was gained before, or lay somewhere
        将/监听/内容/汇报给/甲部                                           what was gained, without 的, and goes on
        将/洪水/防御/响应/提升至/三级                                      what is set to something
    """
    about = i < len(words) and words[i].text in ("针对", "对")
    start, known = (0, False) if about else _behind_gaining(words, i, lexicon)
    if not start:
        start = i + 1 if about else i
        if start >= len(words) or (words[start].mention is None and words[start].pos not in NOMINAL):
            return 0
        end = verb = _verb_beyond_name(words, start, lexicon)
        if not verb or not _says_where(words, verb, _TO_WHAT):
            return 0
        while words[end - 1].pos in ADVERBIAL:
            end -= 1
        return end if words[end - 1].pos in NOMINAL | {"vn"} else 0
    end = verb = noun_phrase_end(words, start, lexicon.triggers)
    while known and verb < len(words) and words[verb].pos in ADVERBIAL:
        verb += 1
    if known and verb < len(words) and words[verb].pos == "p":      # 将/盗得/的/手机/以/500元/的/价格/卖给/李某
        verb = next((j for j in range(verb, len(words)) if words[j].pos == "v"), len(words))
    if verb == len(words) or words[verb].pos != "v":
        return 0
    if known:
        return end if words[verb].text in lexicon.triggers else 0
    if end == start:                    # 将/盗窃/所得/用于/购物
        return end if words[end - 1].text in lexicon.cues["proceeds"] else 0
    return end if _says_where(words, verb, _ON_TO) else 0


def _behind_gaining(words: tuple[Word, ...], i: int, lexicon: Lexicon) -> tuple[int, bool]:
    """Where the thing begins behind the verb at i by which it was gained or lies somewhere, or 0; is it so by a 的?"""
    if i == len(words) or words[i].mention is not None or words[i].pos not in ("v", "vn"):
        return 0, False
    start = i + 1
    while start < len(words) and words[start].text in lexicon.cues["gained"]:
        start += 1
    if start == i + 1 < len(words) and (words[start].text in _LYING or words[i].text.endswith(_LYING)):
        start = next((j for j in range(start, len(words)) if words[j].text == "的" and words[j].pos == "u"), len(words))
    if start == len(words) or words[start].text != "的":
        return start, False
    start += 1
    while start < len(words) and words[start].pos in ADVERBIAL:
        start += 1
    return start, True


def _verb_beyond_name(words: tuple[Word, ...], start: int, lexicon: Lexicon) -> int:
    """The first verb of acts behind `start` that doesn't stand before a noun as the verbs of a name do, or 0."""
    for k in range(start + 1, len(words) - 1):
        action = lexicon.triggers.get(words[k].text) if words[k].mention is None and words[k].pos == "v" else None
        if action is None:
            continue
        if action.kind == "motion" or words[k + 1].text in ("后", "之后"):
            return 0                    # 将/车门/撬开/后/进入/车内
        if _says_where(words, k, _TO_WHAT) or words[k + 1].pos not in (*NOMINAL, "w", "vn"):
            return k
    return 0


def _says_where(words: tuple[Word, ...], k: int, goes: tuple[frozenset[str], frozenset[str]]) -> bool:
    """Does the verb at k say where something goes, with its last character or the word behind it?"""
    if k + 1 >= len(words) or words[k].mention is not None:
        return False
    lies = words[k + 1].text == "在" and any(w.text == "的" for w in words[k + 2:])     # 存放/在/此/的/货物/运走
    return not lies and (words[k].text[-1] in goes[0] or words[k + 1].text in goes[1])


def moved_thing(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """What is moved without how much it was before: 利率 of (将) 利率/从/2%/（下调至1%）."""
    cut = next((j for j in range(1, len(words)) if words[j].text in ("从", "由") and words[j].pos == "p"), 0)
    return words[:cut] if cut and words[-1].pos in ("m", "q", "quote") else words


def unveiled_end(words: tuple[Word, ...], start: int, lexicon: Lexicon) -> int:
    """Behind the thing at `start` for which 为 stands, if how it is opened closes the clause (为/甲馆/揭牌), or 0."""
    action = lexicon.triggers.get(words[-1].text) if words[-1].mention is None else None
    return len(words) - 1 if action is not None and action.id == "unveil" and start < len(words) - 1 else 0
