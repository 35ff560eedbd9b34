"""The sentences the assistant says, in three languages.

Not one digit or numeral stands in them: figures only live inside quotes. Words such as 一, 两, 半 and English number
words are avoided for the same reason; a test holds this.
"""

from __future__ import annotations

from typing import Literal

Key = Literal[
    "stated",
    "stated_parts",
    "stated_approximate",
    "stated_compare",
    "stated_several",
    "stated_and_omitted",
    "omitted",
    "omitted_compare",
    "not_found",
    "not_found_text",
    "part_not_found",
    "passage",
    "source",
    "source_section",
    "nearest",
]

MESSAGES: dict[str, dict[Key, str]] = {
    "zh-hans": {
        "stated": "报告给出了这个数字：",
        "stated_parts": "报告给出了所问的各个数字：",
        "stated_approximate": "报告只给出了约数，没有给出确切数字：",
        "stated_compare": "请以报告中的数字核对：",
        "stated_several": "报告中有多处给出了不同的数字，请逐处核对：",
        "stated_and_omitted": "报告给出了其中部分数字，另有部分缺失（缺失处已标出）：",
        "omitted": "报告提到了这个量，但原文缺少这个数字（缺失处已标出）：",
        "omitted_compare": "无法核对：报告提到了这个量，但原文缺少这个数字（缺失处已标出）：",
        "not_found": "报告未提及：没有找到所问的数字，也没有找到谈到这个量的原文。",
        "not_found_text": "报告未提及：没有找到谈到所问内容的原文。",
        "part_not_found": "问题的部分内容，报告未提及。",
        "passage": "报告中的相关原文：",
        "source": "出处",
        "source_section": "章节",
        "nearest": "最接近的原文（不是答案）",
    },
    "zh-hant": {
        "stated": "報告給出了這個數字：",
        "stated_parts": "報告給出了所問的各個數字：",
        "stated_approximate": "報告只給出了約數，沒有給出確切數字：",
        "stated_compare": "請以報告中的數字核對：",
        "stated_several": "報告中有多處給出了不同的數字，請逐處核對：",
        "stated_and_omitted": "報告給出了其中部分數字，另有部分缺失（缺失處已標出）：",
        "omitted": "報告提到了這個量，但原文缺少這個數字（缺失處已標出）：",
        "omitted_compare": "無法核對：報告提到了這個量，但原文缺少這個數字（缺失處已標出）：",
        "not_found": "報告未提及：沒有找到所問的數字，也沒有找到談到這個量的原文。",
        "not_found_text": "報告未提及：沒有找到談到所問內容的原文。",
        "part_not_found": "問題的部分內容，報告未提及。",
        "passage": "報告中的相關原文：",
        "source": "出處",
        "source_section": "章節",
        "nearest": "最接近的原文（不是答案）",
    },
    "en": {
        "stated": "The report gives this figure:",
        "stated_parts": "The report gives the figures asked for:",
        "stated_approximate": "The report gives only an approximate figure, not an exact value:",
        "stated_compare": "Compare with the figure in the report:",
        "stated_several": "The report gives different figures in several places; check each:",
        "stated_and_omitted": "The report gives part of what is asked; another figure is missing (the hole is marked):",
        "omitted": "The report speaks of this quantity, but its figure is missing from the text (the hole is marked):",
        "omitted_compare": "This cannot be checked: the report speaks of the quantity, but its figure is missing from "
        "the text (the hole is marked):",
        "not_found": "Not covered by the report: neither the figure asked for nor a passage on it was found.",
        "not_found_text": "Not covered by the report: no passage on what is asked was found.",
        "part_not_found": "Part of the question is not covered by the report. ",
        "passage": "What the report says about it:",
        "source": "Source",
        "source_section": "Section",
        "nearest": "Nearest passage (not an answer)",
    },
}


def say(key: Key, language: str) -> str:
    """Return the sentence for ``key`` in "zh-hans", "zh-hant" or "en"."""
    return MESSAGES[language][key]
