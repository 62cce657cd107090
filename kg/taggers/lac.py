"""Baidu LAC as a HanLP component that runs on ONNX Runtime: words and parts of speech, with the names among them.

A directory in HanLP's format whose `config.json` names this class is opened by `hanlp.load(directory)`, offline and
without torch. Beside the classpath the configuration names the files of the directory:

    model        ONNX graph: token_ids [B, T] int64, length [B] int32 → one output a head, [T, B, tags] float32
    characters   the vocabulary, a character a line; ids count from 1, and 0 stands for all others
    variants     character → the one to look up instead (full width → half width, traditional → simplified)
    words        the head for words: its `output` in the graph, its `tags` and `transitions`, its `names`
                 (the tags that are names) and `labels` (the set in kg/data/labels.tsv that explains them)
    entities     a head of their own for names (see kg.taggers.entities): its `output`, `tags`, `crf`, `known_words`,
                 `labels`, `temperature` and `least`; null: the names are words
    max_length   characters that the model takes at once; longer texts are cut at punctuation
    batch        characters that go through the graph together, padding included; few, so that they stay in the cache

Method: Z. Jiao, S. Sun, K. Sun, Chinese Lexical Analysis with Deep Bi-GRU-CRF Network, arXiv:1807.01882.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from hanlp.common.component import Component

from kg.errors import ModelError
from kg.models import named
from kg.taggers.entities import Entity, EntityHead
from kg.taggers.pieces import split_text
from kg.taggers.viterbi import Chain

UNKNOWN = 0
#: The code points after this one are no spaces.
LAST_SPACE = 0x3000
#: Characters that one processor takes at a time: enough for numpy to work on many texts at once.
GROUP = 8192
#: So much padding costs as much as a call of the graph for itself.
PADDING = 4


class Span(NamedTuple):
    """Characters [start, end) of a text and the tag that the model gives them."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """The words of a text with their parts of speech, and the names in it. The words cover the text without gaps.

    `confidence` has a value for each name, or none at all where the names are words.
    """

    words: tuple[Span, ...]
    entities: tuple[Span, ...]
    confidence: tuple[float, ...] = ()


@dataclass(frozen=True)
class Head:
    """An output of the graph and its CRF; for each of its columns the word's tag and whether a word begins there."""

    output: str
    tags: tuple[str, ...]
    begins: np.ndarray
    chain: Chain


#: The columns of the best tags for words, and the names of the head for entities.
Tags = tuple[np.ndarray, list[Entity]]


class LexicalAnalyzer(Component):  # type: ignore[misc]  # hanlp has no types
    """Words, parts of speech and names in one pass; `load` a directory first."""

    def __init__(self) -> None:
        self.config: dict[str, Any] = {}

    def load(self, save_dir: str, **_: object) -> None:
        """Read the directory. Raises ModelError that says what is wrong with it."""
        directory = Path(save_dir)
        self.config = read_config(directory)
        self._ids = read_vocabulary(directory / self.config["characters"], directory / self.config["variants"])
        self._head = read_head(directory, self.config["words"])
        self._names = frozenset(self.config["words"]["names"])
        entities = self.config["entities"]
        self._entities = None if entities is None else EntityHead.load(directory, entities)
        self._session = onnxruntime.InferenceSession(
            str(directory / self.config["model"]), session_options(), providers=["CPUExecutionProvider"])

    def predict(self, texts: Sequence[str] | str) -> list[Analysis] | Analysis:
        """What `analyze` says; a single text gives a single Analysis, as is usual in HanLP."""
        return self.analyze([texts])[0] if isinstance(texts, str) else self.analyze(texts)

    def analyze(self, texts: Sequence[str]) -> list[Analysis]:
        """One Analysis a text, in order. The result doesn't depend on the batch that a text is in."""
        pieces = [(row, start, piece) for row, text in enumerate(texts)
                  for start, piece in split_text(text, self.config["max_length"]) if piece]
        words: list[list[Span]] = [[] for _ in texts]
        names: list[list[tuple[Span, float]]] = [[] for _ in texts]
        tags = self._tag([piece for _, _, piece in pieces])
        for (row, start, _), (columns, entities) in zip(pieces, tags, strict=True):
            words[row] += join_characters(columns, self._head, start)
            names[row] += [(Span(start + e.start, start + e.end, e.tag), e.confidence) for e in entities]
        if self._entities is None:
            return [Analysis(tuple(spans), tuple(s for s in spans if s.tag in self._names)) for spans in words]
        return [Analysis(tuple(spans), tuple(span for span, _ in found), tuple(sure for _, sure in found))
                for spans, found in zip(words, names, strict=True)]

    def _tag(self, texts: Sequence[str]) -> list[Tags]:
        """The tags of every text; texts of like length go together, and every processor works on a group of them."""
        best: list[Tags] = [(np.empty(0, np.int64), [])] * len(texts)
        lengths = [len(text) for text in texts]
        share = sum(lengths) // (2 * processors())      # so that no processor waits long for another at the end
        size = min(GROUP, max(share, self.config["batch"]))
        groups = list(group(sorted(range(len(texts)), key=lengths.__getitem__), lengths, size))
        with ThreadPoolExecutor(processors()) as pool:
            for rows, found in zip(groups, pool.map(lambda rows: self._decode([texts[r] for r in rows]), groups),
                                   strict=True):
                for row, tags in zip(rows, found, strict=True):
                    best[row] = tags
        return best

    def _decode(self, texts: Sequence[str]) -> list[Tags]:
        """The tags of the texts of one group, shortest first."""
        lengths = np.array([len(text) for text in texts])
        # Each text is followed by a zero, which stands for its padding in a batch.
        ids = self._ids[np.frombuffer("".join(f"{text}\0" for text in texts).encode("utf-32-le", "surrogatepass"),
                                      np.uint32)]
        ends = np.cumsum(lengths + 1) - 1
        ids[ends] = UNKNOWN
        flat, outputs = {"token_ids": ids}, [self._head.output]
        if self._entities is not None:
            flat |= self._entities.inputs(ids)
            outputs.append(self._entities.output)
        parts = []
        for rows in group(range(len(texts)), lengths.tolist(), self.config["batch"], PADDING):
            sizes, last = lengths[rows], ends[rows][:, None]
            at = np.minimum(last - sizes[:, None] + np.arange(sizes.max() + 1), last)
            inputs = {name: values[at if name == "pairs" else at[:, :-1]] for name, values in flat.items()}
            inside = np.arange(sizes.max()) < sizes[:, None]
            parts.append([emissions.transpose(1, 0, 2)[inside] for emissions in
                          self._session.run(outputs, inputs | {"length": sizes.astype(np.int32)})])
        emissions, *names = (np.concatenate(part) for part in zip(*parts, strict=True))
        tags = np.split(self._head.chain.best(emissions, lengths), np.cumsum(lengths)[:-1])
        found = self._entities.find(names[0], lengths) if self._entities else [[] for _ in texts]
        return list(zip(tags, found, strict=True))


