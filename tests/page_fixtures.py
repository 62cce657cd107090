"""An invented graph of any size that has the shape of a real one: bodies in bodies, posts, acts with dates and places.

The bodies, people and events are made up; nothing here is quoted from anywhere.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Edge, Graph, GraphDocument, Node, NodeMention
from kg.models import EntityType, Evidence, Metadata, Quote
from kg.page import write_page

SURNAMES = "陈林周吴郑孙马朱胡郭何高罗梁宋谢唐韩曹许邓冯彭曾肖田董潘袁蔡蒋余"
GIVEN = ["建国", "晓岚", "文博", "思远", "佳怡", "海峰", "雨桐", "志强", "丽娟", "明轩", "子涵", "春华", "国栋", "若曦"]
CITIES = ["云岭市", "临沧江市", "青屿市", "平湖州市", "北岑市"]
DISTRICTS = ["东山区", "西塘区", "南浦区", "北苑区", "白鹿县", "石门坎县", "清溪县"]
BODIES = ["公安局", "卫生健康委员会", "交通运输局", "市场监督管理局", "应急管理局", "疾病预防控制中心"]
UNITS = ["交警支队", "治安支队", "特警支队", "巡逻大队", "防控专班", "宣传科", "后勤保障组"]
TITLES = ["局长", "副局长", "支队长", "大队长", "民警", "党委书记", "主任"]
ACTS = [("召开", "防控工作会议"), ("印发", "应急预案"), ("排查", "重点人员"), ("查处", "哄抬价格案件"),
        ("设立", "检查站"), ("捐赠", "口罩五千只"), ("走访", "独居老人"), ("抽调", "警力一百二十名")]
RELATION_LABELS = {"holds_position": "任职", "part_of": "隶属", "located_in": "位于", "issued": "发布",
                   "performs": "实施", "on_date": "时间", "at_location": "地点", "targets": "对象",
                   "co_occurs_with": "共现", "established": "成立", "cooperates_with": "协同",
                   "family_of": "亲属", "penalized": "处罚"}

#: Text that would do harm if a page took it for markup, code or a template.
HOSTILE = [
    "</script><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "<svg onload=window.pwned=1>",
    "\"><script>window.pwned=1</script>", "' onmouseover='window.pwned=1", "{{ 7 * 7 }}", "{% raw %}", "{# note #}",
    "${window.pwned=1}", "`${window.pwned=1}`", "javascript:window.pwned=1",
    "<a href='javascript:window.pwned=1'>x</a>",
    "<!-- <script>", "-->", "]]>", "</title><script>window.pwned=1</script>", "</style><script>window.pwned=1</script>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>", "&lt;script&gt;", "&#60;b&#62;", "\\u003cscript\\u003e",
    "\u202egnp.exe", "\u2066\u2069\u200f\u200e", "a\u2028b\u2029c", "\u0007\u0008", "__proto__", "constructor",
    "<math><mi xlink:href='data:x,<script>window.pwned=1</script>'>", "𠮷野家😀<b>", "'\"\\",
    "<body onload=window.pwned=1>",
    "<meta http-equiv=refresh content='0;url=data:text/html,x'>",
]


class Sketch:
    """A graph in the making: remembers nodes by name and writes a sentence for each edge."""

    def __init__(self, documents: int) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.texts = [""] * documents
        self.documents = documents

    def node(self, type_: EntityType, label: str, *aliases: str) -> str:
        key = f"{type_}:{label}"
        if key not in self.nodes:
            self.nodes[key] = Node(id=key, type=type_, label=label, aliases=aliases)
        return key

    def edge(self, relation: str, head: str, tail: str, *, weight: int = 1, trigger: str = "", derived: bool = False,
             **fields: str) -> None:
        name, other = self.nodes[head].label, self.nodes[tail].label
        evidence = tuple(self._evidence(name, trigger or RELATION_LABELS[relation], other) for _ in range(weight))
        self.edges.append(Edge(
            id=f"e{len(self.edges):05d}", source=head, target=tail, relation=relation, label=RELATION_LABELS[relation],
            weight=weight, confidence=0.9 - 0.05 * (len(self.edges) % 5), rule=f"{relation}.sample", derived=derived,
            documents=tuple(sorted({e.document for e in evidence})), evidence=evidence, **fields))
        for key in (head, tail):
            self._mention(key, evidence)

    def _evidence(self, head: str, trigger: str, tail: str) -> Evidence:
        number = len(self.edges) % self.documents
        sentence = f"据了解，{head}{trigger}{tail}，有关工作正在进行。"
        start = len(self.texts[number])
        self.texts[number] += sentence + "\n"
        where = [4, 4 + len(head), 4 + len(head) + len(trigger)]
        spans = [Quote(start=start + at, end=start + at + len(text), text=text, at=at)
                 for at, text in zip(where, (head, trigger, tail), strict=True)]
        return Evidence(document=f"d{number:03d}", rule=f"sample.{trigger}", confidence=0.85,
                        sentence=Quote(start=start, end=start + len(sentence), text=sentence,
                                       raw=sentence.replace("据了解", "据了觧") if number % 7 == 0 else None),
                        head=spans[0], trigger=spans[1], tail=spans[2])

    def _mention(self, key: str, evidence: tuple[Evidence, ...]) -> None:
        node = self.nodes[key]
        quotes = [(e.document, q) for e in evidence for q in (e.head, e.tail) if q and q.text == node.label]
        mentions = node.mentions + tuple(NodeMention(document=d, quote=q, source="model") for d, q in quotes)
        documents = sorted({m.document for m in mentions})
        days = [self.day(d) for d in documents]
        self.nodes[key] = node.model_copy(update={
            "mentions": mentions, "documents": tuple(documents), "first_date": min(days), "last_date": max(days)})

    def day(self, document: str) -> str:
        return f"2020-{1 + int(document[1:]) % 3:02d}-{1 + int(document[1:]) * 3 % 28:02d}"

    def graph(self) -> Graph:
        documents = tuple(GraphDocument(
            id=f"d{i:03d}", source=f"news/{i:03d}.txt", sha256="0" * 64, encoding="utf-8", text=text,
            metadata=Metadata(title=f"各地扎实推进工作（之{i + 1}）", publisher="云岭日报", date=self.day(f"d{i:03d}")))
            for i, text in enumerate(self.texts))
        nodes = tuple(self.nodes[key] for key in sorted(self.nodes))
        return Graph(documents=documents, nodes=nodes, edges=tuple(self.edges))


def sample_graph(size: int = 150, seed: int = 7) -> Graph:
    """A graph of about `size` nodes, the same for the same arguments."""
    chance, sketch = random.Random(seed), Sketch(max(4, size // 12))
    people: list[str] = []
    bodies: list[str] = []
    province = sketch.node("LOCATION", "云岭省")
    round_ = 0
    while len(sketch.nodes) < size:
        city = CITIES[round_ % len(CITIES)] if round_ < len(CITIES) else f"第{round_}{CITIES[round_ % len(CITIES)]}"
        _add_city(sketch, chance, city, province, people, bodies, min(size, len(sketch.nodes) + 45 + size // 12))
        round_ += 1
    for _ in range(size // 3):
        a, b = chance.sample(people + bodies, 2)
        sketch.edge("co_occurs_with", min(a, b), max(a, b), trigger="与", weight=chance.randint(1, 3))
    for number in range(size // 40):
        given = f"某{'甲乙丙丁戊己庚辛'[number % 8]}{number}"
        family = [sketch.node("PERSON", chance.choice(SURNAMES) + given) for _ in range(2)]
        if family[0] != family[1]:
            sketch.edge("family_of", *sorted(family), trigger="的配偶", kinship="夫妻")
    return sketch.graph()


def _add_city(sketch: Sketch, chance: random.Random, city: str, province: str, people: list[str], bodies: list[str],
              limit: int) -> None:
    place = sketch.node("LOCATION", city)
    sketch.edge("located_in", place, province, trigger="位于", derived=True)
    own: list[str] = []
    for body in BODIES[:chance.randint(2, 4)]:
        top = sketch.node("ORGANIZATION", city + body, "市" + body)
        sketch.edge("located_in", top, place, derived=True)
        own.append(top)
        for unit in chance.sample(UNITS, chance.randint(1, 4)):
            below = sketch.node("ORGANIZATION", city + body + unit, unit)
            sketch.edge("part_of", below, top, derived=True)
            if chance.random() < 0.3:
                sketch.edge("established", top, below)
            own.append(below)
    for district in chance.sample(DISTRICTS, 2):
        area = sketch.node("LOCATION", city + district, district)
        sketch.edge("located_in", area, place, derived=True)
        branch = sketch.node("ORGANIZATION", f"{city}公安局{district[:-1]}分局", f"{district[:-1]}分局")
        sketch.edge("part_of", branch, own[0], derived=True)
        sketch.edge("located_in", branch, area, derived=True)
        own.append(branch)
    bodies += own
    while len(sketch.nodes) < limit:
        _add_happening(sketch, chance, own, place, people)


def _add_happening(sketch: Sketch, chance: random.Random, own: list[str], place: str, people: list[str]) -> None:
    body = chance.choice(own)
    if chance.random() < 0.45:
        given = chance.choice(GIVEN) + chance.choice(["", "", "一", "之"])
        person = sketch.node("PERSON", chance.choice(SURNAMES) + given)
        title = chance.choice(TITLES)
        sketch.edge("holds_position", person, body, trigger="任" + title, title=title, weight=chance.randint(1, 3),
                    status=chance.choice(["", "", "现任", "原任"]))
        if chance.random() < 0.15:
            sketch.edge("holds_position", person, chance.choice(own), trigger="任指挥长", title="总指挥")
        people.append(person)
        return
    verb, thing = chance.choice(ACTS)
    act = f"ACTION:{verb}{thing}@{len(sketch.edges)}"
    sketch.nodes[act] = Node(id=act, type="ACTION", label=verb + thing, attributes={"trigger": verb, "object": thing})
    sketch.edge("performs", body, act)
    if people and chance.random() < 0.3:
        sketch.edge("performs", chance.choice(people[-8:]), act)
    if chance.random() < 0.6:
        day = f"2020-{chance.randint(1, 3):02d}-{chance.randint(1, 28):02d}"
        sketch.edge("on_date", act, sketch.node("DATE", day, f"{int(day[5:7])}月{int(day[8:])}日"), date=day)
    if chance.random() < 0.35:
        sketch.edge("at_location", act, place)
    if chance.random() < 0.15:
        paper = sketch.node("DOCUMENT", f"《关于做好第{len(sketch.edges)}号{thing}工作的通知》")
        sketch.edge("issued", body, paper)
        sketch.edge("targets", act, paper)


def hostile_graph(*texts: str) -> Graph:
    """For each text a person and a body that carry it in every place where a document's text can go."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    documents: list[GraphDocument] = []
    for i, text in enumerate(texts):
        sentence = f"{text}任{text}的职。"
        head, trigger, tail = (Quote(start=at, end=at + len(words), text=words, raw=text + "!", at=at)
                               for at, words in ((0, text), (len(text), "任"), (len(text) + 1, text)))
        documents.append(GraphDocument(
            id=f"{i}{text}", source=text, sha256="0", encoding="utf-8", text=sentence,
            metadata=Metadata(title=text, publisher=text, date=text)))
        mention = NodeMention(document=f"{i}{text}", quote=head, source=text)
        nodes += [Node(id=f"{i}:{type_}:{text}", type=type_, label=text, aliases=(text,), mentions=(mention,),
                       documents=(f"{i}{text}",), first_date=text, last_date=text, reasons=(text,),
                       attributes={"object": text, text: text})
                  for type_ in ("PERSON", "ORGANIZATION")]
        proof = Evidence(document=f"{i}{text}", sentence=Quote(start=0, end=len(sentence), text=sentence, raw=text),
                         head=head, trigger=trigger, tail=tail, rule=text, confidence=1)
        edges.append(Edge(id=f"{i}{text}", source=nodes[-2].id, target=nodes[-1].id, relation="holds_position",
                          label=text, weight=1, confidence=1, rule=text, title=text, status=text, measure=text,
                          kinship=text, date=text, reasons=(text,), documents=(f"{i}{text}",), evidence=(proof,)))
    return Graph(documents=tuple(documents), nodes=tuple(nodes), edges=tuple(edges))


