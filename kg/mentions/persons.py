"""Persons: the tagger's, held to the shape of a name; withheld names; names that a title or a byline announces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.knowledge.world import load_world
from kg.mentions.namesakes import is_no_person, is_ship
from kg.mentions.reading import HAN, Reading, Word
from kg.mentions.spelled_towns import is_spelled
from kg.models import Mention

#: Stands for what a text withholds of a name.
_MASK = "某＊*×"
#: 彭某, 余某某, 蒋某岚, 张×, 欧阳某某. Looked for at every character: 的彭某 has the shape as well, only the
#: family name decides.
_MASKS = re.compile(f"[{_MASK}]")
_MASKED = re.compile(rf"(?=([{HAN}](?:[{_MASK}]{{1,2}}[{HAN}]?|[{HAN}][{_MASK}]{{1,2}}[{HAN}]?)))")
#: How people are addressed behind their family name alone.
_ADDRESSED = re.compile("先生|女士")
#: How sure the tagger must be of where a withheld name ends, to know better than its own words.
_PLAUSIBLE, _SURE = 0.4, 0.7
#: How sure the tagger must be of a name that ends like a body.
_CERTAIN = 0.9
#: 穆罕默德六世
_REGNAL = re.compile("[一二三四五六七八九十]+世$")
#: 卢尔清/之子, who is somebody else.
_CHILD = ("之子", "之女")
#: What holds back the name of a town before its level.
_MASKS_BEFORE = frozenset(_MASK)
#: Courts number people whose names they withhold alike: 高某1 and 高某2, but not 高某1月3日, 高某2人.
_NUMBER = re.compile("[1-9][0-9]?(?![0-9.．%％年月日号时点分秒名人次个位元岁万千百亿余多条件项辆张份家处克斤吨]|$)")
_OF_A_STATE = re.compile("(?:前|代|临时)?(?:总统|首相|总理|国王|外长|外交部长|议长|副总统|副总理|国防部长)")
#: 〔2024〕18号 behind what the tagger took for a name: 云政办.
_FILE_NUMBER = re.compile(r"[字发函规]?[〔［\[【（(]\d{4}[〕］\]】）)]\s*第?\d+号")
#: A name in a line of a list, behind a role or by itself.
_LISTED = re.compile(rf"[ \t\u3000]*(?:[{HAN} \u3000]{{2,10}}[：:][ \t\u3000]*)?([{HAN}]{{2,4}})[ \t\u3000]+"
                     rf"(?:[男女][ \t\u3000]+)?(?:[{HAN}]{{1,6}}族[ \t\u3000]+)?(?=[{HAN}（）、，]{{4,}}[；;。]?$)")
#: 普拉达女式挎包: what goods are called.
_GOODS = re.compile("”?(?:牌|女式|男式|女士包|品牌|专柜|专卖店|手提包|挎包|手袋|手表|皮包|钱包|香水|眼镜|轿车|汽车)")
#: A line that holds only the authors' names: （段小川 方大年）.
_AUTHORS = re.compile(f"[（(]([{HAN}]{{2,4}}(?:[ \u3000、]+[{HAN}]{{2,4}}){{0,3}})[）)]\\s*$")
#: What else such a line may say: （高清图）, （卢先生）.
_NO_AUTHOR = ("图", "摄", "讯", "社", "先生", "女士", "市", "县", "省", "村", "镇")
#: 台风“杜鹃”: what is named so is a storm.
_STORMS = ("台风“", "台风", "飓风“", "飓风", "热带风暴“")
#: Between the parts of a foreign name; older texts write 里查德-波雷.
_DOT = re.compile("[·•‧-]")
_DOTTED = re.compile(rf"[{HAN}A-Za-z]{{1,8}}(?:[·•‧][{HAN}A-Za-z]{{1,8}})+(?:-[{HAN}]{{2,8}})?"
                     rf"|[{HAN}]{{2,8}}-[{HAN}]{{2,8}}")
_HAN = re.compile(f"[{HAN}]+")
_LATIN = re.compile("[A-Za-z0-9]+")
_BRACKETS = re.compile(r"[（(][^（）()]{0,80}(?:记者|通讯员)[^（）()]{1,80}[）)]")
#: A name of two characters with a blank between them, in a byline.
_SPACED = re.compile(f"(?<=[ \u3000、：:者员])[{HAN}][ \u3000][{HAN}](?=[ \u3000）)、，]|$)")
#: 周文/作/主题/发言: the verb was taken into the name.
_SPEAKS = re.compile("作(?:的关于|的题为|的[^，。]{2,30}报告"
                     "|了?(?:主题|主旨|专题|总结|重要|大会|交流|典型|工作)(?:报告|发言|讲话|说明|演讲))|摄(?=[ ）)]|$)")
#: Parts of speech that never open a name which the tagger cut to pieces, and that never continue one.
_NO_NAME = frozenset({"w", "m", "p", "c", "u", "d", "r"})
_NAMES = frozenset({"PER", "nr", "nz", "nw"})
_PARTS = frozenset({"PER", "LOC", "ORG", "nr", "nz"})
_NO_GIVEN_NAME = frozenset({"w", "p", "c", "u", "d", "v", "vd", "r", "m", "f"})


def find_persons(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    """Persons of one sentence; `titles` are its titles, behind which a name may stand."""
    for span in reading.spans:
        if span.type == "PERSON" and not _MASKS.search(span.text) \
                and (_is_name(span.text, reading.lexicon, span.confidence) or _is_foreign(span, reading)) \
                and not _in_another_name(span, reading) and not _FILE_NUMBER.match(reading.text, span.end) \
                and not reading.text.endswith(_STORMS, 0, span.start) and not _GOODS.match(reading.text, span.end) \
                and not is_no_person(reading, span):
            end = span.end - 1 if len(span.text) > 2 and _SPEAKS.match(reading.text, span.end - 1) else span.end
            begin = span.start + _title_in_front(reading.text[span.start:end], reading.lexicon)
            yield reading.mention(begin, end, "PERSON", span.source, confidence=span.confidence)
    yield from _before_titles(reading)
    yield from _masked_names(reading)
    yield from _addressed(reading)
    yield from _dotted_names(reading)
    yield from _bylined_names(reading)
    yield from _listed_names(reading, titles)
    known = {span.start for span in reading.spans if span.type == "PERSON" and not _runs_on(span, reading)}
    for title in (title for title in titles if title.text not in reading.lexicon.words["no_announcers"]):
        if (i := reading.starts.get(title.end - reading.offset)) is not None and reading.words[i].start not in known \
                and (end := _announced(reading, i)):
            yield reading.mention(reading.words[i].start, end, "PERSON", "grammar.after_title", confidence=0.7)


def _title_in_front(name: str, lexicon: Lexicon) -> int:
    """How much of what the tagger takes for a name is a leader's title: 王储/阿迪姆; two characters of name remain."""
    lengths = lexicon.title_lengths.get(name[0], ())
    return next((n for n in lengths if 1 < n <= len(name) - 2 and lexicon.titles.get(name[:n]) == "leader"), 0)


