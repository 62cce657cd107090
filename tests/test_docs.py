"""README.md says what is so: every command and option is in it, and what it tells people to run works."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from kg.cli import main
from kg.knowledge.ontology import load_ontology
from kg.relate.rules import load_rules
from kg.settings import Settings, read_config
from kg.taggers import list_models

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RULE_FILE = "my_rules/relations/support.yaml"


TUTORIAL = (ROOT / "kg" / "docs" / "tutorial.md").read_text(encoding="utf-8")


def blocks(language: str, page: str = README) -> list[str]:
    """The text of the fenced blocks with this language; empty text: those without one."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == language]


def kg_lines(texts: list[str]) -> list[str]:
    """The lines that call kg, each as one command."""
    return [part.strip() for text in texts for line in text.splitlines() for part in line.split("&&")
            if part.strip().startswith("kg ")]


def examples(command: click.Command) -> list[str]:
    """The examples in the help of a command and of those below it, without the remarks beside them."""
    found = [re.split(r" {3,}", line)[0] for line in kg_lines([command.help or ""])]
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return found + [line for each in below for line in examples(each)]


#: What can be run with the sample at hand; other lines name files of the reader's.
RUNNABLE = ("outputs/sample", "kg explain", "kg rules list", "kg rules test", "kg models list", "kg doctor")
COMMANDS = list(dict.fromkeys([*kg_lines(blocks("sh")), *(
    line for line in examples(main) if line.startswith("kg ") and any(part in line for part in RUNNABLE)
    and "my_rules" not in line)]))
RULE = next(text for text in blocks("yaml") if "cooperates_with.supports" in text)
RULE_COMMANDS = [line for line in kg_lines(blocks("")) if "my_rules" in line]


def run(line: str) -> Result:
    result = CliRunner().invoke(main, shlex.split(line, comments=True)[1:])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which README's commands find what they name: the sample, a build of it, the rule of README."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "kg" / "data" / "sample", folder / "kg" / "data" / "sample")
    (folder / RULE_FILE).parent.mkdir(parents=True)
    (folder / RULE_FILE).write_text(RULE, encoding="utf-8")
    assert run(f"kg build --sample -o {folder / 'outputs' / 'sample'}").exit_code == 0
    return folder


# --------------------------------------------------------------------------------- what it mentions


def leaves(group: click.Group, path: str = "kg") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        found |= leaves(command, f"{path} {name}") if isinstance(command, click.Group) else {f"{path} {name}": command}
    return found


@pytest.mark.parametrize("command", leaves(main))
def test_every_command_is_mentioned(command: str) -> None:
    assert f"`{command}" in README or f"\n{command} " in README


def test_no_command_is_mentioned_that_there_is_not() -> None:
    words = {f"kg {word}" for word in re.findall(r"`kg ([a-z]+)", README) + re.findall(r"^kg ([a-z]+)", README, re.M)}
    assert words <= {" ".join(command.split()[:2]) for command in leaves(main)}


@pytest.mark.parametrize("option", [name for p in main.commands["build"].params if isinstance(p, click.Option)
                                    for name in p.opts])
def test_every_option_of_build_is_mentioned(option: str) -> None:
    assert f"`{option}" in README


def test_every_relation_type_model_and_setting_is_mentioned() -> None:
    ontology = load_ontology()
    for name in (*ontology.types, *ontology.relations, *(model.name for model in list_models())):
        assert f"`{name}`" in README
    for name in Settings.model_fields:
        assert f"--{name.replace('_', '-')}" in README


def test_every_format_is_mentioned() -> None:
    from kg.export import EXPORTERS
    from kg.read import _FORMATS

    assert [suffix for suffix in (*_FORMATS, *EXPORTERS) if f"`{suffix}`" not in README] == []
    helped = (main.commands["export"].help or "").split()
    assert [suffix for suffix in EXPORTERS if suffix not in helped] == []


def test_files_that_are_named_exist() -> None:
    named = re.findall(r"`((?:kg|scripts|tests|\.ci)/[\w./]*)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


# -------------------------------------------------------------------------------------- what it runs


def test_set_up_commands_stand_there_as_they_must() -> None:
    lines = [line for text in blocks("sh") for line in text.splitlines()]
    assert "python -m pip install . && kg build --sample -o outputs/sample" in lines
    assert "python -m pip install '.[test]' && python -m pytest" in lines


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_run(checkout: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(checkout)
    result = run(line)
    assert result.exit_code == 0, result.stderr
    assert result.output


def test_tutorial_runs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    lines = kg_lines(blocks("sh", TUTORIAL))
    assert len(lines) > 8
    for line in lines:
        result = run(line)
        assert result.exit_code == 0, result.stderr
        assert result.output


def test_pictures_of_the_tutorial_are_there() -> None:
    named = set(re.findall(r"\]\((pictures/[\w.]+)\)", TUTORIAL))
    assert named == {f"pictures/{file.name}" for file in (ROOT / "kg" / "docs" / "pictures").iterdir()}


def test_rule_of_the_reader(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    assert len(RULE_COMMANDS) == 3
    for line in RULE_COMMANDS:
        result = run(line)
        assert result.exit_code == 0, result.stderr
    assert "cooperates_with.supports: 望江市人民医院 –cooperates_with→ 云岭县人民医院" in result.stdout
    assert "cooperates_with.supports" not in {rule.id for rule in load_rules().relations}


def test_config_is_one(checkout: Path, tmp_path: Path) -> None:
    text, = blocks("toml")
    (tmp_path / "kg.toml").write_text(text, encoding="utf-8")
    (tmp_path / "my_rules").mkdir()
    values = read_config(tmp_path / "kg.toml")
    assert Settings(**values).min_cooccurrence == 2
    assert values["rules"] == str(tmp_path / "my_rules")


def test_python_runs(checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(checkout)
    names: dict[str, Any] = {}
    for text in blocks("python"):
        exec(compile(text, "README.md", "exec"), names)
    assert "PERSON:周海平 局长 ORGANIZATION:青岚市公安局" in capsys.readouterr().out


def test_notebook_shows_what_comes_out(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(checkout)
    text, = blocks("pycon")
    cells = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    said: list[str] = []
    found = doctest.DocTestRunner(verbose=False).run(cells, out=said.append)
    assert found.failed == 0 and found.attempted > 8, "".join(said)


def test_reference_is_what_the_commands_say() -> None:
    made = subprocess.run([sys.executable, ROOT / "scripts" / "reference.py"], capture_output=True, check=True,
                          encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"}, cwd=ROOT).stdout
    assert (ROOT / "kg" / "docs" / "commands.md").read_text(encoding="utf-8") == made, \
        "run: python scripts/reference.py --update"


def test_scripts_that_it_names_can_be_run() -> None:
    for name in ("scripts/check", "scripts/update_sample", ".ci/run"):
        assert name in README
        assert (ROOT / name).stat().st_mode & 0o111
