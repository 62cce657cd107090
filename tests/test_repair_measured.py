"""Repairs on a lot of text, by scripts/measure_repair.py: damage is mended, clean text stays as it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "measure_repair.py"


def measured(what: str, *arguments: object) -> dict[str, float]:
    done = subprocess.run([sys.executable, str(SCRIPT), what, *map(str, arguments)], capture_output=True, text=True,
                          check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.shared
def test_most_damage_is_mended_and_no_line_worsened(shared):
    figures = measured("damage", shared / "data" / "news" / "cna.jsonl.gz", "--lines", 120, "--seed", 7)
    assert figures["wrong_before"] > 100
    assert figures["recovered"] >= 0.85
    assert figures["worse"] == 0


@pytest.mark.shared
def test_clean_news_stays_as_it_is(shared):
    figures = measured("clean", shared / "data" / "news" / "cec.jsonl.gz")
    assert figures["documents"] > 100
    assert figures["edits"] == 0


def test_damage_of_a_text_of_our_own_is_mended(tmp_path):
    (tmp_path / "a.txt").write_text("\n".join([
        "消防队长说，医院门口的道路已经打通。“救护车随时可以出发，请大家不要围观。”",
        "“物资已经送到村里，请大家放心。”镇长表示，驻点民警负责维持秩序，志愿者负责登记。",
        "县医院院长介绍，专家组连夜会诊，伤员的情况已经稳定。“家属可以放心。”他说。"]), encoding="utf-8")
    figures = measured("damage", tmp_path / "a.txt")
    assert figures["lines"] == 3
    assert figures["wrong_before"] > 0
    assert figures["worse"] == 0
