"""Encodes passages in several processes of this machine, for a big build: ``python -m index build --processes N``.

Threads serve a question as well; a build on many cores is held up by what Python does between two runs of the
network, one text at a time for all threads of a process.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, load_encoder
from index.errors import ModelError
from index.inference import work_alone

#: Texts handed to a process at a time: few, so that all of them end together.
_HANDFUL = 8

_own: Encoder | None = None
"""The encoder of this process, when it is one of the pool."""


def _start(model: str) -> None:
    global _own
    work_alone()
    _own = load_encoder(model)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)


def _encode(texts: Sequence[str]) -> NDArray[np.float32]:
    assert _own is not None
    return _own.encode_document(texts)


class EncoderPool:
    """An ``Encoder`` whose documents are encoded by ``processes`` processes, each with the model of ``encoder``."""

    def __init__(self, encoder: Encoder, processes: int) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder = encoder
        # Not forked: threads of the model's libraries would not be there in the child.
        context = multiprocessing.get_context("spawn")
        self._processes = ProcessPoolExecutor(processes, context, _start, (encoder.name,))

    def __enter__(self) -> Self:
        """Return the pool; its processes start with the first texts."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes."""
        self._processes.shutdown(cancel_futures=True)

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode questions in this process."""
        return self._encoder.encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages, a handful at a time in whichever process is free. Raises ModelError."""
        handfuls = [texts[start : start + _HANDFUL] for start in range(0, len(texts), _HANDFUL)]
        try:
            return np.concatenate([np.zeros((0, self.dimension), np.float32), *self._processes.map(_encode, handfuls)])
        except BrokenProcessPool as error:
            raise ModelError(
                "a process that encodes has died: too little memory? Build again with fewer --processes; "
                "what was encoded is kept."
            ) from error
