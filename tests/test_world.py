"""The tables of foreign cities and their states."""

from pathlib import Path

import pytest

from kg.errors import KnowledgeError
from kg.knowledge.places import load_places
from kg.knowledge.world import load_world


def test_no_foreign_city_is_called_like_a_place_of_china() -> None:
    assert not [city for city in load_world().cities if load_places().find(city)]


def test_faults_are_told_with_file_and_line(tmp_path: Path) -> None:
    table = tmp_path / "world.tsv"
    rows = ("# head", "state\t甲国\t甲国", "city\t乙城", "city\t丙城\t丁国", "city\t戊城\t甲国", "city\t戊城\t丁国")
    table.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(KnowledgeError) as told:
        load_world((table,))
    assert [fault.removeprefix(str(table)) for fault in told.value.faults] == [
        ":3: wants three columns: what it is, a name, its state", ":6: 戊城 is in 甲国 already",
        "丙城 lies in 丁国, which is no state of the tables"]