def _before_titles(reading: Reading) -> Iterator[Mention]:
    """周文澜常委: the tagger took a name and the title behind it for a body."""
    for span in reading.spans:
        if span.type == "ORGANIZATION" and (size := titled_name(span.text, reading)):
            yield reading.mention(span.start, span.start + size, "PERSON", "grammar.listed_name", confidence=0.8)


def titled_name(text: str, reading: Reading) -> int:
    """How long the Chinese name is with which a text begins that is a name and a title, or 0."""
    name, lexicon = text[:-2], reading.lexicon
    surname = lexicon.surname(text)
    fits = surname and text[-2:] in lexicon.titles and len(name) - len(surname) in (1, 2)
    return len(name) if fits and not reading.places.find(name) and not lexicon.suffix(name) \
        and _is_name(name, lexicon) else 0


def _listed_names(reading: Reading, titles: Sequence[Mention]) -> Iterator[Mention]:
    """副组长：司马青　县水利局局长: in a line of a list, what stands between a role or the margin and a blank.

    The line must end in a title, and the name begin with a family name.
    """
    line = _LISTED.match(reading.text)
    if line is None or not any(t.end - reading.offset == len(reading.text.rstrip("；;。 ")) for t in titles):
        return
    name = line.group(1)
    if (surname := reading.lexicon.surname(name)) and len(name) - len(surname) in (1, 2) \
            and _is_name(name, reading.lexicon):
        yield reading.mention(*line.span(1), "PERSON", "grammar.listed_name", confidence=0.8)


