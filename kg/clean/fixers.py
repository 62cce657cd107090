"""The fixers: each looks at a text and says what it would change, as sorted `(start, end, new)`.

A fixer never changes anything itself; `kg.clean` runs them in the order of FIXERS and `kg.clean.edits.Tracked`
carries the changes out. Each says in its docstring what it mends, why that is safe, and when it refuses.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Callable, Iterator
from itertools import groupby

import kg.clean.mojibake
import kg.clean.recoded
from kg.clean import hypertext
from kg.clean.edits import Change, Guess
from kg.clean.hanzi import HAN, TONE_MARKED, converter, has_reading, simplified_forms, traditional_share
from kg.clean.wrapped import wrapped

Fixer = Callable[[str], list[Change] | list[Guess]]

#: Full-width marks and brackets, and what else stands in Chinese text without being a word.
_MARKS = "，。、；：？！“”‘’（）《》〈〉【】「」『』…—"
_TRADITIONAL_FROM = 0.03
_MANY_READINGS = 5


def recoded(text: str) -> list[Change]:
    """Undo UTF-8 that was read as GBK or Latin-1: `鍏畨灞€` and `å…¬å®‰å±€` for 公安局; see kg.clean.recoded.

    Safe because the bytes must be valid UTF-8 and make common Chinese, which those of other text never do; what
    the reading lost stays lost and is told.
    """
    return sorted([*kg.clean.recoded.latin(text), *kg.clean.recoded.gbk(text)])


def line_breaks(text: str) -> list[Change]:
    r"""Make every line break `\n`: `\r\n`, `\r`, vertical tab, form feed, NEL, U+2028 and U+2029.

    Safe because none of them means anything but a new line in text.
    """
    return [(m.start(), m.end(), "\n") for m in re.finditer("\r\n?|[\x0b\x0c\x85\u2028\u2029]", text)]


def entities(text: str) -> list[Change]:
    """Decode HTML character references that a scraper left: `&nbsp;`, `&#8220;`, also escaped twice, `&amp;nbsp;`.

    Safe because only references of a known name or number with their semicolon count; `R&D` and `a&b` stay.
    Refuses what would give no character (`&#0;`, surrogates, numbers beyond Unicode).
    """
    if "&" not in text:
        return []
    pattern = re.compile(r"&(?:amp;)*(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});")
    found = ((m, _entity(m[1])) for m in pattern.finditer(text))
    return [(m.start(), m.end(), new) for m, new in found if new]


def _entity(name: str) -> str:
    if not name.startswith("#"):
        return html.entities.html5.get(name + ";", "")
    point = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    # Browsers read 128–159 as Windows-1252; the reference is far commoner than the control character.
    if 0x80 <= point <= 0x9F:
        return bytes([point]).decode("cp1252", "ignore")
    return chr(point) if 0 < point < 0xD800 or 0xDFFF < point <= 0x10FFFF else ""


def invisible(text: str) -> list[Change]:
    """Take out control characters, zero-width characters, direction marks, soft hyphens, BOMs and lone surrogates.

    Safe because they have no shape; they only tear words apart for everything that reads the text.
    """
    pattern = ("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
               "\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff]+")
    return [(m.start(), m.end(), "") for m in re.finditer(pattern, text)]


def mojibake(text: str) -> list[Guess]:
    """Restore byte-shift mojibake (`?!搬t` for `。“醫`); see kg.clean.mojibake.

    Safe because it starts only at the traces that this damage leaves, and a bigram model must find the result
    likelier by a margin, unless a reading pins the character down. The last character of a span is the model's
    guess among those with the right lead byte.
    """
    return kg.clean.mojibake.restore(text)


def readings(text: str) -> list[Change]:
    """Take out readings that are glued to characters: `戰(zhàn)`.

    Safe with a tone mark: Latin words in brackets hardly bear one. Without one, `煙(yan)`, only where the
    document has five or more readings and the character before is really read so; other brackets stay.
    """
    if "(" not in text and "（" not in text:
        return []
    toned = re.compile(rf"(?<=[{HAN})）])[(（](?=[a-zɑɡüê]{{0,5}}[{TONE_MARKED}])"
                       rf"[a-zɑɡüê{TONE_MARKED}]{{1,6}}[)）]")
    plain = re.compile(rf"(?<=[{HAN}])[(（]([a-zü]{{1,6}})[)）]")
    found = [(m.start(), m.end(), "") for m in toned.finditer(text)]
    bare = [(m.start(), m.end(), "") for m in plain.finditer(text) if has_reading(text[m.start() - 1], m[1])]
    if len(found) + len(bare) >= _MANY_READINGS:
        found = sorted(found + bare)
    return found


def traditional(text: str) -> list[Change]:
    """Turn Traditional characters into Simplified ones with OpenCC's t2s, and the 著 it leaves into 着.

    Only in documents where 3 % or more of the Han characters are Traditional: in Simplified text t2s changes
    names (沈醉). The length stays the same; lines for which OpenCC would change it are converted character by
    character.
    """
    if traditional_share(text) < _TRADITIONAL_FROM:
        return []
    converted = converter().convert(text)
    if len(converted) != len(text):
        converted = "".join(simplified_forms().get(char, char) for char in text)
    # 著 is the particle 着 unless it is 'to write', 'work' or 'notable'.
    particle = re.compile("(?<![显卓昭名专编论土原合译拙巨遗所新近执撰])著(?![名作称者述录书有文])")
    converted = particle.sub("着", converted)
    return list(_runs(text, converted))


def _runs(old: str, new: str) -> Iterator[Change]:
    """The differing stretches of two texts of the same length."""
    differing = (k for k, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
    for _, run in groupby(enumerate(differing), key=lambda item: item[1] - item[0]):
        at = [k for _, k in run]
        yield at[0], at[-1] + 1, new[at[0]:at[-1] + 1]


_FULL = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
_URL = re.compile(r"(?:https?://|www\.)[!-~]{0,500}[\w/=&#-]|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}",
                  re.ASCII)
_HAN = re.compile(f"[{HAN}]")
# A mark with the nearest things on its left and right that are neither marks nor spaces.
_HALF_MARK = re.compile("[,:;!?]")
_SKIPPED = set(" \u00a0\u3000\t,.:;!?()\"'-%％]}" + _MARKS)
_NEAR = 12
_PAIR = re.compile(r"\(([^()\n]{0,200})\)")


def width(text: str) -> list[Change]:
    """Make half-width `,` `:` `;` `!` `?` and brackets full-width beside Chinese.

    A mark is beside Chinese if the nearest word on either side of it begins or ends with a Han character;
    brackets if they hold one or stand behind one. Marks between digits or Latin letters (3,000, 9:30,
    Inc., Ltd) and inside of URLs and addresses stay. The length stays the same.
    """
    if not _HAN.search(text):
        return []
    urls = [m.span() for m in _URL.finditer(text)]
    changes = [(m.start(), m.end(), _FULL[m[0]]) for m in _HALF_MARK.finditer(text) if _beside_han(text, m.start())]
    for pair in _PAIR.finditer(text):
        if _HAN.search(pair[1]) or _HAN.match(_left(text, pair.start())):
            changes += [(pair.start(), pair.start() + 1, "（"), (pair.end() - 1, pair.end(), "）")]
    if urls:
        changes = [c for c in changes if not any(start <= c[0] < end for start, end in urls)]
    return sorted(changes)


def _beside_han(text: str, at: int) -> bool:
    before = text[at - 1:at]
    after = text[at + 1:at + 2]
    if before.isascii() and before.isalnum() and after.isascii() and after.isalnum():
        return False
    return bool(_HAN.match(_left(text, at)) or _HAN.match(_right(text, at)))


def _left(text: str, at: int) -> str:
    """The nearest character left of `at`, on the line, that is neither mark nor space."""
    for k in range(at - 1, max(-1, at - 1 - _NEAR), -1):
        if text[k] not in _SKIPPED:
            return text[k]
    return ""


def _right(text: str, at: int) -> str:
    for k in range(at + 1, min(len(text), at + 1 + _NEAR)):
        if text[k] not in _SKIPPED:
            return text[k]
    return ""


_NAME_LABEL = "记者|通讯员|作者|编辑|责编|摄影|文/图|图/文|特约撰稿|撰稿|供稿|校对|审核|主编|监制|播音|主播"
# Names behind a label, and a name of two characters with a space between them among them: 王 明.
_SPACED_NAMES = re.compile(rf"(?:{_NAME_LABEL})(?:[：:]| )(?: ?[{HAN}·]{{1,4}}(?![{HAN}·])[、，, ]?)+")
_SPACED_NAME = re.compile(rf"(?<![{HAN}])[{HAN}] [{HAN}](?![{HAN}])")
#: Twelve single characters and more with a blank between, in any line: 7 月 26 日 ， 蓝 山 县 …; a mark counts as one.
_ITEM = rf"(?:[{HAN}，、。；：]|\d{{1,4}})"
_SPREAD_RUN = re.compile(rf"(?<![{HAN}]){_ITEM}(?: {_ITEM}(?![{HAN}])){{11,}}(?: (?=[{HAN}“]))?")
_SPREAD = re.compile(rf"(?m)^[{HAN}](?: [{HAN}]){{2,}}$")


def blanks(text: str) -> list[Change]:
    """Make tabs, no-break, thin and ideographic spaces plain; of several keep one; none at the ends of lines.

    Safe because Chinese separates nothing by the kind or the number of spaces.
    """
    spaces = "[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
    pattern = re.compile(rf"(?m)^{spaces}+|{spaces}+$|{spaces}{{2,}}|(?! ){spaces}")
    return [(m.start(), m.end(), "" if _at_edge(text, m.start(), m.end()) else " ") for m in pattern.finditer(text)]


def _at_edge(text: str, start: int, end: int) -> bool:
    return start == 0 or text[start - 1] == "\n" or end == len(text) or text[end] == "\n"


def spaces(text: str) -> list[Change]:
    """Take out spaces that tear Chinese apart: beside ，。、；：？！, in spaced names and spread words.

    A name of two characters is closed up (王 明) only in the list of names behind a label such as 记者, a
    spread line (通 告 书) only if it holds nothing but single characters, three or more, or
    twelve in a row. Other spaces between
    Han characters stay: in headlines and between names they separate.
    """
    if " " not in text:
        return []
    inner = "，。、；：？！"
    found = {m.start() for m in re.finditer(f"(?<=[{inner}]) | (?=[{inner}])", text)}
    for zone in _SPACED_NAMES.finditer(text):
        found |= {m.start() + 1 for m in _SPACED_NAME.finditer(text, zone.start(), zone.end())}
    for spread in (*_SPREAD.finditer(text), *_SPREAD_RUN.finditer(text)):
        found |= {k for k in range(spread.start(), spread.end()) if text[k] == " "}
    return [(k, k + 1, "") for k in sorted(found)]


def stray_marks(text: str) -> list[Change]:
    """Take out a `?` at the start of a line or behind its bullet: it stands for a sign that some encoding lacks.

    Safe because no Chinese sentence begins with a question mark; a line of nothing but marks stays.
    """
    pattern = re.compile(rf"(?m)^(?:[-•·*●■◆] ?)?([?？\ufffd])(?=[{HAN}“《【])")
    return [(m.start(1), m.end(1), "") for m in pattern.finditer(text)]


#: The fixers in the order in which they run. `html` runs on pages alone.
FIXERS: dict[str, Fixer] = {
    "html": hypertext.markup,
    "recoded": recoded,
    "line_breaks": line_breaks,
    "entities": entities,
    "invisible": invisible,
    "mojibake": mojibake,
    "readings": readings,
    "traditional": traditional,
    "wrapped": wrapped,
    "blanks": blanks,
    "width": width,
    "stray_marks": stray_marks,
    "spaces": spaces,
}
