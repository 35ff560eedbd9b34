"""The words of the page in Chinese and English. All stand in the page; the style sheet shows the reader's own.

A whole answer is in the question's language instead, as its message is: see ``VERDICTS`` and ``said``.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any, Literal

from qa.datamodels import Verdict

#: The verdict in words, by the question's language and script.
VERDICTS: dict[str, dict[Verdict, str]] = {
    "zh-hans": {"stated": "数字在此", "omitted": "原文缺此数字", "not_found": "报告未提及", "passage": "相关原文"},
    "zh-hant": {"stated": "數字在此", "omitted": "原文缺此數字", "not_found": "報告未提及", "passage": "相關原文"},
    "en": {
        "stated": "Stated in the report",
        "omitted": "Number missing from the source",
        "not_found": "Not in the report",
        "passage": "What the report says",
    },
}

TextKey = Literal[
    "tagline",
    "welcome_title",
    "welcome",
    "legend_stated",
    "legend_omitted",
    "legend_not_found",
    "legend_passage",
    "examples",
    "examples_wait",
    "ask",
    "placeholder",
    "send",
    "report",
    "close",
    "theme",
    "export",
    "export_markdown",
    "export_json",
    "new",
    "paragraph",
    "open_quote",
    "nearest",
    "understood",
    "why",
    "copy",
    "copied",
    "reading",
    "sections",
    "stated_here",
    "missing_here",
    "hole",
    "hole_asked",
    "answer_figure",
    "healthy",
    "strip",
    "document",
    "report_wait",
    "front",
    "question_empty",
    "question_long",
    "question_unreadable",
    "confidence",
    "question_rule",
    "decision_rule",
    "slots",
    "figure",
    "unit",
    "at",
    "probability",
    "sources",
    "add",
    "remove",
    "remove_sure",
    "rebuild",
    "building",
    "skip",
    "scope",
    "scope_all",
    "searched_only",
    "widen",
    "nearby",
    "parts",
    "stated_key",
    "missing_key",
    "progress",
    "document_size",
    "skipped",
    "changed",
    "add_hint",
    "page",
    "gap",
    "rule_best_slot",
    "rule_beside",
    "rule_no_slot",
    "rule_best_window",
    "rule_no_window",
    "asked_for_text",
    "asked_for_figure",
    "menu_language",
    "waiting",
    "report_gone",
    "report_changed",
]

#: (Chinese, English)
TEXTS: dict[TextKey, tuple[str, str]] = {
    "tagline": ("凡有所答，皆有原文", "Every answer in the report’s own words"),
    "welcome_title": ("问这份报告一个问题", "Ask this report a question"),
    "welcome": (
        "每个回答都逐字引用原文，点开即可对照。报告里没有的数字，会直接说没有。",
        "Every answer quotes the text word for word; open a quote to see it in its place. "
        "A number the report does not give is never made up.",
    ),
    "legend_stated": ("报告给出了数字", "the report gives the number"),
    "legend_omitted": ("提到了这个量，数字却缺失", "it speaks of the quantity, the number is gone"),
    "legend_not_found": ("没有谈到所问的内容", "it does not speak of what you ask"),
    "legend_passage": ("不问数字时，给出原文", "no number asked: the passage itself"),
    "examples": ("试着问", "Try asking"),
    "examples_wait": ("正在从报告中挑选例题…", "Choosing questions from the report…"),
    "ask": ("问题", "Question"),
    "placeholder": ("就这份报告提问…", "Ask about this report…"),
    "send": ("提问", "Ask"),
    "report": ("报告原文", "Report"),
    "close": ("关闭报告", "Close the report"),
    "theme": ("切换深色与浅色", "Switch between light and dark"),
    "export": ("导出", "Export"),
    "export_markdown": ("对话存为 Markdown", "Conversation as Markdown"),
    "export_json": ("对话存为 JSON（可核验）", "Conversation as JSON (can be verified)"),
    "new": ("新对话", "New chat"),
    "paragraph": ("第 {} 段", "¶ {}"),
    "open_quote": ("在报告中查看", "Show in the report"),
    "nearest": ("最接近的原文（并非答案）", "Nearest passage (not an answer)"),
    "understood": ("理解为：", "Understood as: "),
    "why": ("判断依据", "Why this verdict"),
    "copy": ("复制引文", "Copy citation"),
    "copied": ("已复制", "Copied"),
    "reading": ("正在查阅报告…", "Reading the report…"),
    "sections": ("章节", "Sections"),
    "stated_here": ("处有数字", "stated"),
    "missing_here": ("处缺数字", "missing"),
    "hole": ("此处缺数字", "a number is missing here"),
    "hole_asked": ("所问的数字在此处缺失", "the number asked for is missing here"),
    "answer_figure": ("所问的数字", "the number asked for"),
    "healthy": ("未发现数字缺失", "no number is missing"),
    "strip": ("通篇：{} 处有数字，{} 处缺数字", "The whole text: {} figures stated, {} missing"),
    "document": ("文件", "Document"),
    "report_wait": ("正在打开报告…", "Opening the report…"),
    "front": ("开头", "Opening"),
    "question_empty": (
        "还没有看到问题。请用一句话提问，例如问报告里的某个数量。",
        "There is no question yet. Ask in a sentence, for example about a quantity in the report.",
    ),
    "question_long": (
        "这个问题超过了 {} 字的上限，请缩短到一两句话再问。",
        "That question is over the limit of {} characters. Please shorten it to a sentence or two.",
    ),
    "question_unreadable": (
        "这个问题里有无法识别的字符，请重新输入。",
        "That question holds characters that cannot be read. Please type it anew.",
    ),
    "confidence": ("把握", "Confidence"),
    "question_rule": ("问题", "Question"),
    "decision_rule": ("判定", "Decision"),
    "slots": ("考察过的数字与缺口，可能性从大到小", "Figures and holes considered, likeliest first"),
    "figure": ("数字", "Figure"),
    "unit": ("单位", "Unit"),
    "at": ("位置", "Place"),
    "probability": ("可能性", "Likelihood"),
    "sources": ("资料", "Sources"),
    "add": ("添加报告…", "Add a report…"),
    "remove": ("移除", "Remove"),
    "remove_sure": ("确认移除？", "Really remove?"),
    "rebuild": ("重建索引", "Rebuild index"),
    "building": ("正在重建，期间仍由旧索引作答", "Rebuilding; the old index answers meanwhile"),
    "skip": ("跳到提问框", "Skip to the question box"),
    "scope": ("查找范围", "Search in"),
    "scope_all": ("全部资料", "All sources"),
    "searched_only": ("只查找了：", "Searched only: "),
    "widen": ("在全部资料中再问", "Ask all sources"),
    "nearby": ("报告里谈到的相近内容", "What the report does cover nearby"),
    "parts": ("逐项结果", "Part by part"),
    "stated_key": ("有数字", "stated"),
    "missing_key": ("缺数字", "missing"),
    "progress": ("已处理 {} 段", "{} passages done"),
    "document_size": ("{} 段", "{} passages"),
    "skipped": ("未能读入：", "Could not be read: "),
    "changed": ("资料已变动，重建后生效：", "Changed since the index was built; rebuild to take them up: "),
    "add_hint": ("可用格式：{}", "Formats: {}"),
    "page": ("第 {} 页", "p. {}"),
    "gap": ("缺口", "hole"),
    "rule_best_slot": ("取可能性最大的一处", "the likeliest place was taken"),
    "rule_beside": (
        "最可能的一处是缺口，另有一处写明了数字",
        "the likeliest place is a hole, and a figure stands elsewhere",
    ),
    "rule_no_slot": ("没有一处数字或缺口足以作答", "no figure and no hole is likely enough to answer"),
    "rule_best_window": ("取最能作答的段落", "the passage that answers best was taken"),
    "rule_no_window": ("没有一段足以作答", "no passage is likely enough to answer"),
    "asked_for_text": ("问的是文字", "asks for words"),
    "asked_for_figure": ("问的是数字", "asks for a figure"),
    "menu_language": ("语言", "Language"),
    "report_gone": (
        "这份报告已不在资料中，无法再打开这处原文。",
        "That report is no longer among the sources, so its text cannot be shown.",
    ),
    "report_changed": (
        "作答之后报告有了变动，这里已不是所引的文字。请再问一次。",
        "The report has changed since this answer, and other words stand here now. Please ask again.",
    ),
    "waiting": ("接着回答：", "To be answered next: "),
}

#: The verdicts as the welcome explains them, in this order.
LEGEND: tuple[tuple[Verdict, TextKey], ...] = (
    ("stated", "legend_stated"),
    ("omitted", "legend_omitted"),
    ("not_found", "legend_not_found"),
    ("passage", "legend_passage"),
)


#: The page's languages, as its style sheet and script name them.
LANGUAGES = ("zh", "hant", "en")


@lru_cache(maxsize=1)
def _to_traditional() -> Any:  # noqa: ANN401 - opencc ships no types
    import opencc

    return opencc.OpenCC("s2twp")


@lru_cache(maxsize=1024)
def wordings(key: TextKey) -> dict[str, str]:
    """Return a text in the page's languages: simplified, traditional (converted from it), English."""
    zh, en = TEXTS[key]
    return {"zh": zh, "hant": _to_traditional().convert(zh), "en": en}


def text(key: TextKey, *arguments: object) -> str:
    """Return all wordings as HTML; the style sheet shows the reader's. ``arguments`` fill the ``{}`` of the wording."""
    zh, hant, en = (escape(w.format(*arguments)) for w in wordings(key).values())
    english = f'<span class="en" lang="en">{en}</span>'
    if zh == hant:
        return f'<span class="zh hant" lang="zh">{zh}</span>{english}'
    return f'<span class="zh" lang="zh-Hans">{zh}</span><span class="hant" lang="zh-Hant">{hant}</span>{english}'


def said(key: TextKey, language: str, *arguments: object) -> str:
    """Return the wording in the language of an answer ("zh-hans", "zh-hant" or "en"), escaped."""
    return escape(wordings(key)[{"zh-hans": "zh", "zh-hant": "hant"}.get(language, "en")].format(*arguments))


def label(key: TextKey, attribute: str = "aria-label", *arguments: object) -> str:
    """Return attributes from which the page's script sets ``attribute`` in the reader's language."""
    zh, hant, en = (escape(w.format(*arguments), quote=True) for w in wordings(key).values())
    return f'{attribute}="{zh}" data-attribute="{attribute}" data-zh="{zh}" data-hant="{hant}" data-en="{en}"'
