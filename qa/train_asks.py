# ruff: noqa: E501 - lists of phrases read better in long lines
"""Trains ``qa.asks``: ``python -m qa.train_asks --data FOLDER``.

Positive: written questions and those of CMRC 2018 train whose answer is a number, and questions made from news
statistics. Negative: the others, bare titles, and questions for causes, people, places and meanings around the same
quantities. Takes ten minutes, most of them for the questions' vectors.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import opencc
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from index.bundled import question_layers_digest
from qa import reader_words as words
from qa.asks import BUCKETS, WEIGHTS, asks_figure, features, meaning, weights_of
from qa.reader_data import HELD_OUT, News, load_news, load_squad
from qa.report_cases import TRAINING_REPORTS, load_reports

QUESTIONS = Path(__file__).parent / "training_questions.jsonl"
BY_HAND, ON_REPORTS, OTHERWISE = 3.0, 1.0, 0.5
"""What a question counts: the hard ones of ``QUESTIONS``, those on the training reports, and all others. Not tuned."""

PLAINLY = re.compile(
    "多少|第几|哪一?年|何年|几[个人名家次年月天岁号点种届成位倍]|多[大高长远重久深宽快]|什么时[候间]|何时|百分之几"
)
OTHERS = (
    "{}为什么会增长", "{}的原因是什么", "{}增长的主要原因有哪些", "谁公布了{}", "{}由哪个部门统计", "如何计算{}", "{}有什么影响", "{}意味着什么", "怎么看待{}", "{}是什么意思",
    "{}主要集中在哪些地区", "哪些因素影响{}", "{}有哪些特点", "{}的统计口径是怎样的", "提高{}的措施有哪些", "{}和什么有关", "{}的作用", "{}的意义", "关于{}的介绍", "谁负责{}", "{}属于哪个行业",
    "{}的情况怎么样", "如何提高{}", "{}在哪里发布", "哪家机构发布了{}", "介绍一下{}", "{}的背景是什么", "{}包括哪些内容", "{}怎样变化的原因", "{}的主要来源是什么", "哪个地区的{}最高", "谁的{}最高",
)  # fmt: skip
ENGLISH_OTHERS = (
    "Why did the {} change?", "Who reported the {}?", "What caused the rise in the {}?", "What does {} mean?", "Where was the {} published?", "How is the {} calculated?",
    "Which agency reported the {}?", "What factors affect the {}?", "Tell me about the {}", "What measures improve the {}?", "How can the {} be raised?", "Who is responsible for the {}?",
    "What is the purpose of the {}?", "Describe the {}", "What are the main sources of the {}?", "In which regions is the {} concentrated?", "What role does the {} play?",
    "How does the {} work?", "Which company has the highest {}?", "What are the characteristics of the {}?", "What is the impact of the {}?", "Which cities were mentioned?",
    "Who is the author?", "What is this report about?", "Summarise the report", "What problems were found with the {}?", "What did officials say about the {}?", "How did the {} come about?",
    "Where is the company headquartered?", "Who founded the company?", "What kind of {} is described?", "Which organisation released the {}?", "What happened after the {} fell?",
)  # fmt: skip
ENGLISH_DATES = (
    "When did the {} peak?", "In which year was the {} highest?", "What year did the {} exceed the target?", "When was the {} released?", "On what date was the {} announced?",
    "Since when has the {} been measured?", "How many times did the {} fall?", "How long did the rise in the {} last?", "How old is the company?", "How far is it?", "How many years in a row did the {} rise?",
    "What percentage does the {} represent?", "What fraction of the total is the {}?", "Is the {} 0 percent?", "Was the {} more than 0?", "How much money was spent on the {}?", "What number of people are affected?",
    "At what time was the {} published?", "How often is the {} published?", "Is the {} above 0 billion?", "How many companies are included in the {}?", "What is the total {}?", "What rank does the {} hold?",
)  # fmt: skip
SMALL_TALK = (
    "你好", "谢谢", "你是谁", "讲个笑话", "再见", "你能做什么", "翻译这段话", "写一篇作文", "推荐一部电影", "总结一下这份报告", "这份报告讲了什么", "hello", "thank you", "who are you", "tell me a joke",
    "报告的主要内容是什么", "这篇文章的作者是谁", "帮我写封邮件", "有什么好消息", "what can you do",
)  # fmt: skip


class Example(NamedTuple):
    """A question, whether it asks for a figure, whether it is kept out of training, and what it counts."""

    question: str
    asks: bool
    held: bool
    weight: float = OTHERWISE


def examples(data: Path, rng: random.Random) -> list[Example]:
    """Return what there is to train on and to measure on; a third of it in traditional Chinese as well."""
    out: list[Example] = []
    reading = load_squad(data / "cmrc2018_train.json.xz")
    for asked in reading.asked:
        plain = PLAINLY.search(asked.question) is not None
        out.append(Example(asked.question, asked.numeric or plain, asked.paragraph % 10 == 0))
    titles = [
        Example(re.sub(r"\s*\(.*", "", title), False, article % 10 == 0) for title, _, article in reading.paragraphs
    ]
    out += rng.sample(titles, len(titles) // 2)
    texts = load_news(data / "news_train.txt.xz")
    for held, part in ((False, texts[: len(texts) // 3]), (True, texts[-1500:])):
        news = News(part)
        stream = news.cases(rng)
        out += [Example(next(stream).question, True, held) for _ in range(400 if held else 3000)]
        for _ in range(300 if held else 2000):
            head = rng.choice(news.all_heads)
            out.append(Example(rng.choice(OTHERS).format(head) + rng.choice(("？", "", "?")), False, held))
    for i in range(1500):
        question = words.bilingual(rng)[0]
        name = rng.choice(words.QUANTITIES)[1]
        out.append(Example(question, True, i % 10 == 0))
        out.append(Example(rng.choice(ENGLISH_OTHERS).format(name), False, i % 10 == 0))
        if i % 3 == 0:
            out.append(Example(rng.choice(ENGLISH_DATES).format(name), True, i % 30 == 0))
    out += [Example(text, False, False) for text in SMALL_TALK]
    out += written_questions()
    to_traditional = opencc.OpenCC("s2t").convert
    return out + [e._replace(question=to_traditional(e.question)) for e in out if rng.random() < 1 / 3]


def written_questions() -> Iterator[Example]:
    """Yield the questions that were written by hand.

    Those on reports that the reader's training leaves out are left out here too.
    """
    for number, line in enumerate(QUESTIONS.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        yield Example(row["q"], row["kind"] != "text", number % HELD_OUT == 0, BY_HAND)
    for number, report in enumerate(load_reports(TRAINING_REPORTS)):
        for row in report.rows:
            # What a report does not cover may be asked for in words or for a figure: nothing tells.
            if row.verdict != "not_found":
                example = Example(row.question, row.verdict == "stated", number % HELD_OUT == 0, ON_REPORTS)
                yield example
                yield from asked_with_what(example)


#: Phrases that ask for a figure of which one is asked with "what" as well: there are many more of those.
ONE_IN = 6
_NO_PHRASE = re.compile(
    r"(?:what|how|when|who|where|which|why|is|are|was|were|do|does|did|has|have|had|will|can|in|on|at|by|for"
    r"|from|to|tell|give|name|list|explain|describe)\b",
    re.IGNORECASE,
)


def asked_with_what(example: Example) -> Iterator[Example]:
    """Yield "What was the average pet debt?" of "Average pet debt": those who wrote the questions avoided the form."""
    phrase = example.question
    if _NO_PHRASE.match(phrase) or re.search("[?㐀-鿿]", phrase):
        return
    if phrase[1:2].islower():
        phrase = phrase[0].lower() + phrase[1:]
    verbs = ("were", "are") if phrase.split(" of ")[0].endswith("s") else ("was", "is")
    if example.asks:
        number = zlib.crc32(phrase.encode()) % (4 * ONE_IN)
        if number < 4:
            yield example._replace(question=f"What {verbs[number % 2]} {'the ' * (number // 2)}{phrase}?")
    else:
        for verb in verbs:
            yield example._replace(question=f"What {verb} the {phrase}?")


def matrix(questions: list[str]) -> csr_matrix:
    """Return one row for each question: n-grams, 1 over the root of their number each, then the vector."""
    found = [features(q) for q in questions]
    columns = np.concatenate(found)
    rows = np.repeat(np.arange(len(found)), [len(f) for f in found])
    values = np.concatenate([np.full(len(f), max(1, len(f)) ** -0.5) for f in found])
    grams = csr_matrix((values, (rows, columns)), shape=(len(found), BUCKETS))
    return hstack([grams, csr_matrix(meaning(questions))]).tocsr()


def fit(path: Path, texts: list[str], labels: list[bool], weights: list[float], strength: float = 20.0) -> None:
    """Fit a logistic regression for ``qa.asks.log_odds`` and write it."""
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit(matrix(texts), labels, weights)
    found = model.coef_[0].astype(np.float32)
    of_grams, of_meaning = found[:BUCKETS], found[BUCKETS:]
    scale = float(np.abs(of_grams).max() / 127)
    np.savez_compressed(
        path,
        weights=np.rint(of_grams / scale).astype(np.int8),
        scale=np.float32(scale),
        meaning=of_meaning,
        bias=np.float32(model.intercept_[0]),
        layers=question_layers_digest(),
    )
    weights_of.cache_clear()


def main() -> None:
    """Train, print what it does on the questions kept out, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    rows = examples(args.data, random.Random(0))
    train, held = [r for r in rows if not r.held], [r for r in rows if r.held]
    fit(WEIGHTS, [r.question for r in train], [r.asks for r in train], [r.weight for r in train])
    given = [asks_figure(r.question) >= 0.5 for r in held]
    for weight in (BY_HAND, ON_REPORTS, OTHERWISE):
        for want in (True, False):
            right = [g == want for g, r in zip(given, held, strict=True) if (r.weight, r.asks) == (weight, want)]
            print(f"weight {weight}, asks for a figure {want}: {sum(right) / len(right):.4f} of {len(right)} kept out")


if __name__ == "__main__":
    main()
