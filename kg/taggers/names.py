"""Names from HanLP's own models, by characters of the text.

HanLP counts tokens: those it was given (single-task models) or those it made itself (multi-task models). A text that is
longer than a transformer takes is cut at punctuation first, since HanLP would drop its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from kg.errors import ModelError
from kg.taggers.lac import Span
from kg.taggers.pieces import split_text

#: Which of a multi-task model's tasks to ask for names, best first.
TASKS = ("ner/msra", "ner/pku", "ner/ontonotes")

#: Characters at once. Transformers take 512 pieces, and a character is one piece at most.
MAX_LENGTH = 480

#: Parts of the names of HanLP's corpora whose sentences are split into words rather than characters.
WORD_CORPORA = ("word_level", "token_level")


def choose_task(component: Any, asked: str, name: str) -> str:
    """The task to ask for names: the one asked for or the best; empty for a single-task model. Raises ModelError."""
    tasks = [task for task in getattr(component, "tasks", ()) if task.split("/")[0] == "ner"]
    if asked:
        if asked not in tasks:
            raise ModelError(f"{name} has no task {asked}; there are: {', '.join(tasks) or 'none for names'}")
        return asked
    if hasattr(component, "tasks") and not tasks:
        raise ModelError(f"{name} finds no names: it has no task ner")
    return next((task for task in (*TASKS, *tasks) if task in tasks), "")


def read_name_labels(component: Any, task: str) -> set[str]:
    """The labels of the names that a model gives, from its own vocabulary; empty where it has none."""
    vocabs = getattr(component.tasks[task] if task else component, "vocabs", None) or {}
    if "tag" in vocabs:
        return {label for _, dash, label in (tag.partition("-") for tag in vocabs["tag"].idx_to_token) if dash}
    return set(vocabs["label"].idx_to_token) if "label" in vocabs else set()


def reads_words(component: Any) -> bool:
    """Whether a single-task model was trained on words; the others get characters."""
    config = getattr(component, "config", {})
    return any(part in str(config.get("trn_data", "")) for part in WORD_CORPORA)


def find_by_tokens(
    component: Any, texts: Sequence[str], units: Sequence[Sequence[tuple[int, int]]]
) -> list[list[Span]]:
    """Names by a single-task model that is given the `units` (words or characters) of each text."""
    rows, groups = [], []
    for row, text in enumerate(texts):
        for start, piece in split_text(text, MAX_LENGTH):
            group = [(b, e) for b, e in units[row] if start <= b < start + len(piece) and text[b:e].strip()]
            if group:
                rows.append(row)
                groups.append(group)
    if not groups:
        return [[] for _ in texts]
    answers = _predict(component, [[texts[row][b:e] for b, e in group]
                                   for row, group in zip(rows, groups, strict=True)])
    found: list[list[Span]] = [[] for _ in texts]
    for row, group, names in zip(rows, groups, answers, strict=True):
        found[row] += [Span(group[begin][0], group[end - 1][1], label) for _, label, begin, end in names]
    return found


def _predict(component: Any, sequences: Sequence[Sequence[str]]) -> list[list[tuple[str, str, int, int]]]:
    """The model's answer for each sequence of tokens; none for one that the model tags against its own scheme.

    HanLP refuses the whole batch for that (an I without a B before it), and some of its decoders allow it.
    """
    from hanlp.utils.span_util import InvalidTagSequence

    try:
        return list(component.predict(list(sequences)))
    except InvalidTagSequence:
        if len(sequences) == 1:
            return [[]]
        half = len(sequences) // 2
        return _predict(component, sequences[:half]) + _predict(component, sequences[half:])


def find_by_task(component: Any, texts: Sequence[str], task: str) -> list[list[Span]]:
    """Names by a multi-task model, which splits the texts into words itself.

    A name whose characters aren't where its words are in the text is left out.
    """
    pieces = [(row, start, piece) for row, text in enumerate(texts)
              for start, piece in split_text(text, MAX_LENGTH) if piece.strip()]
    if not pieces:
        return [[] for _ in texts]
    answer = component.predict([piece for _, _, piece in pieces], tasks=task)
    words = answer[next(key for key in ("tok/fine", *answer) if key in answer and key.startswith("tok"))]
    found: list[list[Span]] = [[] for _ in texts]
    for (row, start, piece), tokens, names in zip(pieces, words, answer[task], strict=True):
        places = align(tokens, piece)
        for name, label, begin, end in names:
            first, last = places[begin][0], places[end - 1][1]
            if squeeze(piece[first:last]) == squeeze(name):
                found[row].append(Span(start + first, start + last, label))
    return found


def align(tokens: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where each token stands in the text: in order, character for character, white space skipped.

    >>> align(["甲", "乙丙"], "甲 乙 丙")
    [(0, 1), (2, 5)]
    """
    solid = [i for i, character in enumerate(text) if not character.isspace()]
    ends = accumulate((len(squeeze(token)) for token in tokens), initial=0)
    places: list[tuple[int, int]] = []
    for first, last in pairwise(ends):
        inside = solid[first:last]
        at = places[-1][1] if places else 0
        places.append((inside[0], inside[-1] + 1) if inside else (at, at))
    return places


def squeeze(text: str) -> str:
    """The text without its white space."""
    return "".join(text.split())
