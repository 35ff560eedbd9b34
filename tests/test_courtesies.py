"""What people say around a question is left out, and nothing of the question."""

from __future__ import annotations

import pytest

from qa.courtesies import without_courtesies


@pytest.mark.parametrize(
    "said",
    [
        *(
            "请问{}",
            "你好，{}",
            "您好，请问{}",
            "麻烦告诉我{}",
            "帮我查一下{}",
            "请帮我查一下{}",
            "能不能告诉我{}",
            "我想知道{}",
        ),
        *(
            "想问一下{}",
            "请根据这份报告回答：{}",
            "根据报告，{}",
            "报告里说{}",
            "麻煩幫我查一下{}",
            "{}谢谢",
            "{}，谢谢！",
            "你能帮我看看{}",
        ),
        *(
            "我在写一篇文章，{}",
            "我是记者，需要核实一个数据：{}",
            "我的问题是：{}",
            "{}？请给出具体数字。",
            "{}？用一句话回答",
        ),
        *(
            "{}？我需要准确的数据",
            "想请教一下，{}",
            "所以{}",
            "{}？如果没有就说没有。",
            "{}？只要数字",
            "{}？请注明出处",
            "{}？具体数字是什么？",
        ),
        *("好的，谢谢！{}", "明白了。{}", "知道了，请问{}"),
        *("我想了解{}", "告诉我{}", "在这份报告中，{}", "{}，能帮我查一下吗？", "你知道{}", "请看一下{}"),
    ],
)
def test_a_chinese_question_is_left(said: str) -> None:
    for question in ("常住人口是多少", "查处的案件有多少起", "森林覆盖率超过四成了吗"):
        assert without_courtesies(said.format(question)).strip("？！") == question


@pytest.mark.parametrize(
    "said",
    [
        *(
            "Could you tell me {}",
            "Can you please tell me {}",
            "I'd like to know {}",
            "I would like to know {}",
            "hi, {}",
        ),
        *("Hello there! Could you please tell me {}", "Please: {}", "Do you know {}", "Can you find {}", "{}, please"),
        *(
            "{}, thanks",
            "{} thank you",
            "According to the report, {}",
            "{} according to the report",
            "In this article, {}",
        ),
        *(
            "I'm wondering {}",
            "I was told to ask: {}",
            "Tell me {}",
            "Okay, {}",
            "Quick question: {}",
            "Based on the report, {}",
        ),
        *(
            "I'm writing an article about this. {}",
            "I'm a journalist checking a fact: {}",
            "My question is: {}",
            "So {}",
        ),
        *("{}? Give me the exact number.", "{}? Answer in one sentence.", "{}? What is the exact figure?", "Hmm, {}"),
        *("Great, thanks. {}", "OK. {}", "Got it, thank you! {}"),
        *("Does the report say {}", "Any idea {}", "{} do you know"),
    ],
)
def test_an_english_question_is_left(said: str) -> None:
    question = "how many people were in work"
    asked = said.format(question)
    assert without_courtesies(f"{asked}?" if said.endswith("{}") else asked).rstrip("?") == question


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("请问下半年营收是多少", "下半年营收是多少"),
        ("帮我查下半年GDP", "下半年GDP"),
        ("告诉我国GDP是多少", "我国GDP是多少"),
        ("我需要了解放军人数", "我需要了解放军人数"),
        ("我要问诊人数", "我要问诊人数"),
        ("根据新闻出版署的数据，出书多少种", "根据新闻出版署的数据，出书多少种"),
        ("资料显示屏出货量是多少", "资料显示屏出货量是多少"),
        ("我说的是農村，網民規模多少", "我说的是農村，網民規模多少"),
        ("我只关心农村，网民有多少", "我只关心农村，网民有多少"),
        ("急诊，人数是多少", "急诊，人数是多少"),
        ("视频能看吗", "视频能看吗"),
        ("从头到底有多少米", "从头到底有多少米"),
        ("Give US exports in 2024", "Give US exports in 2024"),
        ("For 2023 please, how many users?", "For 2023 please, how many users?"),
        (
            "I'm asking about Scotland. How many pupils are there?",
            "I'm asking about Scotland. How many pupils are there?",
        ),
        ("I only care about women. How many are online?", "I only care about women. How many are online?"),
        ("We're looking at Q3. What was revenue?", "We're looking at Q3. What was revenue?"),
        ("Any ideas funded in 2024?", "Any ideas funded in 2024?"),
        ("How many people said thank you?", "How many people said thank you?"),
        ("How many people who smoke want to stop?", "How many people who smoke want to stop?"),
        ("My boss wants to know how many people vote.", "how many people vote."),
    ],
)
def test_what_bounds_a_question_is_no_courtesy(said: str, left: str) -> None:
    assert without_courtesies(said) == left


def test_a_question_mark_that_was_left_out_is_added() -> None:
    assert without_courtesies("how many people were in work thanks") == "how many people were in work?"
    assert without_courtesies("number of people in work") == "number of people in work"


def test_what_only_urges_is_left_out_and_capitals_are_made_small() -> None:
    assert without_courtesies("Roughly how many people exactly?") == "how many people exactly?"
    assert without_courtesies("How many exactly were in work?") == "How many were in work?"
    assert without_courtesies("网民到底有多少") == "网民有多少"
    assert without_courtesies("具体措施是什么") == "具体措施是什么"
    assert without_courtesies("HOW MANY WERE IN WORK?") == "how many were in work?"
    assert without_courtesies("GDP OF THE US") == "gdp of the us"
    assert without_courtesies("CPI GDP") == "CPI GDP"


@pytest.mark.parametrize(
    "question",
    [
        *(
            "能看电视的家庭有多少",
            "想了解中国文化的外国人占多少",
            "请假人数是多少",
            "查询量增长多少",
            "可以上网的村庄比例",
        ),
        *(
            "知道该政策的居民占比是多少",
            "知晓率",
            "看一下",
            "谢谢",
            "你好",
            "报告期内营业收入",
            "报告的发布时间",
            "帮扶对象有多少户",
        ),
        *("告诉", "从业人员数量", "中国的人口", "看病的人有多少", "找到工作的毕业生比例", "能找到工作的毕业生比例"),
        *(
            "How many thank-you letters were sent?",
            "Pleasure boats registered",
            "What does the report say about housing?",
        ),
        *("In the report period, how did sales develop?", "Tell me about the governance", "thanks", "Hi-tech exports"),
        *("So-called zombie firms", "Share of people who would like to know more", "According to whom was it late?"),
        *(
            "我国网民规模有多大",
            "我市常住人口是多少，户籍人口呢",
            "我们公司去年，营收是多少",
            "农村地区，网民有多少",
            "出口额是多少？进口额呢？",
        ),
        *("In rural areas. How many users are there?", "What was revenue? And profit?", "We exported how much?"),
        *(
            "U.S. exports were how large?",
            "How long did St. John's close: 3 days?",
            "所以然",
            "好的作品有多少",
            "No. 5 reactor output",
        ),
        *("Can you eat the fish?", "Findings in the report", "How many people need to know English?"),
    ],
)
def test_what_belongs_to_the_question_stays(question: str) -> None:
    assert without_courtesies(question) == question
