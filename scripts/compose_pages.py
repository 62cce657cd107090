"""How well the lines and the metadata of web pages are read, on pages composed of news and of furniture.

    python scripts/compose_pages.py NEWS... [--sites FILE] [--seed N] [--errors] [--write DIR]

NEWS are (gzipped) JSON lines with `title` and `text`; FILE describes the furniture of invented sites (see there).
Every site prints two articles, one as a scraped .txt and one as .html. Counted are the paragraphs of the article that
are read on, the furniture that isn't, and the pages whose publisher and date are right, of those that state them.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from kg.clean import clean
from kg.models import READ_ROLES, CleanDocument, Document
from kg.settings import Settings

SITES = Path(__file__).parents[1] / "tests" / "cases" / "clean" / "sites.yaml"
#: What articles of the pool have of the furniture of their own sites.
OF_THE_SITE = re.compile(r"^(?:查看原文|更新时间|责任编辑|编辑：|分享让更多人看到)|"
                         r"^[\d年月日-]+(?: \d+ 版)?$|\d+ 版 ?）$")
PEOPLE = ("周文海", "吴晓燕", "何建川", "罗敏", "沈玉兰", "陈国栋")
MENUS = {"list": ("<ul>", "<li><a href='#'>{}</a></li>", "</ul>"),
         "inline": ("<div>", "<a href='#'>{}</a> ", "</div>"),
         "table": ("<table><tr>", "<td><a href='#'>{}</a></td>", "</tr></table>"),
         "nav": ("<nav>", "<span><a href='#'>{}</a></span> ", "</nav>"),
         "divs": ("<div>", "<div><a href='#'>{}</a></div>", "</div>")}
BODIES = {"p": ("", "<p>　　{}</p>", ""), "div": ("<div>", "<div>{}</div>", "</div>"),
          "br": ("<div>", "　　{}<br><br>", "</div>")}


@dataclass(frozen=True)
class Page:
    """A composed page, and what should be read of it."""

    name: str
    format: str
    text: str
    body: tuple[str, ...]
    furniture: tuple[str, ...]
    states: Mapping[str, str]
    blind: bool


def articles(paths: Sequence[Path]) -> list[tuple[str, list[str]]]:
    """Title and paragraphs of the articles that have three to thirty."""
    found = []
    for path in paths:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in data.decode("utf-8").splitlines():
            record = json.loads(line)
            paragraphs = [text for part in record["text"].split("\n") if (text := part.strip())
                          and not OF_THE_SITE.search(text)]
            if record.get("title") and 3 <= len(paragraphs) <= 30 and len(set(paragraphs)) == len(paragraphs):
                found.append((record["title"].strip(), paragraphs))
    return found


def compose(sites: Sequence[Mapping[str, Any]], news: Sequence[tuple[str, list[str]]], seed: int) -> Iterator[Page]:
    """Two pages of every site."""
    for site in sites:
        for kind in ("txt", "html"):
            yield _page(site, kind, news, random.Random(f"{seed} {site['name']} {kind}"))


def _page(site: Mapping[str, Any], kind: str, news: Sequence[tuple[str, list[str]]], chance: random.Random) -> Page:
    title, paragraphs = chance.choice(news)
    day = datetime(2019, 1, 1) + timedelta(minutes=chance.randrange(2_500_000))
    author, editor = chance.sample(PEOPLE, 2)

    def filled(line: str) -> str:
        while "{link}" in line:
            line = line.replace("{link}", chance.choice(news)[0], 1)
        return line.format(title=title, publisher=site["publisher"], author=author, editor=editor,
                           date=day.strftime(site["date"]), n=chance.randrange(10, 9999))

    def block(name: str) -> list[list[str]]:
        return [[filled(line) for line in (item if isinstance(item, list) else [item])] for item in site[name]]

    top, head, middle, bottom = map(block, ("top", "head", "middle", "bottom"))
    places = sorted(chance.sample(range(1, len(paragraphs)), min(len(middle), len(paragraphs) - 1)), reverse=True)
    inner: list[tuple[str, str]] = [("body", text) for text in paragraphs]
    for place, (line,) in zip(places, middle, strict=False):
        inner.insert(place, ("furniture", line))
    lines = [line for item in (*top, *head) for line in item] + [text for _, text in inner]
    text = "\n".join([*lines, *(line for item in bottom for line in item)])
    if kind == "html":
        text = _html(site["html"], title, site["name"], (top, head, bottom), inner)
    own = "".join((title, *paragraphs))
    furniture = [line for item in (*top, *bottom) for line in item] + [text for what, text in inner if what != "body"]
    states = {name: site["publisher"] if name == "publisher" else day.strftime("%Y-%m-%d") for name in site["states"]}
    return Page(f"{site['name']}.{kind}", kind, text, tuple(paragraphs),
                tuple(line for line in furniture if line not in own), states, bool(site.get("blind")))


def _html(tags: Mapping[str, str], title: str, site: str, blocks: Sequence[list[list[str]]],
          inner: Sequence[tuple[str, str]]) -> str:
    top, head, bottom = blocks

    def rows(items: Sequence[list[str]], links: str) -> str:
        parts = []
        for item in items:
            before, each, behind = MENUS[links] if len(item) > 1 else ("", "<div>{}</div>", "")
            parts.append(before + "".join(each.format(html.escape(line)) for line in item) + behind)
        return "\n".join(parts)

    before, each, behind = BODIES[tags["body"]]
    body = before + "\n".join(each.format(html.escape(text)) for _, text in inner) + behind
    return (f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{html.escape(title)}_{site}</title>"
            f"<style>p {{margin: 0}}</style></head><body>\n{rows(top, tags['menu'])}\n"
            f"<h1>{html.escape(head[0][0])}</h1>\n"
            f"{rows(head[1:], 'inline')}\n<div class='content'>{body}</div>\n{rows(bottom, tags['links'])}\n"
            "<script>var tracker = 1;</script></body></html>")


def squeeze(text: str) -> str:
    return "".join(text.split())


def plain(text: str) -> str:
    """A line as cleaning writes it, to compare with."""
    return squeeze(cleaned("line", text).text)


def cleaned(name: str, text: str, kind: str = "txt") -> CleanDocument:
    return clean(Document(id=name, text=text, source=name, sha256="", format=kind), Settings())


def judge(page: Page) -> tuple[Counter[str], list[str]]:
    """The figures of a page, and what is wrong with it."""
    document = cleaned(page.name, page.text, page.format)
    read = [squeeze(document.text[line.start:line.end]) for line in document.lines if line.role in READ_ROLES]
    whole, figures, errors = "\n".join(read), Counter(pages=1), []
    for text in page.body:
        kept = plain(text).lstrip("-•·*●■◆ ") in whole
        figures.update(body=1, body_kept=kept)
        errors += [] if kept else [f"lost: {text[:60]}"]
    for text in page.furniture:
        dropped = plain(text) not in whole
        figures.update(furniture=1, furniture_dropped=dropped)
        errors += [] if dropped else [f"kept: {text[:60]}"]
    for name, value in page.states.items():
        found = getattr(document.metadata, name)
        figures.update({f"{name}_stated": 1, f"{name}_right": found == value})
        errors += [] if found == value else [f"{name}: {found} for {value}"]
    return figures, errors


def shares(figures: Mapping[str, int]) -> dict[str, float]:
    """The counts with the shares that they make."""
    of = {"body_kept": "body", "furniture_dropped": "furniture", "publisher_right": "publisher_stated",
          "date_right": "date_stated"}
    return {**figures, **{f"share_{name}": round(figures[name] / figures[total], 4)
                          for name, total in of.items() if figures.get(total)}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", nargs="+", type=Path, metavar="NEWS")
    parser.add_argument("--sites", type=Path, default=SITES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", action="store_true", help="say what is wrong on each page")
    parser.add_argument("--write", type=Path, metavar="DIR", help="also write the pages there")
    options = parser.parse_args()
    totals: dict[str, Counter[str]] = {"tuned": Counter(), "blind": Counter()}
    for page in compose(yaml.safe_load(options.sites.read_text("utf-8")), articles(options.news), options.seed):
        figures, errors = judge(page)
        totals["blind" if page.blind else "tuned"] += figures
        if options.write:
            options.write.mkdir(parents=True, exist_ok=True)
            (options.write / page.name).write_text(page.text, encoding="utf-8")
        if options.errors:
            print(*(f"{page.name}: {error}" for error in errors), sep="\n", end="\n" if errors else "")
    print(json.dumps({name: shares(figures) for name, figures in totals.items()}))


if __name__ == "__main__":
    sys.exit(main())
