"""What is kept of one document: it doesn't hang on the documents beside it, and it is all that the graph needs."""

from dataclasses import replace

import pytest

from kg.facts import facts_of
from kg.models import Mention
from kg.pipeline import extract, load_tools
from kg.samples import sample_documents
from kg.settings import Settings

from .graph_fixtures import page


def test_facts_of_a_document_do_not_hang_on_its_neighbours():
    settings = Settings()
    tools, documents = load_tools(settings), sample_documents(settings)
    together = list(extract(documents, settings, tools))
    assert [facts.id for facts in together] == [document.id for document in documents]
    assert [next(extract([document], settings, tools)) for document in documents] == together


def test_a_name_knows_its_passage_and_its_place_in_it():
    facts = page("a", "前文。\n[陈建国|PERSON]任[云岭市公安局|ORGANIZATION]局长。").facts
    for name in facts.names:
        text = facts.passages[name.passage].quote.text
        assert text[name.quote.at:].startswith(name.quote.text) and not name.nested
    assert facts.names[0].quote.raw == "陳建国"


@pytest.mark.parametrize(("start", "end", "nested", "passage"), [(0, 3, True, 0), (4, 11, True, None)])
def test_a_name_within_a_name_or_across_sentences_stands_beside_no_other(start, end, nested, passage):
    made = page("a", "[云岭市公安局|ORGANIZATION]。\n[周海平|PERSON]。").resolved
    inner = Mention(start, end, "LOCATION", made.clean.text[start:end], "test")
    facts = facts_of(replace(made, links={**made.links, inner: "LOCATION:云岭市"}), ())
    [name] = [name for name in facts.names if name.entity == "LOCATION:云岭市"]
    assert (name.nested, name.passage) == (nested, passage)
