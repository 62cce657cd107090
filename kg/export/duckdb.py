"""A DuckDB database: the three Parquet tables as `nodes`, `edges` and `evidence`, to be asked in SQL. Needs duckdb.

DuckDB gives every file numbers of its own, so this is the one format that isn't byte-identical each time; its rows are.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from kg.errors import GraphError
from kg.export import parquet
from kg.graph import Graph


def write(graph: Graph, path: Path) -> None:
    """Write the database. Raises GraphError where duckdb or pyarrow isn't installed."""
    try:
        import duckdb
    except ImportError as error:
        raise GraphError("databases are written with duckdb, which isn't here; pip install 'kg[duckdb]'") from error
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kg-") as folder:
        tables = Path(folder) / "tables"
        parquet.write(graph, tables)
        with duckdb.connect(path) as database:
            for name in parquet.TABLES:
                table = Path(name).stem
                database.read_parquet(str(tables / name)).create(table)
