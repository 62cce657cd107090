"""Documents that print the same story: which are found, and that the story weighs once."""

import itertools
from datetime import UTC, datetime

from kg.assemble.stories import find_stories
from kg.export.manifest import Run, manifest, report, summarise
from kg.settings import Settings

from .graph_fixtures import graph_of, page

SENTENCES = [
    "[云岭市公安局|ORGANIZATION]局长陈建国昨日到[东山区|LOCATION]检查夏季水上安全工作。",
    "检查组先后来到石门水库和西河码头，查看救生设备、警示标志和值守记录，并听取了乡镇的汇报。",
    "他要求有关部门压实责任，加密巡查，及时劝阻私自下水游泳的人员，确保不发生溺水事故。",
    "记者了解到，今年以来全市共排查危险水域一百二十处，新设警示牌三百余块，组建义务巡逻队四十支。",
]
STORY = "\n".join(SENTENCES)
OTHER = "\n".join([
    "[云岭市公安局|ORGANIZATION]通报一起合同诈骗案件的侦办情况，六名犯罪嫌疑人已被采取刑事强制措施。",
    "办案民警介绍，嫌疑人以低价供货为名骗取多家企业的货款，涉案金额达到八百余万元，受害企业分布在五个省份。"])


def stories(*pages):
    return find_stories([each.facts for each in pages])


def test_reprints_are_copies_of_the_earliest():
    found = stories(page("b", STORY, date="2022-09-04"), page("a", "本报讯\n" + STORY, date="2022-09-05"),
                    page("c", STORY.replace("昨日", "3日").replace("他要求", "陈建国要求")), page("d", OTHER))
    assert found.originals == {"a": "b", "c": "b"}


def test_copies_of_copies_belong_together():
    tail = "".join(f"补充第{number}条：各乡镇值班电话已经公布，群众可以随时举报隐患。" for number in "一二三")
    assert stories(page("a", STORY), page("b", STORY + tail), page("c", STORY[40:] + tail)).originals == {
        "b": "a", "c": "a"}


def test_short_notices_are_no_copies():
    text = "[云岭市公安局|ORGANIZATION]昨日发布通报，提醒群众防范诈骗。"
    assert not stories(page("a", text), page("b", text)).originals


def test_order_of_documents_leaves_no_trace():
    pages = [page("a", STORY), page("b", OTHER), page("c", STORY + OTHER), page("d", STORY[:150]), page("e", OTHER)]
    assert len({str(stories(*order)) for order in itertools.permutations(pages)}) == 1


def test_a_story_weighs_once_and_what_a_copy_adds_counts():
    changed = STORY.replace("昨日到", "于昨日到")
    more = "[云岭市公安局|ORGANIZATION]还在[东山区|LOCATION]慰问了值守人员。"

    def edges(*texts):
        return graph_of(*(page(f"d{k}", text) for k, text in enumerate(texts))).edges

    one, = edges(STORY)
    two, = edges(STORY, changed)
    three, = edges(STORY, changed + "\n" + more)
    assert (one.weight, two.weight, three.weight) == (1, 1, 2)
    assert one.confidence == two.confidence
    assert two.documents == ("d0", "d1")


def test_graph_and_report_tell_copies():
    graph = graph_of(page("甲", STORY), page("乙", STORY, date="2022-01-01"), page("丙", OTHER))
    assert {document.id: document.copy_of for document in graph.documents} == {"甲": "乙", "乙": "", "丙": ""}
    now = datetime.now(UTC)
    values = manifest(summarise(graph), [], Run(settings=Settings(), model="m", started=now, finished=now))
    assert values["counts"]["copies"] == 1
    assert "## Copies, whose sentences count once (1)\n\n- 甲: 乙" in report(summarise(graph), values)
