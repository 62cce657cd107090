"""CSV, Parquet, DuckDB and data frames, read by csv, pyarrow, duckdb, pandas and polars."""

import csv
import io
import zipfile

import pytest

from kg.errors import GraphError
from kg.export import write_graph
from kg.graph import Graph, Node

from .format_fixtures import edge_values, node_values, rich_graph


@pytest.fixture
def graph() -> Graph:
    return rich_graph()


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def plain(text: str) -> str:
    """The text behind the guard."""
    return text.removeprefix("'")


def cells(values: dict) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}


def assert_nodes(found: list[dict[str, str]], graph: Graph) -> None:
    assert [row["Id"] for row in found] == [node.id for node in graph.nodes]
    for row, node in zip(found, graph.nodes, strict=True):
        values = {("label" if name == "Label" else name): plain(cell) for name, cell in row.items() if name != "Id"}
        assert {name: cell for name, cell in values.items() if cell} == cells(node_values(node))


def assert_edges(found: list[dict[str, str]], graph: Graph) -> None:
    labels = {node.id: node.label for node in graph.nodes}
    assert [(row["Id"], row["Source"], row["Target"], row["Type"]) for row in found] == \
        [(edge.id, edge.source, edge.target, "Directed") for edge in graph.edges]
    own = ("Id", "Source", "Target", "Type", "source_label", "target_label")
    for row, edge in zip(found, graph.edges, strict=True):
        assert (plain(row["source_label"]), plain(row["target_label"])) == (labels[edge.source], labels[edge.target])
        values = {name.lower(): plain(cell) for name, cell in row.items() if name not in own}
        assert {name: cell for name, cell in values.items() if cell} == cells(edge_values(edge))


def test_csv_reads_the_same(graph, tmp_path):
    for name in ("g.csv", "g.nodes.csv", "g.csv.zip"):
        write_graph(graph, tmp_path / name)
    with zipfile.ZipFile(tmp_path / "g.csv.zip") as archive:
        assert archive.namelist() == ["nodes.csv", "edges.csv"]
        both = archive.read("nodes.csv"), archive.read("edges.csv")
    assert both == ((tmp_path / "g.nodes.csv").read_bytes(), (tmp_path / "g.csv").read_bytes())
    assert_nodes(rows(both[0]), graph)
    assert_edges(rows(both[1]), graph)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "'=1"])
def test_no_cell_is_computed(tmp_path, name):
    node = Node(id=name, type="PERSON", label=name, aliases=(name,), x=-1.5)
    write_graph(Graph(nodes=(node,)), tmp_path / "g.nodes.csv")
    [row] = rows((tmp_path / "g.nodes.csv").read_bytes())
    assert (row["Id"], row["Label"], row["aliases"]) == (f"'{name}",) * 3
    assert row["x"] == "-1.5"


# --------------------------------------------------------------------------------------- Parquet


@pytest.mark.parametrize("zipped", [False, True])
def test_pyarrow_reads_the_same_from_parquet(graph, tmp_path, zipped):
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = tmp_path / "g.parquet"
    if zipped:
        write_graph(graph, tmp_path / "g.parquet.zip")
        zipfile.ZipFile(tmp_path / "g.parquet.zip").extractall(folder)
    else:
        write_graph(graph, folder)
    nodes, edges, evidence = (parquet.read_table(folder / f"{name}.parquet").to_pylist()
                              for name in ("nodes", "edges", "evidence"))
    for row, node in zip(nodes, graph.nodes, strict=True):
        assert row.pop("aliases") == list(node.aliases)
        assert {k: v for k, v in row.items() if v is not None} == \
            {"id": node.id, **node_values(node, without=("aliases",))}
    for row, edge in zip(edges, graph.edges, strict=True):
        assert row.pop("sources") == list(edge.documents)
        assert {k: v for k, v in row.items() if v is not None} == \
            {"id": edge.id, "source": edge.source, "target": edge.target, **edge_values(edge, without=("sources",))}
    names = ("edge", "document", "sentence", "start", "end", "rule")
    assert [tuple(row[name] for name in names) for row in evidence] == \
        [(edge.id, e.document, e.sentence.text, e.sentence.start, e.sentence.end, e.rule)
         for edge in graph.edges for e in edge.evidence]


def test_a_folder_of_tables_is_written_anew_and_other_files_are_left(tmp_path):
    pytest.importorskip("pyarrow")
    folder = tmp_path / "g.parquet"
    for _ in range(2):
        write_graph(Graph(), folder)
    assert sorted(p.name for p in folder.iterdir()) == ["edges.parquet", "evidence.parquet", "nodes.parquet"]
    (folder / "mine.txt").write_text("keep")
    with pytest.raises(GraphError, match=r"holds mine\.txt"):
        write_graph(Graph(), folder)
    assert (folder / "mine.txt").read_text() == "keep"
    assert [p.name for p in tmp_path.iterdir()] == ["g.parquet"]


def test_without_pyarrow_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(GraphError, match=r"pip install 'kg\[parquet\]'"):
        write_graph(Graph(), tmp_path / "g.parquet")
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------- DuckDB and data frames


def test_duckdb_answers_in_sql(graph, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    write_graph(graph, tmp_path / "g.duckdb")
    with duckdb.connect(tmp_path / "g.duckdb", read_only=True) as database:
        assert database.sql("SELECT id, label, aliases FROM nodes").fetchall() == \
            [(node.id, node_values(node)["label"], list(node.aliases)) for node in graph.nodes]
        asked = "SELECT e.id, count(v.edge) FROM edges e LEFT JOIN evidence v ON v.edge = e.id GROUP BY e.id ORDER BY 1"
        assert database.sql(asked).fetchall() == sorted((edge.id, len(edge.evidence)) for edge in graph.edges)


def test_duckdb_holds_the_same_rows_in_the_same_order_each_time(graph, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    found = []
    for name in ("a.duckdb", "b.duckdb"):
        write_graph(graph, tmp_path / name)
        with duckdb.connect(tmp_path / name, read_only=True) as database:
            found.append([database.sql(f"FROM {table}").fetchall() for table in ("nodes", "edges", "evidence")])
    assert found[0] == found[1]


def test_without_duckdb_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(GraphError, match=r"pip install 'kg\[duckdb\]'"):
        write_graph(Graph(), tmp_path / "g.duckdb")


@pytest.mark.parametrize(("library", "rows_of"), [
    ("pandas", lambda frame: frame.astype(object).where(frame.notna(), None).to_dict("records")),
    ("polars", lambda frame: frame.to_dicts())])
def test_data_frames_hold_the_same(graph, library, rows_of):
    pytest.importorskip(library)
    frames = getattr(graph, f"to_{library}")()
    for row, node in zip(rows_of(frames.nodes), graph.nodes, strict=True):
        assert list(row.pop("aliases")) == list(node.aliases)
        assert {k: v for k, v in row.items() if v is not None} == \
            {"id": node.id, **node_values(node, without=("aliases",))}
    assert [(row["source"], row["relation"], row["target"]) for row in rows_of(frames.edges)] == \
        [(edge.source, edge.relation, edge.target) for edge in graph.edges]
    assert [row["sentence"] for row in rows_of(frames.evidence)] == \
        [piece.sentence.text for edge in graph.edges for piece in edge.evidence]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_without_a_library_for_frames_the_remedy_is_named(monkeypatch, library):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(GraphError, match=f"pip install {library}"):
        getattr(Graph(), f"to_{library}")()
