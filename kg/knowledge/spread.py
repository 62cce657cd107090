"""Words whose characters a page spreads with blanks to fill a line: 审　判　长, 成　员."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Blanks, or none, as a regular expression.
BLANK = r"[ \t\u3000]*"


def spread(words: Iterable[str]) -> str:
    """One of the words, spread or not, as a regular expression with alternatives in the order of the words.

    >>> bool(re.fullmatch(spread(["书记员"]), "书　记　员"))
    True
    """
    return "|".join(BLANK.join(word) for word in words)


def close_up(word: str) -> str:
    """A word without the blanks that spread it.

    >>> close_up("书　记　员")
    '书记员'
    """
    return re.sub(BLANK, "", word)
