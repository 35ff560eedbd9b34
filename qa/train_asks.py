# ruff: noqa: E501 - lists of phrases read better in long lines
"""Trains ``qa.asks``: ``python -m qa.train_asks --data FOLDER``.

Positive: CMRC 2018 train questions whose answer is a number, and questions made from news statistics. Negative: the
other CMRC questions, bare titles, and questions for causes, people, places and meanings around the same quantities.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import opencc
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from qa import reader_words as words
from qa.asks import BUCKETS, WEIGHTS, features
from qa.reader_data import HELD_OUT, News, load_news, load_squad
from qa.report_cases import TRAINING_REPORTS, load_reports

QUESTIONS = Path(__file__).parent / "training_questions.jsonl"
WRITTEN_WEIGHT = 5
"""How often each question written by hand counts: they are few beside those made by machine."""

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


def examples(data: Path, rng: random.Random) -> list[tuple[str, bool, bool]]:
    """Return (question, asks for a figure, kept out of training)."""
    out: list[tuple[str, bool, bool]] = []
    reading = load_squad(data / "cmrc2018_train.json.xz")
    for asked in reading.asked:
        held = asked.paragraph % 10 == 0
        plain = PLAINLY.search(asked.question) is not None
        out.append((asked.question, asked.numeric or plain, held))
        if asked.numeric and rng.random() < 0.5:
            out.append((asked.question.rstrip("？?"), True, held))
    out += [(re.sub(r"\s*\(.*", "", title), False, article % 10 == 0) for title, _, article in reading.paragraphs]
    texts = load_news(data / "news_train.txt.xz")
    for held, part in ((False, texts[: len(texts) // 3]), (True, texts[-1500:])):
        news = News(part)
        stream = news.cases(rng)
        for _ in range(2500 if held else 14000):
            out.append((next(stream).question, True, held))
        for _ in range(1200 if held else 7000):
            head = rng.choice(news.all_heads)
            out.append((rng.choice(OTHERS).format(head) + rng.choice(("？", "", "?")), False, held))
    for i in range(5000):
        question = words.bilingual(rng)[0]
        name = rng.choice(words.QUANTITIES)[1]
        out.append((question, True, i % 10 == 0))
        out.append((rng.choice(ENGLISH_OTHERS).format(name), False, i % 10 == 0))
        if i % 3 == 0:
            out.append((rng.choice(ENGLISH_DATES).format(name), True, i % 30 == 0))
    out += [(t, False, False) for t in SMALL_TALK for _ in range(20)]
    out += [row for row in written_questions() for _ in range(WRITTEN_WEIGHT)]
    to_traditional = opencc.OpenCC("s2t").convert
    return out + [(to_traditional(q), y, held) for q, y, held in out if rng.random() < 0.5]


def written_questions() -> Iterator[tuple[str, bool, bool]]:
    """Yield the questions that were written by hand, with whether they ask for a figure and whether they are kept out.

    Those on reports that the reader's training leaves out are left out here too.
    """
    for number, line in enumerate(QUESTIONS.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        yield row["q"], row["kind"] != "text", number % HELD_OUT == 0
    for number, report in enumerate(load_reports(TRAINING_REPORTS)):
        for row in report.rows:
            # What a report does not cover may be asked for in words or for a figure: nothing tells.
            if row.verdict != "not_found":
                yield row.question, row.verdict == "stated", number % HELD_OUT == 0


def matrix(questions: list[str]) -> csr_matrix:
    """Return one row for each question; a row's entries are 1 over the root of their number."""
    found = [features(q) for q in questions]
    columns = np.concatenate(found)
    rows = np.repeat(np.arange(len(found)), [len(f) for f in found])
    values = np.concatenate([np.full(len(f), max(1, len(f)) ** -0.5) for f in found])
    return csr_matrix((values, (rows, columns)), shape=(len(found), BUCKETS))


def main() -> None:
    """Train, print what it does on the questions kept out, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    rows = examples(args.data, random.Random(0))
    train, held = [r for r in rows if not r[2]], [r for r in rows if r[2]]
    model = LogisticRegression(C=20.0, max_iter=300)
    model.fit(matrix([r[0] for r in train]), [r[1] for r in train])
    weights = model.coef_[0].astype(np.float32)
    scale = float(np.abs(weights).max() / 127)
    np.savez_compressed(
        WEIGHTS,
        weights=np.rint(weights / scale).astype(np.int8),
        scale=np.float32(scale),
        bias=np.float32(model.intercept_[0]),
    )
    from qa.asks import asks_figure

    for want in (True, False):
        mine = [r for r in held if r[1] == want]
        right = [r for r in mine if (asks_figure(r[0]) >= 0.5) == want]
        print(f"asks a figure {want}: {len(right) / len(mine):.4f} of {len(mine)} kept out")
        wrong = [r[0] for r in mine if r not in right]
        print("   wrong:", wrong[:25])


if __name__ == "__main__":
    main()
