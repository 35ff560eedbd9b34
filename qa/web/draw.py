"""Answers as HTML. Source text is escaped and otherwise unaltered: ``textContent`` is the exact slice.

An answer speaks the language of its question throughout; the page around it speaks the reader's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from index.folding import to_simplified
from qa.datamodels import Answer, Figure, Gap, Quote, Verdict
from qa.examples import Example, Language
from qa.gaps import THRESHOLD
from qa.markdown import heads_over, part_list, verdicts_of_parts
from qa.web.icons import icon
from qa.web.texts import VERDICTS, TextKey, label, said, text


def printable(string: str) -> str:
    """Return ``string`` with lone surrogates replaced: they cannot be sent to a browser."""
    return string.encode("utf-8", "replace").decode("utf-8")


def draw_marks(
    source: str,
    start: int,
    figures: Iterable[Figure],
    gaps: Iterable[Gap],
    answering: Iterable[Figure | Gap] = (),
    language: str | None = None,
) -> str:
    """Return ``source`` escaped, its figures and holes marked, those in ``answering`` more strongly.

    ``start`` is the document offset of ``source[0]``; figures and gaps are in document offsets. The marks add no text.
    Holes are described in ``language``, or in the reader's when it is None. A hole too uncertain to count is drawn, and
    shown only where it answers.
    """
    asked_figures = {(a.start, a.end) for a in answering if isinstance(a, Figure)}
    asked_gaps = {a.at for a in answering if isinstance(a, Gap)}
    marks: list[tuple[int, int, str]] = []
    for figure in figures:
        asked = (figure.start, figure.end) in asked_figures
        opening = "<mark>" if asked else f'<span class="figure" data-at="{figure.start}">'
        marks += [(figure.start - start, 2, opening), (figure.end - start, 0, "</mark>" if asked else "</span>")]
    for gap in gaps:
        asked = gap.at in asked_gaps
        kind: TextKey = "hole_asked" if asked else "hole"
        css = "hole asked" if asked else "hole" if gap.confidence >= THRESHOLD else "hole weak"
        described = f'aria-label="{said(kind, language)}"' if language else label(kind)
        marks.append((gap.at - start, 1, f'<span class="{css}" role="img" data-at="{gap.at}" {described}></span>'))
    pieces: list[str] = []
    done = 0
    for at, _, mark in sorted(marks):
        pieces += [escape(source[done:at]), mark]
        done = at
    return "".join([*pieces, escape(source[done:])])


def draw_question(question: str) -> str:
    """Return the question verbatim."""
    return f'<div class="turn question" dir="auto">{escape(printable(question))}</div>'


def draw_note(key: TextKey, *arguments: object) -> str:
    """Return a kind line in place of an answer; ``arguments`` fill the ``{}`` of the wording."""
    return f'<div class="turn note" role="status">{text(key, *arguments)}</div>'


def draw_error(line: str) -> str:
    """Return the one line of an error that the reader can mend."""
    return f'<div class="turn note" role="alert">{escape(line)}</div>'


def draw_pending() -> str:
    """Return what stands in place of an answer that is being looked for."""
    return f'<div class="turn pending" role="status">{text("reading")}</div>'


def draw_answer(answer: Answer, searched: str | None = None, nearby: Sequence[str] = (), generation: str = "") -> str:
    """Return the verdict, the message, the quotes with their places, and the reasons, in this order.

    ``searched`` is the one document that was searched; ``nearby`` are questions that the report does answer;
    ``generation`` is that of the index which answered.
    """
    exported = escape(json.dumps(answer.to_dict(), ensure_ascii=False), quote=True)
    asked: tuple[Figure | Gap, ...] = (*answer.figures, *answer.gaps)
    tongue = answer.language
    understood = ""
    if answer.understood and answer.understood != answer.question and len(part_list(answer)) < 2:
        wording = escape(printable(answer.understood))
        understood = f'<p class="understood">{said("understood", tongue)}<bdi>{wording}</bdi></p>'
    parts = [
        f'<article class="turn answer {answer.verdict}" lang="{html_language(tongue)}" data-generation="{generation}"'
        f' data-answer="{exported}" data-markdown="{escape(answer.to_markdown(), quote=True)}">',
        f'<header>{icon(answer.verdict)}<strong class="verdict">{VERDICTS[tongue][answer.verdict]}</strong>',
        f'<p class="says">{escape(answer.message)}</p>{understood}</header><div class="body">',
        _draw_parts(answer),
        *(_draw_quote(quote, asked, tongue) for quote in answer.quotes),
    ]
    if answer.nearest:
        nearest = "".join(_draw_quote(quote, (), tongue) for quote in answer.nearest)
        parts.append(f'<section class="nearest"><h4>{said("nearest", tongue)}</h4>{nearest}</section>')
    parts += [_draw_nearby(nearby, tongue), _draw_searched(answer, searched), "</div>"]
    copied = escape(_citation(answer), quote=True)
    copy = (
        f'<button type="button" class="quiet" data-copy="{copied}">{icon("copy")}'
        f'<span class="idle">{said("copy", tongue)}</span><span class="done">{said("copied", tongue)}</span></button>'
        if answer.quotes
        else ""
    )
    parts.append(f"<footer>{_draw_why(answer)}{copy}</footer></article>")
    return "".join(parts)


def html_language(language: str) -> str:
    """Return a language of ``language_of`` as HTML writes it: the font and the place of the commas hang on it."""
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(language, language)


def language_attribute(words: str) -> str:
    """Return the attribute that says in which language and script ``words`` mostly are."""
    chinese = sum("\u3400" <= c <= "\u9fff" for c in words)
    if not chinese:
        return 'lang="en"'
    # A simplified text may hold a character or two that are simplified elsewhere.
    traditional = sum(a != b for a, b in zip(words, to_simplified(words), strict=True))
    return 'lang="zh-Hant"' if traditional > chinese / 20 else 'lang="zh-Hans"'


def _draw_parts(answer: Answer) -> str:
    """Return the verdict on each part of a double question; empty for a single one."""
    parts = verdicts_of_parts(answer)
    if not parts:
        return ""
    rows = "".join(
        f'<li><span class="verdict {verdict}">{icon(verdict)}{VERDICTS[answer.language][verdict]}</span>'
        f"<bdi>{escape(printable(question))}</bdi></li>"
        for verdict, question in parts
    )
    return f'<ul class="parts" aria-label="{said("parts", answer.language)}">{rows}</ul>'


def _draw_quote(quote: Quote, asked: Sequence[Figure | Gap], language: str) -> str:
    drawn = draw_marks(quote.text, quote.start, quote.figures, quote.gaps, asked, language)
    marked = [a.start for a in asked if isinstance(a, Figure) and a in quote.figures]
    marked += [a.at for a in asked if isinstance(a, Gap) and a in quote.gaps]
    target = (
        f'data-document="{escape(quote.document, quote=True)}" data-start="{quote.start}" data-end="{quote.end}"'
        f' data-asked="{" ".join(map(str, marked))}"'
    )
    section = f'<span class="section">{escape(quote.section)}</span>' if quote.section else ""
    if quote.page is not None:
        section += f'<span class="page-number">{said("page", language, quote.page)}</span>'
    answering = [a for a in asked if a in quote.figures or a in quote.gaps]
    over = dict.fromkeys(" › ".join(a.heads) for a in answering if a.heads)
    section += "".join(f'<span class="heads">{escape(heads)}</span>' for heads in over)
    place = (
        f'<button type="button" class="place" data-action="open" {target} title="{said("open_quote", language)}">'
        f'{section}<span class="paragraph">{said("paragraph", language, quote.paragraph)}</span>'
        f'<span class="document">{escape(quote.document)}</span>{icon("open")}</button>'
    )
    tongue = language_attribute(quote.text)
    return (
        f'<figure class="quote"><blockquote class="verbatim" dir="auto" {tongue} {target}>{drawn}</blockquote>'
        f"<figcaption>{place}</figcaption></figure>"
    )


def _draw_nearby(questions: Sequence[str], language: str) -> str:
    if not questions:
        return ""
    return f'<section class="nearby"><h4>{said("nearby", language)}</h4>{draw_chips(questions)}</section>'


def _draw_searched(answer: Answer, document: str | None) -> str:
    """Return the one document that was searched, and a way to ask all of them when it holds no answer."""
    if document is None:
        return ""
    widen = ""
    if answer.verdict == "not_found":
        question = escape(printable(answer.question), quote=True)
        widen = (
            f'<button type="button" class="chip" data-question="{question}" data-everywhere="1">'
            f"{said('widen', answer.language)}</button>"
        )
    name = f"<bdi>{escape(document)}</bdi>"
    return f'<p class="searched">{said("searched_only", answer.language)}{name}{widen}</p>'


def draw_chips(questions: Sequence[str], verdicts: Sequence[Verdict] = ()) -> str:
    """Return questions as buttons that ask them, with the ``verdicts`` they are known to get, if they are."""
    known: Sequence[Verdict | None] = verdicts or [None] * len(questions)
    return "".join(
        f'<button type="button" class="chip {verdict or ""}" {language_attribute(q)}'
        f' data-question="{escape(q, quote=True)}">'
        f"{icon(verdict) if verdict else ''}<span>{escape(q)}</span></button>"
        for q, verdict in zip(questions, known, strict=True)
    )


def _citation(answer: Answer) -> str:
    lines = [f"{VERDICTS[answer.language][answer.verdict]}: {answer.question}"]
    for quote in answer.quotes:
        page = f"p.{quote.page} " if quote.page is not None else ""
        place = [quote.document, *([quote.section] if quote.section else []), *heads_over(quote, answer)]
        place.append(f"{page}¶{quote.paragraph}")
        lines += [f"「{quote.text}」", f"—— {', '.join(place)} [{quote.start}:{quote.end}]"]
        if digest := answer.sources.get(quote.document):
            lines[-1] += f", SHA-256 {digest}"
    return printable("\n".join(lines))


#: What the judge's rules decide, in words; a rule that is not here is shown by its own name.
_RULES: dict[str, TextKey] = {
    "best slot": "rule_best_slot",
    "figure beside the best slot, a hole": "rule_beside",
    "no slot answers": "rule_no_slot",
    "best window": "rule_best_window",
    "no window answers": "rule_no_window",
}


def _draw_why(answer: Answer) -> str:
    parts = part_list(answer)
    tongue = answer.language
    drawn = "".join(
        (f"<h4><bdi>{escape(printable(str(part.get('question', ''))))}</bdi></h4>" if len(parts) > 1 else "")
        + _draw_reasons(part, tongue)
        for part in parts
    )
    sure = f'<span class="sure">{said("confidence", tongue)} {_percent(answer.confidence)}</span>'
    return f'<details class="why"><summary>{said("why", tongue)}{sure}</summary>{drawn}</details>'


_FEW_KINDS = 4


def _percent(probability: float) -> str:
    """Return a probability as a percentage that never claims to be certain."""
    return f"{min(max(round(100 * probability), 1), 99)}%"


def _draw_reasons(part: Mapping[str, Any], language: str) -> str:
    rule = str(part.get("decision_rule", "–"))
    kinds = [str(k) for k in part.get("kinds") or ()]
    asks = said("asked_for_figure" if kinds else "asked_for_text", language)
    # Where nearly any kind of figure would do, naming them all says nothing.
    names = [str(part.get("question_rule", "")), *(kinds if len(kinds) <= _FEW_KINDS else ())]
    named = f' <span class="raw">{escape(", ".join(names))}</span>'
    decided = said(_RULES[rule], language) if rule in _RULES else escape(printable(rule))
    own = part.get("confidence")
    sure = f' <span class="raw">{_percent(own)}</span>' if isinstance(own, float) else ""
    terms = (
        f"<dt>{said('question_rule', language)}</dt><dd>{asks}{named}</dd>"
        f"<dt>{said('decision_rule', language)}</dt><dd>{decided}{sure}</dd>"
    )
    known = ("question", "verdict", "confidence", "question_rule", "kinds", "decision_rule", "slots")
    for name, value in part.items():
        if name not in known:
            terms += f"<dt>{escape(str(name).replace('_', ' '))}</dt><dd>{escape(printable(str(value)))}</dd>"
    slots = [s for s in part.get("slots") or () if isinstance(s, dict)]
    return f"<dl>{terms}</dl>{_draw_slots(slots, language)}"


def _draw_slots(slots: Sequence[Mapping[str, Any]], language: str) -> str:
    if not slots:
        return ""
    heads: tuple[TextKey, ...] = ("figure", "unit", "probability", "at")
    head = "".join(f'<th scope="col">{said(key, language)}</th>' for key in heads)
    rows = []
    for slot in slots:
        figure, at = slot.get("figure"), slot.get("at")
        what = (
            escape(printable(str(figure)))
            if figure
            else f'<span class="hole sample" aria-hidden="true"></span> {said("gap", language)}'
        )
        share = slot.get("probability")
        bar = f'<meter min="0" max="1" value="{share}"></meter> {share:.2f}' if isinstance(share, float) else "–"
        place = "–"
        if isinstance(at, int):
            end = at + max(len(str(figure)) if figure else 0, 1)
            place = (
                f'<button type="button" class="at" data-action="open" data-asked="{at}" data-start="{at}"'
                f' data-text="{escape(printable(str(figure or "")), quote=True)}"'
                f' data-end="{end}" data-document="{escape(str(slot.get("document", "")), quote=True)}"'
                f' title="{said("open_quote", language)}">{at}</button>'
            )
        unit = escape(printable(str(slot.get("unit") or "–")))
        rows.append(f'<tr><td>{what}</td><td>{unit}</td><td class="share">{bar}</td><td>{place}</td></tr>')
    head = f"<caption>{said('slots', language)}</caption><thead><tr>{head}</tr></thead>"
    return f'<div class="scroll"><table>{head}<tbody>{"".join(rows)}</tbody></table></div>'


def draw_examples(examples: Mapping[Language, Sequence[Example]]) -> str:
    """Return the example questions, by the language they are in, as buttons."""
    groups = []
    for language, own in examples.items():
        if own:
            css = "zh hant" if language == "zh" else "en"
            chips = draw_chips([e.question for e in own], [e.verdict for e in own])
            groups.append(f'<div class="chips {css}" role="group" {label("examples")}>{chips}</div>')
    return f"<h3>{text('examples')}</h3>{''.join(groups)}" if groups else ""
