"""Lines and metadata on composed pages (scripts/compose_pages.py) and on the seeds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kg.clean import clean
from kg.models import READ_ROLES
from kg.read import read
from kg.settings import Settings

ROOT = Path(__file__).parents[1]
#: Which lines of the seeds are read, and what the pages say of themselves: r read on, - not; blank lines left out.
SEEDS = yaml.safe_load((ROOT / "tests" / "cases" / "clean" / "seeds.yaml").read_text("utf-8"))


@pytest.mark.shared
def test_body_is_kept_furniture_dropped_and_metadata_right(shared):
    news = sorted((shared / "data" / "news").glob("*.jsonl.gz"))
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "compose_pages.py"), *map(str, news), "--errors"],
                          capture_output=True, text=True, check=True)
    for which, figures in json.loads(done.stdout.splitlines()[-1]).items():
        assert figures["pages"] == 20
        assert figures["share_body_kept"] >= 0.98, which
        assert figures["share_furniture_dropped"] >= 0.95, which
        assert figures["share_publisher_right"] >= 0.95, which
        assert figures["share_date_right"] >= 0.95, which


@pytest.mark.shared
@pytest.mark.parametrize("name", SEEDS)
def test_seeds(shared, name):
    document, = read(list((shared / "seeds").glob(f"{name}_*.txt")), Settings())[0]
    result = clean(document, Settings())
    assert "".join("r" if line.role in READ_ROLES else "-" for line in result.lines
                   if line.role != "blank") == SEEDS[name]["lines"]
    assert (result.metadata.publisher, result.metadata.date) == (SEEDS[name]["publisher"], SEEDS[name]["date"])
