"""What the labels of name models mean: kg/data/labels.tsv."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast, get_args

from kg.errors import KnowledgeError
from kg.models import MentionType

LABELS = Path(__file__).parents[1] / "data" / "labels.tsv"

#: The set whose labels mean something else elsewhere; only models that name it use it.
OWN = "lac"


def types_of(label_set: str) -> Mapping[str, MentionType]:
    """Label → type for a set of labels.tsv; for a name that isn't there, what all sets but LAC's agree on.

    >>> types_of("pku")["nr"]
    'PERSON'
    """
    sets = read_labels(LABELS)
    types = sets[label_set] if label_set in sets else _agreed(sets)
    return {label: cast(MentionType, kind) for label, kind in types.items() if kind != "-"}


def _agreed(sets: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    meanings: dict[str, set[str]] = {}
    for name, labels in sets.items():
        if name != OWN:
            for label, kind in labels.items():
                meanings.setdefault(label, set()).add(kind)
    return {label: min(kinds) for label, kinds in meanings.items() if len(kinds) == 1}


@cache
def read_labels(path: Path) -> dict[str, dict[str, str]]:
    """Set → label → type or `-`. Raises KnowledgeError with every fault of the file."""
    kinds, faults = {*get_args(MentionType), "-"}, []
    sets: dict[str, dict[str, str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        label_set, label, kind = (*line.split("\t"), "", "")[:3]
        if line.count("\t") != 2 or not label_set or not label:
            faults.append(f"{path}:{number}: needs set, label and type, separated by tabs")
        elif kind not in kinds:
            faults.append(f"{path}:{number}: {kind} is no type; there are {', '.join(sorted(kinds))}")
        elif label in sets.setdefault(label_set, {}):
            faults.append(f"{path}:{number}: {label} of {label_set} was given a type before")
        else:
            sets[label_set][label] = kind
    if faults:
        raise KnowledgeError(faults)
    return sets
