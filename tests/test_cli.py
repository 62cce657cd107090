"""The commands as a user meets them: output, messages, exit codes, and how little `kg --help` loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import kg
from kg.cli import main
from kg.settings import read_config

ROOT = Path(__file__).parents[1]
TEXT = "6月3日，望江市公安局局长齐慕白主持会议。望江市公安局会同望江市教育局开展检查。\n"
#: Modules that a command loads when it needs them, and not before.
HEAVY = {"torch", "hanlp", "pyvis", "numpy", "networkx", "onnxruntime", "trafilatura", "opencc", "yaml"}


def run(*arguments: object, **options: Any) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], **options)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def commands(group: click.Group, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    """Every command by the words that call it, groups included."""
    found: dict[tuple[str, ...], click.Command] = {path: group}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, (*path, name))
        else:
            found[*path, name] = command
    return found


COMMANDS = commands(main)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("documents") / "检查.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def graph(document: Path) -> Path:
    directory = document.parent / "out"
    assert run("build", document, "--date", "2024-06-04", "-o", directory).exit_code == 0
    return directory


# ------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_has_examples(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert " ".join(("kg", *path)) in result.stdout


def loaded_by(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], cwd=ROOT,
                          capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_help_loads_nothing_heavy() -> None:
    code = "from click.testing import CliRunner\nfrom kg.cli import main\nCliRunner().invoke(main, ['--help'])"
    assert loaded_by(code) & {*HEAVY, "pydantic"} == set()


def test_import_loads_nothing_heavy() -> None:
    assert loaded_by("import kg; kg.Settings, kg.KGError, dir(kg)") & HEAVY == set()


def test_public_names() -> None:
    assert kg.__all__ == sorted(kg.__all__)
    for name in kg.__all__:
        assert getattr(kg, name).__name__ == name
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kg.nothing  # noqa: B018


def test_version() -> None:
    assert run("--version").stdout.split() == ["kg,", "version", kg.__version__]


# ------------------------------------------------------------------------------------------ output


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["clean", "nowhere.txt"], 1), (["cleanse"], 2)])
def test_the_process_ends_with_its_code_and_all_it_said(arguments: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-m", "kg", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code
    assert (done.stderr if code else done.stdout).endswith("\n")


def test_a_process_that_nobody_listens_to_ends_too() -> None:
    with subprocess.Popen([sys.executable, "-m", "kg", "rules", "list"], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(60) in (0, 1)


def test_clean_prints_text(document: Path) -> None:
    assert run("clean", document).stdout == TEXT


def test_clean_json_and_explain(tmp_path: Path) -> None:
    path = tmp_path / "旧.txt"
    path.write_text("望江市公安局發布通告。", encoding="utf-8")
    record = json.loads(run("clean", path, "--json").stdout)
    assert record["id"] == "旧"
    assert record["text"] == "望江市公安局发布通告。"
    assert {"fix", "start", "end", "old", "new"} <= record["edits"][0].keys()
    assert record["lines"] == [{"role": "body", "text": "望江市公安局发布通告。"}]
    table = run("clean", path, "--explain").stdout
    assert "== 旧" in table and "發" in table and "发" in table


def test_tag_gives_spans_of_the_raw_text(document: Path) -> None:
    record = json.loads(run("tag", document).stdout)
    assert record["id"] == "检查"
    assert [m["start"] for m in record["mentions"]] == sorted(m["start"] for m in record["mentions"])
    assert {("齐慕白", "PERSON"), ("望江市公安局", "ORGANIZATION")} <= \
        {(TEXT[m["start"]:m["end"]], m["type"]) for m in record["mentions"]}


def test_tag_model_only_is_the_model_alone(document: Path) -> None:
    record = json.loads(run("tag", document, "--model-only").stdout)
    assert record["mentions"]
    assert {m["source"] for m in record["mentions"]} == {"model"}


def test_standard_input_is_a_document() -> None:
    assert run("clean", "-", input=TEXT.encode()).stdout == TEXT


def test_explain_shows_words_mentions_and_rules() -> None:
    shown = run("explain", TEXT.strip(), "--date", "2024-06-04").stdout
    for part in ("望江市公安局", "2024-06-03", "cooperates_with.joins", "齐慕白"):
        assert part in shown


def test_why_of_a_node_and_of_an_edge(graph: Path) -> None:
    assert "〔齐慕白〕" in run("why", graph, "齐慕白").stdout
    shown = run("why", graph / "graph.json", "望江市公安局", "望江市教育局").stdout
    assert "cooperates_with" in shown
    assert json.loads(run("why", graph, "齐慕白", "--json").stdout)["question"] == ["齐慕白"]


def test_export_by_suffix(graph: Path, tmp_path: Path) -> None:
    assert run("export", graph, "-o", tmp_path / "again.json").stdout == f"{tmp_path / 'again.json'}\n"
    assert (tmp_path / "again.json").read_bytes() == (graph / "graph.json").read_bytes()
    result = run("export", graph, "-o", tmp_path / "graph.txt")
    assert result.exit_code == 1
    assert "use one of .graphml" in result.stderr


def test_rules_list_and_test() -> None:
    assert "holds_position.before_name" in run("rules", "list").stdout
    rows = [json.loads(line) for line in run("rules", "list", "--json").stdout.splitlines()]
    assert {"id", "relation", "confidence", "why", "file"} == rows[0].keys()
    assert run("rules", "test").exit_code == 0


def test_models_list_names_licences() -> None:
    rows = [json.loads(line) for line in run("models", "list", "--json").stdout.splitlines()]
    assert {"default", "lac", "hanlp-msra", "hanlp-mtl"} <= {row["name"] for row in rows}
    assert all(row["licence"] for row in rows)


def test_data_goes_to_standard_output_and_messages_to_standard_error(document: Path, tmp_path: Path) -> None:
    result = run("build", document, "-o", tmp_path / "out")
    assert [Path(line).parent for line in result.stdout.splitlines()] == [tmp_path / "out"] * 5
    assert "1 document, " in result.stderr
    assert "\r" not in result.stderr and "%" not in result.stderr


def test_pipes_get_utf8_whatever_the_locale(document: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "kg", "clean", str(document)], cwd=ROOT, check=True,
                          capture_output=True, env={"PYTHONIOENCODING": "ascii"})
    assert done.stdout.decode("utf-8") == TEXT


# ---------------------------------------------------------------------------------------- kg.toml


def test_options_from_kg_toml(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kg.toml").write_text("date = 2021-06-30\n")
    monkeypatch.chdir(tmp_path)
    assert '"value": "2021-06-03"' in run("tag", document).stdout
    assert '"value": "2019-06-03"' in run("tag", document, "--date", "2019-07-01").stdout


def test_directories_in_a_config_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine" / "relations").mkdir(parents=True)
    (tmp_path / "mine" / "relations" / "x.yaml").write_text("disable: [issued.verb]\n")
    (tmp_path / "my.toml").write_text('rules = "mine"\n')
    assert "issued.verb" not in run("--config", tmp_path / "my.toml", "rules", "list").stdout


@pytest.mark.parametrize(("store", "told"), [("store", "{folder}/store"), ("s3://bucket/store", "s3://bucket/store")])
def test_a_store_in_a_config_lies_beside_it_unless_it_is_an_address(tmp_path: Path, store: str, told: str) -> None:
    (tmp_path / "my.toml").write_text(f'store = "{store}"\n')
    assert read_config(tmp_path / "my.toml")["store"] == told.format(folder=tmp_path)


CONFIGS = {
    "not TOML": ("date: 2020", "isn't TOML"),
    "unknown name": ('dat = "2020-02-04"', "did you mean date?"),
    "no such day": ('date = "2020-02-30"', "is no date; write YYYY-MM-DD"),
    "wrong type": ("min_cooccurrence = 0", "min_cooccurrence"),
}


@pytest.mark.parametrize(("text", "said"), CONFIGS.values(), ids=CONFIGS.keys())
def test_faulty_config_is_named(document: Path, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text)
    result = run("--config", path, "clean", document)
    assert result.exit_code == 1
    assert str(path) in result.stderr and said in result.stderr


# --------------------------------------------------------------------------------------- exit codes

#: Arguments, exit code, what the message says; {} stands for a folder with bad.txt, faulty.json and an empty folder.
FAULTS = [
    (["build"], 2, "-o"),
    (["build", "-o", "{}/out"], 2, "Say which documents"),
    (["build", "{}", "--sample", "-o", "{}/out"], 2, "--sample, alone"),
    (["build", "{}/nothing", "-o", "{}/out"], 1, "no such file"),
    (["build", "--sample", "--date", "yesterday", "-o", "{}/out"], 2, "'yesterday' is no date; write YYYY-MM-DD"),
    (["build", "--sample", "--date", "2020-02-30", "-o", "{}/out"], 2, "'2020-02-30' is no date"),
    (["build", "--sample", "--min-cooccurrence", "0", "-o", "{}/out"], 2, "--min-cooccurrence"),
    (["build", "--sample", "--rules", "{}/nothing", "-o", "{}/out"], 2, "does not exist"),
    (["build", "--sample", "--model", "{}/empty", "-o", "{}/out"], 1, "empty"),
    (["build", "{}/bad.txt", "-o", "{}/bad.txt/out"], 1, "choose another -o"),
    (["clean"], 2, "Say which documents"),
    (["clean", "{}/empty"], 1, "holds no document"),
    (["tag", "{}/nothing.txt"], 1, "no such file"),
    (["explain", " "], 2, "Say a sentence"),
    (["why", "{}/nothing", "甲"], 2, "does not exist"),
    (["why", "{}", "甲"], 1, "graph.json"),
    (["why", "{}/bad.txt", "甲"], 1, "name the graph.json"),
    (["why", "{}/faulty.json", "甲"], 1, "build the graph again"),
    (["export", "{}/faulty.json", "-o", "{}/x.gexf"], 1, "build the graph again"),
    (["rules", "check", "{}/empty"], 1, "relations/*.yaml"),
    (["eval", "{}/bad.txt", "{}/faulty.json"], 1, "bad.txt"),
    (["--config", "{}/nothing.toml", "doctor"], 2, "does not exist"),
    (["nothing"], 2, "No such command"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), FAULTS, ids=[" ".join(f[0]) for f in FAULTS])
def test_faults_of_the_user_are_said_in_a_line(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "faulty.json").write_text('{"nodes": [')
    result = run(*(a.replace("{}", str(tmp_path)) for a in arguments))
    assert result.exit_code == code
    assert said in result.stderr
    assert result.stdout == ""


def test_unknown_name_is_answered_with_near_ones(graph: Path) -> None:
    result = run("why", graph, "齐慕")
    assert result.exit_code == 1
    assert "did you mean 齐慕白" in result.stderr


def test_faults_of_rules_are_all_said_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "relations").mkdir()
    (tmp_path / "relations" / "mine.yaml").write_text("disable: [no.such]\nrule: []\n")
    result = run("rules", "check", tmp_path)
    assert result.exit_code == 1
    assert "mine.yaml:1: no rule no.such" in result.stderr
    assert "mine.yaml:2: unknown key rule" in result.stderr


def test_skipped_documents_show_in_the_exit_code(document: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    result = run("clean", document, tmp_path / "bad.txt")
    assert result.exit_code == 1
    assert result.stdout == TEXT
    assert f"skipped {tmp_path / 'bad.txt'}: is empty" in result.stderr