def _runs_on(span: Mention, reading: Reading) -> bool:
    """何维作 of 何维/作/发言: the tagger's own words say that its name took in the word behind it.

    Only of words that follow names often: 何维亮/在 may be 何维/亮/在 to the words.
    """
    words = reading.inside(span.start, span.end)
    return len(words) == 2 and words[0].pos == "PER" and len(words[0].text) > 1 \
        and words[1].text in reading.lexicon.words["run_on_words"] \
        and (words[1].pos == "v" or span.confidence < _CERTAIN)


def _in_another_name(span: Mention, reading: Reading) -> bool:
    """雷曼 of 雷曼兄弟, or a country before the title and the name of its head: 甲国总统安德烈."""
    around = reading.starts.get(span.start)
    if around is not None and reading.words[around].pos == "ORG" and reading.words[around].end > span.end:
        return True
    title = _OF_A_STATE.match(reading.text, span.end)
    return title is not None and any(s.type == "PERSON" and s.start == title.end() for s in reading.spans)


def _is_name(name: str, lexicon: Lexicon, confidence: float = 0.0) -> bool:
    """Whether a person can be called so: two to four Han characters, or a foreign name.

    格鲁什科 ends like a section of an office; the tagger must be sure of it.
    """
    if not _HAN.fullmatch(name):
        return len(name.strip("·•‧")) > 1 and not _DOT.search(name[-1]) and not _LATIN.fullmatch(name)
    if len(name) == 2 and name[1] in "家氏" and lexicon.surname(name[0]):
        return False                    # 离开李家
    suffix = lexicon.suffix(name) if len(name) > 3 else None
    if name in lexicon.titles or name in lexicon.generic or (
            suffix and (len(suffix.text) > 1 or confidence < _CERTAIN)):
        return False
    return 2 <= len(name) <= 4 or (len(name) <= 8 and not lexicon.surname(name)) \
        or (len(name) < 12 and bool(_REGNAL.search(name)))


def _is_foreign(span: Mention, reading: Reading) -> bool:
    """巴赫蒂亚尔: longer than a Chinese name, although 巴 is a family name, and one word to the tagger."""
    word = reading.words[i] if (i := reading.starts.get(span.start)) is not None else None
    return word is not None and word.end == span.end and word.pos == "PER" and 4 < len(span.text) < 9 \
        and bool(_HAN.fullmatch(span.text)) and span.text not in reading.lexicon.titles


def _masked_names(reading: Reading) -> Iterator[Mention]:
    if not _MASKS.search(reading.text):
        return
    stop, behind = (frozenset(reading.lexicon.words[key]) for key in ("not_in_masked_name", "behind_masked_name"))
    for match in _MASKED.finditer(reading.text):
        name, end = match.group(1), match.end(1)
        surname = reading.lexicon.surname(name)
        if not surname and name[1] in _MASK and _tagged(reading, match.start()):
            surname = name[0]           # 普某林: a rare family name, if the tagger is sure that it is one
        if match.start() not in reading.starts or not surname \
                or (name[0] in "镇乡村" and reading.text[match.start() - 1:match.start()] in _MASKS_BEFORE):
            continue                    # 甲市某某/镇某某/街
        if name[1] not in _MASK and (name[0] in stop or _is_word(name[:2], match.start(), reading)):
            continue
        whole = name[len(surname)] in _MASK and end in reading.ends and name[-1] not in stop
        if tagged := _tagged(reading, match.start()):
            whole = name[-1] not in stop and (tagged.end == end or (whole and not _parts_from(reading, tagged)))
        if name[-1] not in _MASK and (not whole or reading.text[end - 1:end + 1] in behind):
            end -= 1                    # 方某确 of 方某确诊: the third character belongs to the next word
        if reading.text[end - 1] in _MASK and (number := _NUMBER.match(reading.text, end)):
            end = number.end()
        yield reading.mention(match.start(), end, "PERSON", "grammar.masked_name")


def _addressed(reading: Reading) -> Iterator[Mention]:
    """卢女士: a family name with an address, of one whose name the text holds back."""
    for match in _ADDRESSED.finditer(reading.text):
        for at in (match.start() - 2, match.start() - 1):
            i, name = reading.starts.get(at), reading.text[max(0, at):match.start()]
            if i is not None and name in reading.lexicon.surnames and (
                    reading.words[i].pos in _NAMES or reading.words[i].end == match.end()):
                yield reading.mention(at, match.end(), "PERSON", "grammar.masked_name")
                break


def _is_word(text: str, start: int, reading: Reading) -> bool:
    """Whether two characters are a word by themselves and no name: 查询/某, 陆军/某部."""
    word = reading.words[reading.starts[start]]
    return word.text == text and word.pos not in _NAMES and reading.lexicon.surname(text) != text


