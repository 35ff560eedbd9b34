"""Writes the mean question of each language for ``qa.retriever``: ``python -m qa.make_question_means --data FOLDER``.

Chinese: the mean over questions of CMRC 2018 train (``cmrc2018_train.json.xz`` in FOLDER, CC BY-SA 4.0) and that over
questions of ``qa/training_reports``, averaged; English: over those of the reports.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import BUNDLED, Encoder, load_encoder
from index.folding import has_han
from qa.reader_data import load_squad
from qa.report_cases import TRAINING_REPORTS, load_reports
from qa.retriever import QUESTION_MEANS


def mean_of(encoder: Encoder, questions: Sequence[str]) -> NDArray[np.float32]:
    """Return the mean vector of some questions, shape ``(dimension,)``."""
    mean: NDArray[np.float32] = encoder.encode_query(questions).mean(axis=0)
    return mean


def main() -> None:
    """Write the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=QUESTION_MEANS)
    arguments = parser.parse_args()
    read = [asked.question for asked in load_squad(arguments.data / "cmrc2018_train.json.xz").asked]
    asked = [row.question for report in load_reports(TRAINING_REPORTS) for row in report.rows]
    encoder = load_encoder(BUNDLED)
    chinese = (mean_of(encoder, read) + mean_of(encoder, [q for q in asked if has_han(q)])) / 2
    english = mean_of(encoder, [q for q in asked if not has_han(q)])
    np.save(arguments.out, np.stack([chinese, english]))
    print(f"{arguments.out}: {len(read)} questions read, {len(asked)} asked of reports")


if __name__ == "__main__":
    main()
