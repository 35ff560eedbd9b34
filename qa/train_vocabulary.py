"""Makes ``reader_vocab.json``: ``python -m qa.train_vocabulary --data FOLDER``.

Of multilingual-e5-small's 250,000 pieces those are kept that occur in Chinese and English text: each
simplified Chinese character, pieces met at least a dozen times in the Chinese training texts as they are and stripped,
and the Latin pieces met in most English files of the installed packages. Traditional characters are folded away.
"""

from __future__ import annotations

import argparse
import random
import re
import sysconfig
from collections import Counter
from pathlib import Path

import opencc

from index.e5_weights import load_e5
from qa.reader_data import SEED_KEEPS, load_news, load_squad
from qa.reader_tokens import FIGURE, GAP, Vocabulary

LATIN = 6500
PUNCTUATION = "，。、；：？！“”‘’（）《》—…·％℃€£¥°"


def folding(normalisation: dict[str, str]) -> dict[str, str]:
    """Return the map of characters: the encoder's own normalisation, then traditional to simplified."""
    to_simplified = opencc.OpenCC("t2s").convert
    fold = dict(normalisation)
    for code in range(0x3400, 0xA000):
        simple = to_simplified(chr(code))
        if len(simple) == 1 and simple != chr(code):
            fold[chr(code)] = simple
    return fold


def english_texts(limit: int, rng: random.Random) -> list[str]:
    """Return the Latin text of documentation that is installed with the packages, and of docstrings."""
    files = [p for ending in ("METADATA", "*.md", "*.py") for p in Path(sysconfig.get_paths()["purelib"]).rglob(ending)]
    out = []
    for path in rng.sample(sorted(files), min(limit, len(files))):
        text = path.read_text(encoding="utf-8", errors="ignore")[:30000]
        if path.suffix == ".py":
            text = " ".join(re.findall(r'"""(.*?)"""', text, re.DOTALL))
        out.append(re.sub(r"[^A-Za-z0-9 ,.()%$'-]+", " ", text))
    return out


def main() -> None:
    """Count the pieces and write the vocabulary into the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    weights = load_e5(layers=0)
    fold = folding(weights.normalisation)
    full = Vocabulary(weights.pieces, weights.scores, fold)
    rng = random.Random(0)
    texts = [t[:1500] for t in rng.sample(load_news(args.data / "news_train.txt.xz"), 9000)]
    texts += [text for _, text, _ in load_squad(args.data / "cmrc2018_train.json.xz").paragraphs]
    texts += [SEED_KEEPS.sub("", t) for t in texts[:3000]]
    chinese: Counter[int] = Counter()
    for text in texts:
        chinese.update(full.pieces_of(text))
    english: Counter[int] = Counter()
    for text in english_texts(6000, rng):
        english.update(set(full.pieces_of(text)))
    pieces = weights.pieces
    latin = [i for i in range(4, len(pieces)) if pieces[i].replace("▁", "").isascii()]
    keep = set(sorted(latin, key=lambda i: (-english[i], -weights.scores[i]))[:LATIN])
    keep |= set(sorted((i for i in latin if len(pieces[i]) <= 3), key=lambda i: -weights.scores[i])[:600])
    keep |= {i for i, count in chinese.items() if count >= 12}
    for i, piece in enumerate(pieces):
        plain = all(fold.get(c, c) == c for c in piece)
        is_han = len(piece) == 1 and "\u3400" <= piece <= "\u9fff"
        if (
            len(piece) == 1
            and plain
            and (is_han or piece.isascii() or piece in PUNCTUATION or chinese[i] or english[i])
        ):
            keep.add(i)
    rows = [0, 1, 2, 3, *sorted(keep - {0, 1, 2, 3})]
    vocabulary = Vocabulary(
        [*(pieces[i] for i in rows), GAP, FIGURE], [*(weights.scores[i] for i in rows), 0.0, 0.0], fold
    )
    vocabulary.save(Path(__file__).parent / "weights" / "reader_vocab.json")
    print(f"{len(vocabulary)} pieces")


if __name__ == "__main__":
    main()
