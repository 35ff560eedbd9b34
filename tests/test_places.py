"""What every place of an index must do, against an exact oracle: the same tests for a folder and a Milvus server."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from index import build_index
from index.build import chunk_document
from index.documents import read_sources
from index.encoder import PROBE
from index.glossary import translated
from index.lexical import K1, B, Sentence, asked_words, question_terms, terms, tokenize
from index.parts import parts, searchable, sentence_spans
from index.place import Place, place_at
from index.store import Store
from qa.assistant import Assistant
from qa.document_gaps import find_document_gaps
from qa.overlap import OverlapReader
from qa.retriever import COMPARED, COVERED, WEIGHTS, Retriever, read_sentences, similarity
from tests.conftest import REPORT, SEED, FakeEncoder

QUESTIONS = [
    "水电发电量是多少？",
    "农村网民规模",
    "第37号站的装机容量",
    "xyz",
    "开展试点的企业",
    "the 12 stations",
    "How much electricity do the hydropower stations of the whole country generate?",
    "的",
]

PLACES = ["folder", "milvus"]


class Kept(NamedTuple):
    place: Place
    store: Store
    source: Path


def name_of(kind: str, name: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """A place for an index; for Milvus, the test's server is started."""
    if kind == "folder":
        return str(folder / name)
    request.getfixturevalue("milvus_workshop")
    return request.getfixturevalue("milvus_server").url(name)