def processors() -> int:
    """How many processors this process may use: as OMP_NUM_THREADS says, as for other libraries, else all it has."""
    if (told := os.environ.get("OMP_NUM_THREADS", "")).isdecimal() and int(told):
        return int(told)
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def session_options() -> onnxruntime.SessionOptions:
    """One thread. Two that share the steps of a GRU as small as this one gain a quarter on an idle machine, and lose
    half on a busy one, where they wait for each other.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def read_config(directory: Path) -> dict[str, Any]:
    """The configuration, checked: every file it names is there. Raises ModelError that lists all that is missing."""
    config: dict[str, Any] = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    missing = [key for key in ("model", "characters", "variants", "words", "entities", "max_length", "batch")
               if key not in config]
    if missing:
        raise ModelError(f"{directory / 'config.json'}: missing {', '.join(missing)}")
    names = [config["model"], config["characters"], config["variants"],
             config["words"]["tags"], config["words"]["transitions"]]
    if config["entities"] is not None:
        names += [config["entities"][key] for key in ("tags", "crf", "known_words")]
    absent = [name for name in names if not (directory / name).is_file()]
    if absent:
        raise ModelError(f"{directory}: no {', '.join(absent)}; copy the directory anew or reinstall the package")
    return config


def read_vocabulary(characters: Path, variants: Path) -> np.ndarray:
    """The token id of every code point, int64: that of the character, or of its variant where there is one.

    Every kind of space that isn't in the vocabulary is the space.
    """
    listed = characters.read_text(encoding="utf-8").split("\n")[:-1]
    ids = np.full(sys.maxunicode + 1, UNKNOWN, np.int64)
    ids[[ord(character) for character in listed]] = np.arange(1, len(listed) + 1)
    pairs = [line.split("\t") for line in variants.read_text(encoding="utf-8").split("\n")[:-1]]
    ids[[ord(old) for old, _ in pairs]] = ids[[ord(new) for _, new in pairs]]
    spaces = [code for code in range(LAST_SPACE + 1) if ids[code] == UNKNOWN and chr(code).isspace()]
    ids[spaces] = ids[ord(" ")]
    return ids


def read_head(directory: Path, config: dict[str, Any]) -> Head:
    """An output of the graph with its tags and transitions."""
    tags = (directory / config["tags"]).read_text(encoding="utf-8").split()
    begins = np.array([not tag.endswith("-I") for tag in tags])
    return Head(config["output"], tuple(tag.rpartition("-")[0] or tag for tag in tags), begins,
                Chain(np.load(directory / config["transitions"])))


def group(order: Iterable[int], lengths: Sequence[int], size: int, padding: int | None = None
          ) -> Iterator[list[int]]:
    """The texts of `order`, which come shortest first, in groups of at most `size` characters with padding.

    A text that is longer is a group of its own, and so are those that would pad a group by more than `padding`
    characters at once (None: by as many as there may be).

    >>> list(group([2, 0, 1], [3, 4, 1], 8))
    [[2, 0], [1]]
    >>> list(group([2, 0, 1], [3, 4, 1], 12, padding=1))
    [[2], [0, 1]]
    """
    rows: list[int] = []
    for row in order:
        if rows and ((len(rows) + 1) * lengths[row] > size or
                     (padding is not None and len(rows) * (lengths[row] - lengths[rows[-1]]) > padding)):
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def join_characters(columns: np.ndarray, head: Head, offset: int) -> list[Span]:
    """Words from the columns of characters: `n-B` or `n` begins a word and gives it its tag, `n-I` goes on with it."""
    begins = head.begins[columns]
    begins[0] = True
    starts = np.flatnonzero(begins)
    bounds = [*(starts + offset).tolist(), len(columns) + offset]
    return list(named(Span, zip(bounds, bounds[1:], [head.tags[k] for k in columns[starts].tolist()], strict=False)))