def _tagged(reading: Reading, start: int) -> Mention | None:
    """The tagger's name that begins here and holds the mask: 周某成/因, where its words are 周某/成因."""
    return next((s for s in (*reading.spans, *reading.doubtful) if s.type == "PERSON" and s.start == start
                 and s.end - start > 1 and s.confidence >= _PLAUSIBLE and _MASKS.search(s.text)), None)


def _parts_from(reading: Reading, name: Mention) -> bool:
    """Whether what follows the name belongs to the next word: 王某/先后, if the tagger is sure; 杨某某/签, a verb."""
    following = reading.starts.get(name.end)
    return name.confidence >= _SURE or (following is not None and reading.words[following].pos in _NO_GIVEN_NAME)


def _dotted_names(reading: Reading) -> Iterator[Mention]:
    """阿列克·萨夫林: a name with a dot in it, when names or words have one of its parts for a person."""
    if not _DOT.search(reading.text):
        return
    people = [(s.start, s.end) for s in reading.spans if s.type == "PERSON"]
    sure = {(s.start, s.end) for s in reading.spans if s.type == "PERSON" and _is_name(s.text, reading.lexicon)}
    words = [(w.start, w.end) for w in reading.words if w.pos == "PER"]
    for match in (m for run in _DOTTED.finditer(reading.text) for m in _each_dotted(run)):
        known = [each for each in people if _overlap(each, match)] or [each for each in words if _overlap(each, match)]
        if not known or ("-" in match.group() and known[0] not in people and len(known) < 2) \
                or is_ship(reading.text, *match.span()):
            continue
        dots = [match.start() + m.start() for m in _DOT.finditer(match.group())]
        whole = [each for each in known if each[0] < dots[0] and dots[-1] < each[1] - 1]
        if whole and "-" in match.group():
            continue                    # the tagger has it whole
        if whole and whole[0] in sure:
            yield reading.mention(*whole[0], "PERSON", "grammar.foreign_name")
            continue
        before = next((w for w in reading.words if w.start < dots[0] <= w.end), None)
        behind = next((w for w in reading.words if w.start <= dots[-1] + 1 < w.end), None)
        if before and behind:
            # 哈力/再提/·/海力力: the tagger may have found a part that ends where the next word begins
            first = next((start for start, end in known if end == before.start), before.start)
            last = next((end for start, end in known if start <= behind.start and behind.end <= end), behind.end)
            begin, end = max(first, match.start()), _whole_end(reading, min(last, match.end()), match.end())
            station = "-" in match.group() and reading.text[end - 1] in "站州省市县线港"
            if begin < dots[0] and end > dots[-1] + 1 and not station:
                yield reading.mention(begin, end, "PERSON", "grammar.foreign_name")


def _whole_end(reading: Reading, end: int, stop: int) -> int:
    """艾力·依明/江海、: the tagger parted the name, of which the rest, up to a stop, is a name to it, too."""
    following = reading.starts.get(end)
    rest = following is not None and end < stop and reading.words[following].end == stop and stop - end < 3 \
        and reading.words[following].pos in _PARTS and reading.text[stop:stop + 1] in tuple("，、；。）")
    return stop if rest else end


def _overlap(span: tuple[int, int], match: re.Match[str]) -> bool:
    return span[0] < match.end() and match.start() < span[1]


def _each_dotted(run: re.Match[str]) -> Iterator[re.Match[str]]:
    """加雷思·莱瑟和马克·威廉姆斯 are two; a run that no 和 joins is one."""
    text = run.string
    if joined := re.search("(?<=[^·•‧]{2})[和与及](?=[^·•‧]{1,6}[·•‧])", run.group()):
        bounds = ((run.start(), run.start() + joined.start()), (run.start() + joined.end(), run.end()))
        parts = [_DOTTED.fullmatch(text, begin, end) for begin, end in bounds]
        if all(parts):
            yield from (part for part in parts if part)
            return
    yield run


@lru_cache(maxsize=4)
def _byline(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"{lexicon.any('bylines')}[：:／/ ]{{0,2}}((?:[{HAN}]{{2,4}}(?:[ 、，]+|(?=[）)]|$)))+)")


