"""Nodes, edges and evidence as data frames of pandas or polars, with the columns of the Parquet tables."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from kg.errors import GraphError
from kg.export.parquet import Row, Schema, tables
from kg.graph import Graph

if TYPE_CHECKING:
    import pandas
    import polars

T = TypeVar("T")


class Frames(NamedTuple, Generic[T]):
    """The three tables of a graph; `edge` in `evidence` is the `id` of a row of `edges`."""

    nodes: T
    edges: T
    evidence: T


def to_pandas(graph: Graph) -> Frames[pandas.DataFrame]:
    """The tables as pandas has them; a missing value is NaN or None. Raises GraphError where pandas isn't installed."""
    pd = _library("pandas")

    def frame(schema: Schema, rows: Iterator[Row]) -> pandas.DataFrame:
        return pd.DataFrame(list(rows), columns=list(schema))

    return Frames(*(frame(schema, rows) for schema, rows in tables(graph)))


def to_polars(graph: Graph) -> Frames[polars.DataFrame]:
    """The tables as polars has them; a missing value is null. Raises GraphError where polars isn't installed."""
    pl = _library("polars")
    types = {"string": pl.String, "double": pl.Float64, "int": pl.Int64, "boolean": pl.Boolean,
             "texts": pl.List(pl.String)}

    def frame(schema: Schema, rows: Iterator[Row]) -> polars.DataFrame:
        made: polars.DataFrame = pl.DataFrame(list(rows), schema={name: types[kind] for name, kind in schema.items()})
        return made

    return Frames(*(frame(schema, rows) for schema, rows in tables(graph)))


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise GraphError(f"{name} isn't here; pip install {name}") from error
