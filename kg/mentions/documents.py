"""Documents: in 《》, without (关于…的通告), and laws by their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.knowledge.lexicon import Lexicon
from kg.mentions.reading import HAN, Reading
from kg.models import Mention

_TITLE = re.compile(r"《([^《》\n]{2,80}(?:《[^《》\n]{1,40}》[^《》\n]{0,40})?)》")
_EDITION = re.compile(r"[（(][^（）()]*[）)]$|(?<=[\u4e00-\u9fff])(?:19|20)\d\d年?$")
_STATE = "中华人民共和国"
#: Behind 宪法: what is called after it.
_CUSTOMS = ("宣誓", "日")
#: Behind a title: it is that of a speech, or of a book.
_SPOKEN = re.compile("的[^，。、；]{0,6}?(?:讲话|演讲|致辞|发言|声明|公开信|白皮书)")
_PUBLISHED = re.compile("(?:[（(][^（）()]{1,12}[）)]|第[一二三四五六]卷)?(?:一书|"
                        "，?(?:近日|日前)?(?:已|正式)?(?:由[^，。]{2,16}出版社)?出版)")
_LAW = re.compile(rf"[{HAN}]{{1,12}}法典?")


@lru_cache(maxsize=4)
def _unquoted(lexicon: Lexicon) -> re.Pattern[str]:
    listed = f"(?:{lexicon.any('notices')}|{lexicon.any('papers_in_lists')})、"       # 关于…的决定、关于…的决定 are two
    return re.compile(rf"关于(?!作出|开展)(?:(?!{listed})[^，。；：！？《》“”\n]){{6,60}}的{lexicon.any('notices')}")


def find_documents(reading: Reading) -> Iterator[Mention]:
    """Documents of one sentence. 《》 without a word for a document may hold a film or a song, and is left alone."""
    lexicon = reading.lexicon
    for match in _TITLE.finditer(reading.text):
        title = _EDITION.sub("", match.group(1)).rstrip("”’」")
        if any(title.endswith(word) for word in lexicon.documents):
            yield reading.mention(match.start(), match.end(), "DOCUMENT", "grammar.document")
        elif _PUBLISHED.match(reading.text, match.end()) or (
                reading.text.endswith("题为", 0, match.start()) and _SPOKEN.match(reading.text, match.end())):
            yield reading.mention(match.start(), match.end(), "DOCUMENT", "grammar.document", confidence=0.8)
    for match in _unquoted(lexicon).finditer(reading.text):
        if reading.text[max(0, match.start() - 1):match.start()] not in ("《", "中", "里"):     # 《甲法》中关于…的规定
            found = reading.mention(match.start(), match.end(), "DOCUMENT", "grammar.unquoted_document", confidence=0.8)
            yield found._replace(value=_whole_title(match, lexicon))
    for match in _LAW.finditer(reading.text):
        if match.end() in reading.ends and not reading.text.startswith(_CUSTOMS, match.end()) \
                and (start := _law_start(match, lexicon)) is not None:
            yield reading.mention(start, match.end(), "DOCUMENT", "lexicon.law")


def _whole_title(match: re.Match[str], lexicon: Lexicon) -> str:
    """The title of a notice that is all of a line, with the body before it: 甲县人民政府关于封山的通告; else empty."""
    before = match.string[:match.start()].strip()
    whole = match.end() == len(match.string.rstrip()) and re.fullmatch(f"[{HAN}]{{4,30}}", before)
    return before + match.group() if whole and lexicon.suffix(before) else ""


def _law_start(match: re.Match[str], lexicon: Lexicon) -> int | None:
    """Where the law begins that ends with the match, or None; 公司法 of 客车/公司/法定代表人 was refused before."""
    for cut in range(len(match.group()) - 1):
        if match.group()[cut:] in lexicon.laws:
            start = match.start() + cut
            return start - len(_STATE) if match.string.endswith(_STATE, 0, start) else start
    return None
