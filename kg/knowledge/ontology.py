"""What a node and an edge may be: kg/data/ontology.yaml, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from kg.errors import KnowledgeError
from kg.knowledge.yamlfile import YamlFile, load_yaml
from kg.models import EntityType, Record

Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]

#: Attributes that an edge of any relation may carry.
COMMON_ATTRIBUTES = frozenset({"date", "status"})


class Label(Record):
    """A name in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class NodeKind(Record):
    """A type of node: how it is named and drawn."""

    label: Label
    color: Color


class RelationKind(Record):
    """A relation: how it is named and drawn, and what may stand at its ends."""

    label: Label
    head: tuple[EntityType, ...]
    tail: tuple[EntityType, ...]
    symmetric: bool = False
    attributes: tuple[str, ...] = ()
    color: Color

    @model_validator(mode="after")
    def _ends_fit(self) -> RelationKind:
        if not self.head or not self.tail:
            raise ValueError("some type must be able to stand at either end")
        if self.symmetric and set(self.head) != set(self.tail):
            raise ValueError("a symmetric relation has the same types as head and tail")
        return self


class Ontology(Record):
    """Types of nodes and relations, in the order of the file."""

    types: dict[EntityType, NodeKind] = Field(min_length=1)
    relations: dict[str, RelationKind] = Field(min_length=1)

    @property
    def symmetric(self) -> frozenset[str]:
        """The relations that lead both ways."""
        return frozenset(name for name, kind in self.relations.items() if kind.symmetric)

    def objection(self, relation: str, head: str, tail: str, attributes: tuple[str, ...] = ()) -> str:
        """Why `head` –relation→ `tail` (types) with these attributes can't be; empty text if it can.

        >>> load_ontology().objection("issued", "PERSON", "DOCUMENT")
        'issued has no PERSON as head'
        """
        kind = self.relations.get(relation)
        if kind is None:
            return f"{relation} is no relation of the ontology"
        if head not in kind.head:
            return f"{relation} has no {head} as head"
        if tail not in kind.tail:
            return f"{relation} has no {tail} as tail"
        strange = sorted(set(attributes) - set(kind.attributes) - COMMON_ATTRIBUTES)
        return f"{relation} has no attribute {', '.join(strange)}" if strange else ""


def load_ontology(path: Path | None = None) -> Ontology:
    """The ontology of the package, or the one in `path`.

    Raises KnowledgeError with all faults, as `file:line: what`.
    """
    file = load_yaml(path or Path(str(files("kg") / "data" / "ontology.yaml")))
    ontology = file.checked(Ontology)
    faults = _strangers(file, ontology)
    if faults:
        raise KnowledgeError(faults)
    return ontology


def kind_named(name: str, kinds: Mapping[Any, NodeKind] | Mapping[str, RelationKind]) -> str:
    """The id of a type or relation that is called so: by id or by its Chinese or English label, in any case.

    >>> kind_named("机构", load_ontology().types), kind_named("holds position", load_ontology().relations)
    ('ORGANIZATION', 'holds_position')

    Raises ValueError, with the names that there are, for any other.
    """
    wanted = name.strip().casefold()
    for key, kind in kinds.items():
        if wanted in (key.casefold(), kind.label.zh, kind.label.en.casefold()):
            return key
    raise ValueError(f"{name} is none of {', '.join(kinds)}")


def _strangers(file: YamlFile, ontology: Ontology) -> list[str]:
    """Ends of relations whose type the file itself doesn't describe, with their lines."""
    found: list[tuple[tuple[Any, ...], str]] = []
    for name, kind in ontology.relations.items():
        for end, types in (("head", kind.head), ("tail", kind.tail)):
            found += [(("relations", name, end, i), f"{type_} isn't among the types")
                      for i, type_ in enumerate(types) if type_ not in ontology.types]
    return [file.fault(keypath, f"relations.{keypath[1]}.{keypath[2]}: {what}") for keypath, what in found]