@pytest.fixture(scope="module", params=PLACES)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    source = folder / "源 文件"
    source.mkdir()
    (source / "seed.txt").write_bytes(SEED.read_bytes())
    (source / "energy.txt").write_text(REPORT, encoding="utf-8")
    lines = [
        f"第{n}号站的装机容量为{n * 7}万千瓦，全年发电{n % 11}亿千瓦时。该站位于第{n % 13}区。" for n in range(600)
    ]
    (source / "很 长'\".md").write_text("\n\n".join(["水电站名录", *lines]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        # Small enough that texts and lists of scores are kept in many pieces.
        for name, size in {"PIECE": 1_000, "FIRST": 20, "BLOCK": 50, "BLOCKS": 100}.items():
            patch.setattr(f"index.milvus.layout.{name}", size)
        for module in ("reading", "writing"):
            patch.setattr(f"index.milvus.{module}.ROWS", 64)
        place = place_at(name_of(request.param, "kept", folder, request))
        build_index(source, place.name, encoder=FakeEncoder())
        yield Kept(place, place.open(), source)


def test_card_documents_and_passages(kept: Kept) -> None:
    store = kept.store
    documents, _ = read_sources(kept.source)
    chunks = [chunk for document in documents for chunk in chunk_document(document)]
    assert list(store.chunks) == chunks
    assert len(store.chunks) == len(chunks) == store.info.passages
    assert [store.chunks[-1], *store.chunks[5:7]] == [chunks[-1], chunks[5], chunks[6]]
    with pytest.raises(IndexError):
        store.chunks[len(chunks)]
    assert list(store.documents) == [d.name for d in documents] == [d.name for d in store.info.documents]
    for document in documents:
        held = store.documents[document.name]
        assert (held.text, held.sha256, held.size) == (document.text, document.sha256, document.size)
        prose = [(c.start, c.end) for c in chunks if c.document == document.name]
        own = find_document_gaps(document.text, {}, prose)
        assert {key: [tuple(gap) for gap in gaps] for key, gaps in held.gaps.items()} == {
            key: list(gaps) for key, gaps in own.items()
        }
        assert document.text.lstrip().startswith(store.openings[document.name])
        own = [row for row, chunk in enumerate(chunks) if chunk.document == document.name]
        assert store.rows_of({document.name}).tolist() == own
    assert "none.txt" not in store.documents
    with pytest.raises(KeyError):
        store.documents["none.txt"]
    assert list(store.dates) == [row for row, chunk in enumerate(chunks) if chunk.kind == "date"]
    assert kept.place.info() == store.info
    assert kept.place.generation() == store.info.generation
    assert store.info.path == kept.place.name
    np.testing.assert_array_equal(store.probe, FakeEncoder().encode_document([PROBE])[0])


def vectors_of(store: Store) -> list[np.ndarray]:
    return [FakeEncoder().encode_document(parts(chunk)) for chunk in store.chunks]


def test_vectors_are_compared_exactly(kept: Kept) -> None:
    store, own = kept.store, vectors_of(kept.store)
    np.testing.assert_array_equal(store.vectors.of_passages(3, 9), np.concatenate(own[3:9]))
    everyone = np.arange(len(own), dtype=np.int32)
    for question in QUESTIONS:
        query = FakeEncoder().encode_query([question])[0]
        products = [vectors @ query for vectors in own]
        whole, part = store.vectors.similarities(query, everyone[::3])
        np.testing.assert_allclose(whole, [p[-1] for p in products[::3]], atol=1e-6)
        np.testing.assert_allclose(part, [max(p[:-1], default=p[-1]) for p in products[::3]], atol=1e-6)
        for k in (1, 10, 300):
            least = np.sort(np.concatenate(products))[-k]
            found = store.vectors.nearest(query, k).tolist()
            assert found == sorted(set(found))
            assert set(found) >= {row for row, p in enumerate(products) if p.max() > least + 1e-6}
            assert set(found) <= {row for row, p in enumerate(products) if p.max() > least - 1e-6}
    assert len(store.vectors.nearest(query, 10**6)) == len(own)
    assert not len(store.vectors.nearest(query, 0))
    assert not len(store.vectors.nearest(np.full(64, np.nan, dtype=np.float32), 5))
    assert [len(s) for s in store.vectors.similarities(query, everyone[:0])] == [0, 0]


def wording_oracle(texts: Sequence[str], question: str) -> tuple[np.ndarray, float]:
    """BM25 as the textbooks have it, and what all terms of the question would score.

    A word in English is also looked for as what it is called in Chinese; the texts are Chinese.
    """
    counts = [Counter(terms(text)) for text in texts]
    mean = sum(c.total() for c in counts) / len(counts)

    def weight(term: str) -> float:
        holding = sum(term in c for c in counts)
        return math.log1p((len(texts) - holding + 0.5) / (holding + 0.5))

    def score(term: str) -> np.ndarray:
        own = weight(term)
        return np.array([own * c[term] / (c[term] + K1 * (1 - B + B * c.total() / mean)) for c in counts])

    asked = Counter(question_terms(question))
    scores, full = np.zeros(len(texts)), 0.0
    for word in translated(asked_words(question)) if not re.search("[㐀-鿿]", question) else ():
        called = [grams for said in word.renderings if len(grams := tokenize(said)) > 1 or len(said) > 1]
        called = called or [list(said) for said in word.renderings]
        known = [grams for grams in called if any(all(g in c for g in grams) for c in counts)]
        best = [sum(map(weight, grams)) for grams in called if all(any(g in c for c in counts) for g in grams)]
        if best:
            full += max(best)
            for own in terms(word.term):
                if not any(own in c for c in counts):
                    del asked[own]
        held = [
            np.where([all(g in c for g in grams) for c in counts], sum(score(g) for g in grams), 0) for grams in known
        ]
        scores += np.max(held, axis=0) if held else 0
    for term, times in asked.items():
        full += times * weight(term)
        scores += times * score(term)
    return scores, full


@pytest.mark.parametrize("question", QUESTIONS)
def test_wording_is_scored_exactly(kept: Kept, question: str) -> None:
    scores, full = wording_oracle([searchable(chunk) for chunk in kept.store.chunks], question)
    match = kept.store.lexical.match(question)
    assert match.full == pytest.approx(full, rel=1e-5)
    everyone = np.arange(len(scores), dtype=np.int32)
    np.testing.assert_allclose(match.of(everyone[::-2]), scores[::-2], atol=1e-4)
    for k in (1, 20, 10_000):
        best = match.best(k).tolist()
        assert best == sorted(set(best))
        assert len(best) == min(k, np.count_nonzero(scores))
        least = min(scores[best], default=0.0)
        assert all(scores[row] <= least + 1e-4 for row in set(everyone.tolist()) - set(best))
    assert not len(match.best(0))


@pytest.mark.parametrize("question", QUESTIONS)
def test_sentences_hold_a_share_of_what_a_question_looks_for(kept: Kept, question: str) -> None:
    match = kept.store.lexical.match(question)
    everything = Sentence.of("".join(searchable(chunk) for chunk in kept.store.chunks))
    (held,) = match.of_sentences([[everything]])
    assert 0 <= held <= match.full + 1e-6
    passages = [read_sentences(chunk) for chunk in kept.store.chunks]
    for own, best in zip(passages, match.of_sentences(passages), strict=True):
        assert max(match.of_sentences([[sentence] for sentence in own])) <= best + 1e-9 <= held + 1e-6
    assert match.of_sentences([[Sentence.of("")], []]) == [0, 0]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_passages_are_those_of_the_oracle(kept: Kept, question: str) -> None:
    query = FakeEncoder().encode_query([question])[0]
    products = [vectors @ query for vectors in vectors_of(kept.store)]
    whole = np.array([p[-1] for p in products])
    dense = similarity(whole, np.array([max(p[:-1], default=p[-1]) for p in products]), WEIGHTS.part)
    scores, full = wording_oracle([searchable(chunk) for chunk in kept.store.chunks], question)
    best = max(scores.max(), COVERED * full, 1e-9)
    found = Retriever(kept.store, FakeEncoder()).search(question, 10)
    rows = [row for row, _ in found]
    fused = WEIGHTS.dense * (dense - dense.max()) + scores / best
    match = kept.store.lexical.match(question)
    for row in np.argsort(-fused, kind="stable")[:COMPARED]:
        fused[row] += WEIGHTS.held * match.of_sentences([read_sentences(kept.store.chunks[int(row)])])[0] / full
    np.testing.assert_allclose([score for _, score in found], fused[rows], atol=1e-3)
    np.testing.assert_allclose(fused[rows], np.sort(fused)[::-1][:10], atol=1e-3)


def test_sentences_are_as_near_to_the_question_as_their_vectors(kept: Kept) -> None:
    question, store = QUESTIONS[0], kept.store
    query = FakeEncoder().encode_query([question])[0]
    rows = list(range(len(store.chunks)))[::-1]
    found = Retriever(store, FakeEncoder()).near(question, rows)
    held = list(vectors_of(store))
    for row, near in zip(rows, found, strict=True):
        chunk, own = store.chunks[row], held[row] @ query
        spans = [(chunk.start + start, chunk.start + end) for start, end in sentence_spans(chunk)]
        assert [(n.start, n.end) for n in near] == spans
        np.testing.assert_allclose([n.similarity for n in near], own[: len(spans)], atol=1e-5)
    assert any(len(near) > 1 for near in found)
    assert Retriever(store, FakeEncoder()).near(question, []) == []


def test_the_assistant_answers_as_from_a_folder(kept: Kept, tmp_path: Path) -> None:
    build_index(kept.source, tmp_path / "folder", encoder=FakeEncoder())
    one, other = (
        Assistant.open(name, encoder=FakeEncoder(), reader=OverlapReader())
        for name in (kept.place.name, tmp_path / "folder")
    )
    for question in [*QUESTIONS, "报告什么时候发布？", "第37号站的装机容量是多少？", "互联网普及率是多少？"]:
        for document in (None, "energy.txt"):
            mine, theirs = (a.ask(question, document=document).to_dict() for a in (one, other))
            for answer in (mine, theirs):  # chances to the last digit
                del answer["debug"], answer["confidence"]
            assert mine == theirs
    assert [p.to_dict() for p in one.passages()] == [p.to_dict() for p in other.passages()]
    assert one.gaps() == other.gaps()


@pytest.mark.parametrize("kind", PLACES)
def test_a_rebuild_switches_at_the_end_and_encodes_what_changed(
    kind: str, source: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from tests.test_store import CountingEncoder

    name = name_of(kind, "rebuilt", tmp_path, request)
    first = build_index(source, name, encoder=FakeEncoder())
    old = Assistant.open(name, encoder=FakeEncoder(), reader=OverlapReader())
    assert old.refreshed() is old
    (source / "new.txt").write_text("新的报告。\n海水淡化能力为每日5万吨。", encoding="utf-8")
    counting = CountingEncoder()
    second = build_index(source, name, encoder=counting)
    assert counting.seen
    assert all("海水" in text or "新的" in text for text in counting.seen)
    assert first.generation != second.generation == place_at(name).generation()
    assert old.ask("水电发电量是多少？").verdict == "stated"  # opened before, asked after
    assert old.refreshed().ask("海水淡化能力是多少？").verdict == "stated"
