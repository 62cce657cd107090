"""The court whose paper a judgment or an indictment is."""

from __future__ import annotations

from collections.abc import Sequence

from kg.models import Mention, TaggedSentence

_COURTS = ("法院", "检察院", "法庭")


def own_court(sentences: Sequence[TaggedSentence]) -> Mention | None:
    """The court that speaks of itself as 本院, or whose name is a line of its own; the last one."""
    own = [m for tagged in sentences for m in tagged.mentions if m.type == "ORGANIZATION" and (
        m.text == "本院" or (m.text.endswith(_COURTS) and m.text == tagged.sentence.text.strip()))]
    return own[-1] if own else None
