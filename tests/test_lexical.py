import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import save_array
from index.folding import fold
from index.lexical import K1, MAX_POSTINGS, B, LexicalIndex, Sentence, question_terms, terms, tokenize

TOKENS = [
    ("网民规模达9.89亿", ["网民", "民规", "规模", "模达", "9.89亿"]),
    ("網民規模", ["网民", "民规", "规模"]),
    ("７０．４％", ["70.4%"]),
    ("User-friendly COVID-19", ["user-friend", "covid-19"]),
    ("亿", ["亿"]),
    ("，。 !", []),
]


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


TERMS = [
    ("网民规模达9.89亿", ["网", "民", "规", "模", "达", "网民", "民规", "规模", "模达", "9.89亿"]),
    ("亿。a", ["亿", "a"]),
]


@pytest.mark.parametrize(("text", "expected"), TERMS)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


ASKED = [
    ("网民是多少？", ["网", "民", "网民"]),
    ("網民有多少", ["网", "民", "网民"]),
    ("How many rural users?", ["rural", "user"]),
    ("whatever island", ["whatev", "island"]),
    ("是多少？", ["是", "多", "少", "是多", "多少"]),
]


@pytest.mark.parametrize(("question", "expected"), ASKED)
def test_words_that_only_ask_are_left_out(question: str, expected: list[str]) -> None:
    assert question_terms(question) == expected


def test_only_common_terms_are_left_out_when_there_is_too_much_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = ["甲乙", "甲丙", "甲丁", "甲"]
    index = LexicalIndex.build(corpus)
    assert index.scores("甲乙")[3] > 0
    monkeypatch.setattr("index.lexical.MAX_POSTINGS", 2)
    assert index.scores("甲乙").nonzero()[0].tolist() == [0]
    assert index.scores("甲").all()
    assert MAX_POSTINGS > 10**6


@given(st.text())
def test_folding_keeps_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def bm25_oracle(corpus: list[str], question: str, k1: float = K1, b: float = B) -> list[float]:
    documents = [Counter(terms(t)) for t in corpus]
    mean = sum(sum(d.values()) for d in documents) / len(documents)
    scores = [0.0] * len(corpus)
    for token in question_terms(question):
        holding = sum(token in d for d in documents)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for i, d in enumerate(documents):
            scores[i] += idf * d[token] / (d[token] + k1 * (1 - b + b * sum(d.values()) / mean)) if d[token] else 0
    return scores


CORPUS = ["农村网民规模为3.09亿，较上年增长", "城镇网民规模", "短视频用户规模与网民规模之比", "rural internet users"]
ENGLISH = ["Rural users of the internet grew fast", "Urban users", "Prices of coal"]


@pytest.mark.parametrize(
    ("corpus", "question"),
    [
        (CORPUS, "农村网民规模是多少"),
        (CORPUS, "网民"),
        (CORPUS, "没有的词"),
        (ENGLISH, "rural user"),
        (ENGLISH, "coal?"),
    ],
)
def test_scores_equal_the_formula(corpus: list[str], question: str, tmp_path: Path) -> None:
    index = LexicalIndex.build(corpus)
    np.testing.assert_allclose(index.scores(question), bm25_oracle(corpus, question), rtol=1e-4)
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical", len(corpus))
    np.testing.assert_array_equal(loaded.scores(question), index.scores(question))


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("What is the unemployment rate in rural areas?", 1),
        ("How long are the railways?", 2),
        ("农村的失业率是多少？", 3),
        ("煤炭的价格", 4),
    ],
)
def test_words_count_in_the_other_language_too(question: str, best: int) -> None:
    chinese = ["城镇居民人均可支配收入增长较快", "农村失业率与上年持平", "铁路营业里程继续增加"]
    english = ["The unemployment rate of rural areas was flat", "Prices of coal rose during the winter months"]
    index = LexicalIndex.build([*chinese, *english])
    scores = index.scores(question)
    assert scores[best] > 0
    in_other_language = range(3) if best < len(chinese) else range(3, 5)
    assert best == max(in_other_language, key=lambda row: scores[row])
    assert index.full_score(question) >= scores[best] * 0.5


def test_a_report_in_one_language_needs_no_glossary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.lexical.translated", lambda _: pytest.fail("looked up"))
    assert LexicalIndex.build(CORPUS[:3]).scores("农村网民规模").any()
    assert LexicalIndex.build(ENGLISH).scores("rural users").any()


def test_full_score_is_what_all_terms_could_score() -> None:
    index = LexicalIndex.build(CORPUS)
    assert index.full_score("农村网民") >= index.scores("农村网民").max()
    rarity = [math.log(1 + (4 - holding + 0.5) / (holding + 0.5)) for holding in (0, 3)]  # not known; in three of four
    assert index.full_score("鲸 网") == pytest.approx(sum(rarity))


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    LexicalIndex.build(CORPUS).save(tmp_path / "lexical")
    save_array(tmp_path / "lexical" / "rows.i32", np.zeros(3))
    with pytest.raises(ValueError, match="do not fit"):
        LexicalIndex.load(tmp_path / "lexical", len(CORPUS))


def test_corpus_without_tokens(tmp_path: Path) -> None:
    index = LexicalIndex.build(["。", "！"])
    index.save(tmp_path / "lexical")
    assert LexicalIndex.load(tmp_path / "lexical", 2).scores("网民").tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    "text",
    [
        "2020年12月，网民消费达9.89亿元，R&D经费3.5%；農村",
        "Rural incomes grew by 3.5% in the U.S., 中国 grew",
        "",
        "Ａ１２，。",
    ],
)
def test_a_sentence_holds_just_its_terms(text: str) -> None:
    own, sentence = set(terms(text)), Sentence.of(text)
    others = set(terms("农村网民规模达到中国国达9.89亿 incomes growing A 12 3.5")) | {"达9", "grew by", "89亿", "亿元"}
    chinese = {term for term in own | others if re.match("[㐀-鿿]", term)}
    assert sentence.held(chinese, (own | others) - chinese) == own
