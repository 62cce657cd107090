"""kg models pull and verify, with archives that the tests pack themselves and a mirror on this machine."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.errors import ModelError
from kg.taggers import catalog, pull

MODEL, TRANSFORMER = "msra_ner_electra_small_20220215_205503", "electra_zh_small_20210706_125427"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A HanLP home of the test's own."""
    def directory(url: str) -> Path:
        return tmp_path / "home" / Path(url).stem

    for module in (catalog, pull):
        monkeypatch.setattr(module, "hub_directory", directory)
    return tmp_path / "home"


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """The two archives of a model: itself, packed as a folder, and its transformer, packed as files."""
    config = {"classpath": "hanlp.components.ner.transformer_ner.TransformerNamedEntityRecognizer",
              "transformer": "hfl/chinese-electra-180g-small-discriminator"}
    folder = tmp_path / "archives"
    model = {"config.json": json.dumps(config), "model.pt": "w", "vocabs.json": "{}"}
    for file, members in ((folder / "ner" / f"{MODEL}.zip", {f"a_folder/{name}": text for name, text in model.items()}),
                          (folder / "transformers" / f"{TRANSFORMER}.zip", {"config.json": "{}", "vocab.txt": "的"})):
        file.parent.mkdir(parents=True)
        with ZipFile(file, "w") as packed:
            for name, text in members.items():
                packed.writestr(name, text)
    return folder


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.zip"))


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["models", *map(str, arguments)])
    return result.exit_code, result.output


def test_both_archives_are_taken_from_files(home: Path, archives: Path) -> None:
    code, said = run("pull", "hanlp-msra", "--yes", *(part for file in files(archives) for part in ("--from", file)))
    assert code == 0, said
    assert {p.name for p in (home / MODEL).iterdir()} == {"config.json", "kg-pulled.json", "model.pt", "vocabs.json"}
    assert (home / TRANSFORMER / "vocab.txt").read_text() == "的"
    assert [p for p in home.iterdir() if p.name.startswith(".")] == []
    assert hashlib.sha256(files(archives)[0].read_bytes()).hexdigest() in said
    assert run("verify", "hanlp-msra")[0] == 0
    again = pull.pull("hanlp-msra", [archives / "ner"])
    assert [each.sha256 for each in again] == ["", ""]


@pytest.fixture
def mirror(archives: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=archives))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_mirror_has_the_paths_of_the_hub(home: Path, mirror: str) -> None:
    told: list[tuple[str, int, int]] = []
    found = pull.pull("hanlp-msra", mirror=mirror, progress=lambda *what: told.append(what))
    assert [each.directory for each in found] == [home / MODEL, home / TRANSFORMER]
    assert [name for name, done, whole in told if done == whole] == [f"{MODEL}.zip", f"{TRANSFORMER}.zip"]


def test_what_a_mirror_does_not_have_is_named(home: Path, mirror: str, archives: Path) -> None:
    files(archives)[0].unlink()
    with pytest.raises(ModelError, match=rf"{MODEL}\.zip: couldn't be fetched \(HTTP Error 404.*--from"):
        pull.pull("hanlp-msra", mirror=mirror)
    assert list(home.iterdir()) == []


def test_another_archive_than_expected_is_refused(home: Path, archives: Path) -> None:
    code, said = run("pull", "hanlp-msra", "--yes", "--from", archives / "ner", "--sha256", "ab" * 32)
    assert (code, "get the archive anew" in said) == (1, True)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"<html>not found</html>"])
def test_a_broken_archive_leaves_nothing(home: Path, archives: Path, content: bytes) -> None:
    files(archives)[0].write_bytes(content)
    with pytest.raises(ModelError, match="isn't a whole zip archive"):
        pull.pull("hanlp-msra", [archives / "ner"])
    assert list(home.iterdir()) == []


def test_the_licence_is_shown_and_can_be_refused(home: Path, archives: Path) -> None:
    result = CliRunner().invoke(main, ["models", "pull", "hanlp-msra", "--from", str(archives / "ner")], input="n\n")
    assert result.exit_code == 1
    assert "research and teaching only" in result.output
    assert not home.exists()


@pytest.mark.parametrize(("name", "message"), [("default", "in the package already"), ("nothing", "no model of HanLP")])
def test_what_cannot_be_pulled(name: str, message: str) -> None:
    code, said = run("pull", name, "--yes")
    assert (code, message in said) == (1, True)


def test_a_changed_model_is_found(home: Path, archives: Path) -> None:
    pull.pull("hanlp-msra", [archives / "ner", archives / "transformers"])
    (home / MODEL / "model.pt").write_text("other")
    code, said = run("verify")
    assert code == 1
    assert "changed" in said
    shutil.rmtree(home / MODEL)
    assert run("verify")[0] == 0


def test_the_models_of_the_package_are_those_that_were_meant() -> None:
    """After a change of a model: put the digest that `kg models verify` prints into kg/data/models/digests.tsv."""
    assert [(each.name, each.state, each.digest) for each in pull.verify(["default", "lac"])] == \
        [(name, "right", catalog.tree_digest(catalog.PACKAGED / name)) for name in ("default", "lac")]


def test_a_directory_that_nobody_pulled_has_nothing_to_compare(tmp_path: Path) -> None:
    copy = shutil.copytree(catalog.PACKAGED / "lac", tmp_path / "mine")
    found, = pull.verify([str(copy)])
    assert found.state == "unknown"
