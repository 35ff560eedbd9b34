"""Ways in which people wrap a question, written by hand: ``training_asides.jsonl``, one a line with ``{}`` for it."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from index.folding import has_han

FRAMES = Path(__file__).parent / "training_asides.jsonl"
_MARKS = "?？。.!！ "
_ASKS = re.compile("How|What|Which|When|Where|Who|Why|By|In|On|At|For|Of|To|From|Did|Does|Is|Was|Were|Are|Has|Have")


class Frame(NamedTuple):
    """What is said before and after a question. ``of_nouns`` frames wrap a bare noun phrase."""

    before: str
    after: str
    chinese: bool
    of_nouns: bool


@cache
def load_frames() -> tuple[Frame, ...]:
    """Return the frames in the order of the file."""
    rows = [json.loads(line) for line in FRAMES.read_text(encoding="utf-8").splitlines()]
    parts = [row["say"].partition("{}") for row in rows]
    return tuple(
        Frame(before, after, row["lang"] == "zh", bool(row.get("np")))
        for (before, _, after), row in zip(parts, rows, strict=True)
    )


def framed(question: str, rng: random.Random) -> str:
    """Wrap a question in a frame of its language, every other time without the marks of the frame."""
    is_noun = question.strip()[-1:] not in "?？" and not has_han(question)
    frame = rng.choice([f for f in load_frames() if f.chinese == has_han(question) and (is_noun or not f.of_nouns)])
    before, after = frame.before, frame.after
    if rng.random() < 0.5:
        before, after = (
            re.sub(r"[，,。.:：;；!！~—…、]+ *", "" if frame.chinese else " ", part) for part in (before, after)
        )
    said = question.strip(_MARKS)
    if not frame.chinese and before.strip()[-1:] not in ".!?:" and _ASKS.match(said):
        said = said[0].lower() + said[1:]
    return f"{before}{said}{after}"
