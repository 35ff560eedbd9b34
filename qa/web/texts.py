"""The words of the page in Chinese and English. Both stand in the page; the style sheet shows the reader's own.

What an answer says of itself (verdict, message) is in the question's language instead: see ``VERDICTS``.
"""

from __future__ import annotations

from html import escape
from typing import Literal

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
    "language",
    "theme",
    "export",
    "export_markdown",
    "export_json",
    "new",
    "section",
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
    "kinds",
    "slots",
    "figure",
    "unit",
    "at",
    "probability",
    "skip",
    "sources",
    "add",
    "remove",
    "remove_sure",
    "rebuild",
    "building",
]

#: (Chinese, English)
TEXTS: dict[TextKey, tuple[str, str]] = {
    "tagline": ("凡有所答，皆有原文", "Every answer in the report’s own words"),
    "welcome_title": ("问这份报告一个问题", "Ask this report a question"),
    "welcome": (
        "每个回答都逐字引用原文，点开即可对照。报告里没有的数字，会直接说没有。",
        "Every answer quotes the text word for word; open a quote to see it in its place. A number the report does "
        "not give is never made up.",
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
    "language": ("Switch to English", "切换到中文"),
    "theme": ("切换深色与浅色", "Switch between light and dark"),
    "export": ("导出", "Export"),
    "export_markdown": ("对话存为 Markdown", "Conversation as Markdown"),
    "export_json": ("对话存为 JSON（可核验）", "Conversation as JSON (can be verified)"),
    "new": ("新对话", "New chat"),
    "section": ("章节", "Section"),
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
    "strip": ("缺失分布", "Where numbers are missing"),
    "document": ("文件", "Document"),
    "report_wait": ("正在打开报告…", "Opening the report…"),
    "front": ("开头", "Opening"),
    "question_empty": (
        "还没有看到问题。请用一句话提问，例如问报告里的某个数量。",
        "There is no question yet. Ask in a sentence, for example about a quantity in the report.",
    ),
    "question_long": (
        "这个问题太长了，请缩短到一两句话再问。",
        "That question is too long. Please shorten it to a sentence or two.",
    ),
    "question_unreadable": (
        "这个问题里有无法识别的字符，请重新输入。",
        "That question holds characters that cannot be read. Please type it anew.",
    ),
    "confidence": ("把握", "Confidence"),
    "question_rule": ("问题类型规则", "Question rule"),
    "decision_rule": ("判定规则", "Decision rule"),
    "kinds": ("可作答的数字类型", "Kinds of figure that would answer"),
    "slots": ("考察过的数字与缺口", "Figures and gaps considered"),
    "figure": ("数字", "Figure"),
    "unit": ("单位", "Unit"),
    "at": ("位置", "Offset"),
    "probability": ("概率", "Probability"),
    "sources": ("资料", "Sources"),
    "add": ("添加报告（.txt、.md）…", "Add a report (.txt, .md)…"),
    "remove": ("移除", "Remove"),
    "remove_sure": ("确认移除？", "Really remove?"),
    "rebuild": ("重建索引", "Rebuild the index"),
    "building": ("正在重建，期间仍由旧索引作答", "Rebuilding; the old index answers meanwhile"),
    "skip": ("跳到提问框", "Skip to the question box"),
}

#: The verdicts as the welcome explains them, in this order.
LEGEND: tuple[tuple[Verdict, TextKey], ...] = (
    ("stated", "legend_stated"),
    ("omitted", "legend_omitted"),
    ("not_found", "legend_not_found"),
    ("passage", "legend_passage"),
)


def text(key: TextKey, argument: object = "") -> str:
    """Return both wordings as HTML; the style sheet shows one. ``argument`` fills the ``{}`` of the wording."""
    zh, en = (escape(wording.format(argument)) for wording in TEXTS[key])
    return f'<span class="zh" lang="zh">{zh}</span><span class="en" lang="en">{en}</span>'


def label(key: TextKey, attribute: str = "aria-label") -> str:
    """Return attributes from which the page's script sets ``attribute`` in the reader's language."""
    zh, en = (escape(wording, quote=True) for wording in TEXTS[key])
    return f'{attribute}="{zh}" data-attribute="{attribute}" data-zh="{zh}" data-en="{en}"'
