"""Byte-shift mojibake: GBK text in which something was inserted between the two bytes of a character.

How it comes about. A page in GBK gets readings, `字(zì)`, by a replacement that knows nothing of character
boundaries, or it is split at the bytes of `！`. Where the match began with the second byte of a character,
everything after it is read one byte off, until an ASCII byte brings the decoder back. The odd byte shows as `?`:
`前(qián)數` becomes `前?shù)`, `。“醫生` becomes `?!搬t生`.

How it is undone. From such a `?` on, every displayed character gives back two bytes, of which the first completes
the byte that is pending and the second stays pending. Where a byte was lost, each candidate is tried; a beam
search keeps the candidates that the bigram model likes, and a reading behind the character decides if there is
one. It ends where the bytes are aligned again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from kg.clean.edits import Guess
from kg.clean.hanzi import TONE_MARKED, Bigrams, bigrams, has_reading

_READING = f"[a-zɑɡüê{TONE_MARKED}]{{1,6}}"
#: `?shù)`: a character was torn in front of its reading.
_TORN = re.compile(rf"\?({_READING})\)")
#: `?！搬`: the text was split inside a character, at bytes that look like a mark.
_SPLIT = re.compile(r"(?<![?？\ufffd])[?\ufffd]([!！;；:：,，。、])(?=[^\s!！”\"’)\]])")
_GLUED = re.compile(rf"\({_READING}\)")
_TONE_GLUED = re.compile(rf"\((?=[a-zɑɡüê]{{0,5}}[{TONE_MARKED}]){_READING}\)")
_BROKEN_TAG = re.compile(r"/?(?:p|span|strong|b|em|div|a|h\d|li|td|font)>")

_TRAIL_BYTES = (*range(0x40, 0x7F), *range(0x80, 0xFF))
_LEAD_BYTES = range(0x81, 0xFF)
_BEAM = 48          # states kept at each character
_LONGEST = 120      # characters that a shifted run may have
_LOOKAHEAD = 12     # characters to go on after the first possible end
_GUESS_COST = 0.5   # nats for a trail byte that nothing but the model knows
_DROP_COST = 1.0    # nats for a pair of bytes that was dropped because it is no character
_SURE = 0.88        # of restored spans without a rival so many are right (scripts/measure_repair.py)
_SURE_QUOTE = 0.87  # of marks that were chosen because a quote was open or none
_MANY_READINGS = 5  # glued readings from which on the page is known to be of this kind
_MARGIN = (1.5, 0.3)  # nats per character by which a repair must win: ordinary page, page of this kind


class _State(NamedTuple):
    score: float
    last: str
    out: str
    pending: int | None


class _Ending(NamedTuple):
    """A way back to aligned bytes: its log probability, what it makes of all before `end`, the chance that it's right.
    """

    score: float
    out: str
    end: int
    confidence: float = 1.0


@cache
def _decode(lead: int, trail: int) -> str | None:
    """The GBK character of two bytes, if there is one."""
    if not (0x81 <= lead <= 0xFE and 0x40 <= trail <= 0xFE and trail != 0x7F):
        return None
    try:
        return bytes([lead, trail]).decode("gbk")
    except UnicodeDecodeError:
        return None


@cache
def _encode(char: str) -> bytes | None:
    """The two bytes of a character in GBK, or in GB18030 where they are two; None for everything else."""
    try:
        encoded = char.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return encoded if len(encoded) == 2 else None


@cache
def _undefined_pairs() -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Pairs of bytes that decode to nothing and that a lenient decoder leaves out: lead, trails."""
    found = ((lead, tuple(t for t in _TRAIL_BYTES if _decode(lead, t) is None)) for lead in _LEAD_BYTES)
    return tuple((lead, trails) for lead, trails in found if trails)


@cache
def _read_with(lead: int, reading: str) -> tuple[str, ...]:
    """The characters with this lead byte and this reading."""
    chars = (_decode(lead, trail) for trail in _TRAIL_BYTES)
    return tuple(char for char in chars if char and has_reading(char, reading))