# --------------------------------------------------------------------------------------- the browser

CHROMIUM = shutil.which("chromium")
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
#: WebGL in software, as on a machine without a graphics card, and no WebGL at all.
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_WEBGL = ["--disable-gpu", "--disable-3d-apis"]
Opener = Callable[..., Any]


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("there is no chromium on this machine")
    with playwright.sync_playwright() as started:
        yield started


def _launch(driver: Any, args: list[str]) -> Iterator[Any]:
    running = driver.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, *args])
    yield running
    running.close()


@pytest.fixture(scope="module")
def browser(driver: Any) -> Iterator[Any]:
    yield from _launch(driver, NO_WEBGL)


@pytest.fixture(scope="module")
def browser_with_webgl(driver: Any) -> Iterator[Any]:
    yield from _launch(driver, WEBGL)


def until(page: Any, condition: str, seconds: float = 20) -> None:
    """Wait until an expression is true; Playwright's own way needs `eval`, which the page forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never came: {condition}"
        page.wait_for_timeout(30)


def _opener(browser: Any, folder: Path) -> Iterator[Opener]:
    """Open the page of a graph; at the end there must have been no request beside the file, and no error."""
    faults: list[str] = []
    contexts = []

    def open_page(graph: Graph, *, width: int = 1280, height: int = 800, anchor: str = "", page: Any = None,
                  options: dict[str, Any] | None = None, **context: Any) -> Any:
        path = write_page(graph, folder / "graph.html", **{"title": "云岭省的报道", **(options or {})})
        if page is None:
            window = browser.new_context(**{"viewport": {"width": width, "height": height}, "locale": "zh-CN",
                                            "color_scheme": "light", "reduced_motion": "reduce", **context})
            contexts.append(window)
            page = window.new_page()
            page.on("console", lambda m: faults.append(m.text)
                    if m.type in ("error", "warning") and "GL Driver Message" not in m.text else None)
            page.on("pageerror", lambda e: faults.append(str(e)))
            page.on("request", lambda r: faults.append(r.url)
                    if not r.url.startswith(("data:,", "blob:")) and r.url.partition("#")[0] != path.as_uri() else None)
        page.goto(path.as_uri() + anchor)
        until(page, "document.getElementById('shown').textContent !== '' && details !== null")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    yield from _opener(browser, tmp_path)


@pytest.fixture
def show_with_webgl(browser_with_webgl: Any, tmp_path: Path) -> Iterator[Opener]:
    yield from _opener(browser_with_webgl, tmp_path)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return sample_graph(90)