def _bylined_names(reading: Reading) -> Iterator[Mention]:
    """The names behind 记者 and 通讯员 in a byline, or in the brackets of a dateline."""
    lexicon = reading.lexicon
    yield from _authors(reading)
    zones = [(0, reading.text)] if reading.role in ("byline", "metadata") else \
        [(m.start(), m.group()) for m in _BRACKETS.finditer(reading.text)]
    for offset, zone in zones:
        for match in _byline(lexicon).finditer(zone):
            for found in _HAN.finditer(match.group(1)):
                begin, name = offset + match.start(1) + found.start(), found.group()
                name = name[:-1] if len(name) > 2 and name[-1] == "摄" else name        # 卢正平/摄
                if 2 <= len(name) <= 4 and lexicon.surname(name) and name not in lexicon.titles:
                    yield reading.mention(begin, begin + len(name), "PERSON", "grammar.byline")
        for spaced in _SPACED.finditer(zone):
            if lexicon.surname(spaced[0][0]):           # 记者 卢 平
                yield reading.mention(offset + spaced.start(), offset + spaced.end(), "PERSON", "grammar.byline")


def _authors(reading: Reading) -> Iterator[Mention]:
    """The names in a line of nothing else, if one of them is a person to the tagger."""
    line = _AUTHORS.match(reading.text)
    names = list(_HAN.finditer(reading.text, *line.span(1))) if line else []
    people = {(w.start, w.end) for w in reading.words if w.pos in ("PER", "nr")}
    people |= {(s.start, s.end) for s in (*reading.spans, *reading.doubtful)
               if s.type == "PERSON" and s.confidence >= _PLAUSIBLE}
    if len(names) == 1 and len(names[0][0]) == 3 and (i := reading.starts.get(names[0].start())) is not None \
            and reading.words[i].pos in ("PER", "LOC", "nr") and len(reading.words[i].text) > 1:
        people.add(names[0].span())         # （卢平/LOC 入/v）
    if any(name[0].endswith(_NO_AUTHOR) for name in names):
        return
    if all(reading.lexicon.surname(name.group()) for name in names) and any(name.span() in people for name in names):
        for name in names:
            yield reading.mention(*name.span(), "PERSON", "grammar.byline", confidence=0.9)


def _announced(reading: Reading, i: int) -> int:
    """End of the name that begins at word `i`, right behind a title, when the tagger didn't see it (包/启明)."""
    first, following = reading.words[i], reading.words[i + 1:i + 2]
    if len(first.text) == 1 and first.pos not in _NO_NAME and following and following[0].pos == "PER" \
            and len(following[0].text) > 3 \
            and not (first.pos == "v" and any(s.start == following[0].start for s in reading.spans)):
        return following[0].end         # 参赞/热/洛霍科夫: a foreign name of which a tagger took the head for a word
    if spelled := next((s for s in reading.doubtful if s.type == "PERSON" and s.start == first.start
                        and s.confidence >= _PLAUSIBLE and is_spelled(_REGNAL.sub("", s.text), reading.lexicon)
                        and not s.text.endswith(_CHILD) and not load_world().states_of(s.text)), None):
        return spelled.end              # 总理/卢洛夫琴科
    surname = reading.lexicon.surname(first.text)
    if not surname or first.pos in _NO_NAME or reading.places.find(first.text) or load_world().states_of(first.text):
        return 0                        # 总统/巴厘岛/会晤
    if whole := next((s for s in reading.doubtful if s.type == "PERSON" and s.start == first.start
                      and s.end > first.end and s.confidence >= _PLAUSIBLE and len(s.text) < 4
                      and not _SPEAKS.match(reading.text, s.end - 1)), None):
        return whole.end                # 许宏/才/作: the tagger reads more of the name than its words
    if _looks_named(first, following) and len(surname) < len(first.text) <= len(surname) + 2:
        return first.end
    if len(first.text) > 2 or (len(first.text) > 1 and first.pos not in _PARTS) \
            or not following or following[0].pos in _NO_GIVEN_NAME \
            or following[0].text in reading.lexicon.titles:     # 任/组长 of 由校长任组长
        return 0
    name = first.text + following[0].text
    return following[0].end if len(surname) < len(name) <= min(3, len(surname) + 2) else 0


def _looks_named(word: Word, following: Sequence[Word]) -> bool:
    """Whether one whole word is a name: tagged as some name, or of three characters with a stop behind it."""
    stopped = not following or following[0].text[0] in "，。、；（"
    return word.pos in ("PER", "LOC", "ORG", "nz", "nw") \
        or (word.pos in ("v", "n", "a") and len(word.text) == 3 and stopped)
