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
    batch_size   texts that go through the graph together

Method: Z. Jiao, S. Sun, K. Sun, Chinese Lexical Analysis with Deep Bi-GRU-CRF Network, arXiv:1807.01882.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from hanlp.common.component import Component

from kg.errors import ModelError
from kg.taggers.entities import Entity, EntityHead
from kg.taggers.pieces import split_text
from kg.taggers.viterbi import viterbi

UNKNOWN = 0


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


@dataclass(frozen=True, slots=True)
class Head:
    """An output of the graph: the tag of each of its columns, and `transitions[from, to]` of its CRF."""

    output: str
    tags: tuple[str, ...]
    transitions: np.ndarray


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
        tags = self._tag([piece for _, _, piece in pieces])
        words: list[list[Span]] = [[] for _ in texts]
        names: list[list[tuple[Span, float]]] = [[] for _ in texts]
        for (row, start, _), (columns, entities) in zip(pieces, tags, strict=True):
            words[row] += join_characters([self._head.tags[k] for k in columns], start)
            names[row] += [(Span(start + e.start, start + e.end, e.tag), e.confidence) for e in entities]
        if self._entities is None:
            return [Analysis(tuple(spans), tuple(s for s in spans if s.tag in self._names)) for spans in words]
        return [Analysis(tuple(spans), tuple(span for span, _ in found), tuple(sure for _, sure in found))
                for spans, found in zip(words, names, strict=True)]

    def _tag(self, texts: Sequence[str]) -> list[Tags]:
        """The tags of every text; texts of like length share a batch, and every processor works on one."""
        best: list[Tags] = [(np.empty(0, np.int64), [])] * len(texts)
        parts = list(batches([len(text) for text in texts], self.config["batch_size"]))
        with ThreadPoolExecutor(processors()) as pool:
            for rows, found in zip(parts, pool.map(lambda rows: self._decode([texts[r] for r in rows]), parts),
                                   strict=True):
                for row, tags in zip(rows, found, strict=True):
                    best[row] = tags
        return best

    def _decode(self, texts: Sequence[str]) -> list[Tags]:
        """The tags of the texts of one batch."""
        lengths = np.array([len(text) for text in texts], np.int32)
        token_ids = np.full((len(texts), lengths.max()), UNKNOWN, np.int64)
        for row, text in enumerate(texts):
            token_ids[row, :len(text)] = [self._look_up(character) for character in text]
        inputs, outputs = {"token_ids": token_ids, "length": lengths}, [self._head.output]
        if self._entities is None:
            (emissions,) = self._session.run(outputs, inputs)
            return [(path, []) for path in viterbi(emissions, lengths, self._head.transitions)]
        emissions, names = self._session.run([*outputs, self._entities.output],
                                             inputs | self._entities.inputs(token_ids))
        return list(zip(viterbi(emissions, lengths, self._head.transitions), self._entities.find(names, lengths),
                        strict=True))

    def _look_up(self, character: str) -> int:
        """The id of a character; every kind of space is the space."""
        found = self._ids.get(character, UNKNOWN)
        return self._ids[" "] if found == UNKNOWN and character.isspace() else found


def processors() -> int:
    """How many processors this process may use."""
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
    missing = [key for key in ("model", "characters", "variants", "words", "entities", "max_length", "batch_size")
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


def read_vocabulary(characters: Path, variants: Path) -> dict[str, int]:
    """Character → id, variants included. Where a variant's own entry differs, the variant's target counts."""
    ids = {c: i for i, c in enumerate(characters.read_text(encoding="utf-8").split("\n")[:-1], start=1)}
    pairs = (line.split("\t") for line in variants.read_text(encoding="utf-8").split("\n")[:-1])
    return ids | {old: ids.get(new, UNKNOWN) for old, new in pairs}


def read_head(directory: Path, config: dict[str, Any]) -> Head:
    """An output of the graph with its tags and transitions."""
    tags = (directory / config["tags"]).read_text(encoding="utf-8").split()
    return Head(config["output"], tuple(tags), np.load(directory / config["transitions"]))


def batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """The indices of `lengths`, shortest first, `size` at a time."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), size):
        yield order[start:start + size]


def join_characters(tags: Sequence[str], offset: int) -> list[Span]:
    """Words from the tags of characters (`n-B`, `n-I`): anything but an `-I` starts a word and gives it its tag."""
    starts = [i for i, tag in enumerate(tags) if i == 0 or not tag.endswith("-I")]
    ends = [*starts[1:], len(tags)]
    return [Span(offset + start, offset + end, tags[start].rpartition("-")[0] or tags[start])
            for start, end in zip(starts, ends, strict=True)]