def restore(text: str) -> list[Guess]:
    """The changes that undo byte-shift mojibake in a raw text (before readings are taken out).

    The confidence of each is its share of the probability of all ways back that make another text.
    """
    if not (_TORN.search(text) or _SPLIT.search(text)):
        return []
    search = _Search(text, bigrams())
    anchors = sorted([*_TORN.finditer(text), *_SPLIT.finditer(text)], key=lambda match: match.start())
    changes: list[Guess] = []
    for anchor in anchors:
        if changes and anchor.start() < changes[-1].end:
            continue
        change = search.torn(anchor) if anchor.re is _TORN else search.split(anchor)
        if change:
            changes.append(change)
            search.restored += change.new
    return changes


@dataclass
class _Search:
    """A beam search over the characters that a shifted run may have been."""

    text: str
    model: Bigrams
    restored: str = ""

    @cached_property
    def margin(self) -> float:
        return _MARGIN[len(_TONE_GLUED.findall(self.text)) >= _MANY_READINGS]

    def torn(self, anchor: re.Match[str]) -> Guess | None:
        """A repair from `?shù)` on; the search starts with the second byte of the character before it."""
        before = self._character_before(anchor.start())
        encoded = _encode(before) if before else None
        sure = self.margin == _MARGIN[True] or any(c in TONE_MARKED for c in anchor[1])
        if not encoded or not sure:
            return None
        starts = [_State(0.0, before, "", lead) for lead in _LEAD_BYTES
                  if (char := _decode(encoded[1], lead)) and has_reading(char, anchor[1])]
        best = self._best(starts, anchor.end())
        return Guess(anchor.start(), best.end, best.out, best.confidence) if best and best.out else None

    def split(self, anchor: re.Match[str]) -> Guess | None:
        """A repair from `?！` on, only if it reads better by the margin."""
        before = self._character_before(anchor.start()) or "\n"
        mark = anchor[1]
        encoded = _encode(mark) if not mark.isascii() else bytes([0xA3, ord(mark) + 0x80])
        if not encoded:
            return None
        starts = []
        for lead in _LEAD_BYTES:
            char = _decode(lead, encoded[0])
            # In front of the bytes of ！ stands 。 (A1 A3), whose second byte they took.
            fits = char == "。" if mark in "!！" else char is not None and self.model.is_common(char)
            if char and fits:
                starts.append(_State(self.model.log_probability(before, char), char, char, encoded[1]))
        starts.sort(key=lambda state: -state.score)
        best = self._best(starts[:20], anchor.end())
        if not best:
            return None
        old, out = self.text[anchor.start():best.end], best.out
        if len(out) == 2 and out[0] == "。" and "?" in old[2:]:
            out = "。" + self._due_quote(anchor.start())
            best = best._replace(confidence=_SURE_QUOTE)
        broken_tag = out in ("。”", "。“") and ">" in old
        if self._gain(before, old, out, best.end) < self.margin and not broken_tag:
            return None
        return Guess(anchor.start(), best.end, out, best.confidence)

    def _character_before(self, at: int) -> str:
        """The character before `at`, past a reading that is glued to it."""
        while at and self.text[at - 1] == ")":
            opening = self.text.rfind("(", max(0, at - 8), at)
            if opening <= 0 or not _GLUED.fullmatch(self.text, opening, at):
                break
            at = opening
        return self.text[at - 1] if at else ""

    def _due_quote(self, at: int) -> str:
        """The quote that is due at `at`: a closing one if one is open, in the text or in what was restored."""
        before = self.text[:at] + self.restored
        return "”" if before.count("“") > before.count("”") else "“"

    def _gain(self, before: str, old: str, new: str, end: int) -> float:
        """Nats per character by which the repaired text is likelier."""
        after = _GLUED.sub("", self.text[end:end + 3])
        plain = _GLUED.sub("", old)
        repaired = self.model.score(before + new + after) / (len(new) + 3)
        return repaired - self.model.score(before + plain + after) / (len(plain) + 3)

    def _best(self, starts: list[_State], at: int) -> _Ending | None:
        """The likeliest way back to aligned bytes, judged with the text that follows."""
        endings = self._run(starts, at)
        if not endings:
            return None
        horizon = max(end for _, end in endings) + 3
        scored = []
        for state, end in endings:
            rest = _GLUED.sub("", self.text[end:horizon])
            scored.append(_Ending(state.score + self.model.score(state.last + rest), state.out, end))
        best = max(scored)
        rivals: dict[str, float] = {}  # by the text that they make, wherever they end
        for each in scored:
            text = each.out + self.text[each.end:horizon]
            rivals[text] = max(each.score, rivals.get(text, each.score))
        total = sum(math.exp(score - best.score) for score in rivals.values())
        return best._replace(confidence=round(_SURE / total, 2))

    def _run(self, starts: list[_State], at: int) -> list[tuple[_State, int]]:
        waves: dict[int, list[_State]] = {at: starts}
        endings: list[tuple[_State, int]] = []
        for here in range(at, min(len(self.text), at + _LONGEST)):
            beam = sorted(waves.pop(here, []), key=lambda state: (-state.score, state.out))[:_BEAM]
            dropped = [found for state in beam[:6] for found in self._with_dropped_pair(state, here)]
            best: dict[tuple[str, int | None, int, int], _State] = {}
            for state in beam + dropped:
                for following, width in self._step(state, here):
                    if following.pending is None:
                        endings.append((following, here + width))
                        continue
                    key = (following.last, following.pending, width, len(following.out))
                    if key not in best or best[key].score < following.score:
                        best[key] = following
            for (_, _, width, _), state in best.items():
                waves.setdefault(here + width, []).append(state)
            if not waves or (endings and here > endings[0][1] + _LOOKAHEAD):
                break
        return endings

    def _add(self, state: _State, char: str, pending: int | None, cost: float = 0.0) -> _State:
        score = state.score + self.model.log_probability(state.last, char) - cost
        return _State(score, char, state.out + char, pending)

    def _step(self, state: _State, at: int) -> Iterator[tuple[_State, int]]:
        """The states after the displayed character at `at`, with how many displayed characters they take."""
        char, pending = self.text[at], state.pending
        assert pending is not None
        torn = _TORN.match(self.text, at)
        if torn:
            for found in _read_with(pending, torn[1]):
                yield self._add(state, found, None), len(torn[0])
            return
        if char in "?\ufffd":
            tag = _BROKEN_TAG.match(self.text, at + 1)
            for trail in _TRAIL_BYTES:
                found_char = _decode(pending, trail)
                if found_char and self.model.is_common(found_char):
                    yield self._add(state, found_char, None, _GUESS_COST), tag.end() - at if tag else 1
            return
        yield from self._step_bytes(state, pending, char)

    def _step_bytes(self, state: _State, pending: int, char: str) -> Iterator[tuple[_State, int]]:
        encoded = _encode(char)
        if char.isascii():
            aligned = _decode(pending, ord(char))
            if aligned:
                yield self._add(state, aligned, None), 1
            if "!" <= char <= "~":
                encoded = bytes([0xA3, ord(char) + 0x80])  # shown in half width by a later hand
            elif char == " ":
                encoded = b"\xa1\xa1"
        completed = _decode(pending, encoded[0]) if encoded else None
        if not encoded or not completed:
            return
        if encoded[1] < 0x80:  # the trail byte was an ASCII character of its own
            yield self._add(self._add(state, completed, None), chr(encoded[1]), None), 1
        else:
            yield self._add(state, completed, encoded[1]), 1

    def _with_dropped_pair(self, state: _State, at: int) -> Iterator[_State]:
        """States in which two bytes that are no character stood in front of the displayed character."""
        char, pending = self.text[at], state.pending
        assert pending is not None
        torn = _TORN.match(self.text, at)
        encoded = _encode(char)
        lead = encoded[0] if encoded else (ord(char) if 0x40 <= ord(char) <= 0x7E else None)
        for dropped_lead, dropped_trails in _undefined_pairs():
            first = _decode(pending, dropped_lead)
            if not first or not self.model.is_common(first):
                continue
            for trail in dropped_trails:
                if torn:
                    plausible = bool(_read_with(trail, torn[1]))
                else:
                    second = _decode(trail, lead) if lead is not None else None
                    plausible = second is not None and self.model.is_common(second)
                if plausible:
                    yield self._add(state, first, trail, _DROP_COST)
