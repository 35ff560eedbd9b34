"""The encoder: the bundled model, or any sentence-transformers model.

Importing torch and sentence-transformers takes seconds, so the bundled model goes without;
``index.sentence_module`` has it as a SentenceTransformer.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError, reason_of

#: Name of the model that comes with the package, ``index/bundled.py``: multilingual-e5-small, 384 dimensions.
BUNDLED = "bundled:multilingual-e5-small"

#: Encoded with every index: another model under the same name gives another vector.
PROBE = "互联网普及率 Internet penetration rate"

_UNENCODABLE = re.compile("[\ud800-\udfff\0]")


class Encoder(Protocol):
    """What retrieval needs of a model. Vectors are float32, one row a text, normalised to length one."""

    name: str
    dimension: int

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode questions to shape ``(len(texts), dimension)``."""

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages to shape ``(len(texts), dimension)``."""


class SentenceEncoder:
    """A ``SentenceTransformer`` behind the ``Encoder`` protocol, used with its own prompts."""

    def __init__(self, name: str, model: Any) -> None:  # noqa: ANN401 - a SentenceTransformer, imported lazily
        self.name = name
        self._model = model
        self.dimension = int(model.get_embedding_dimension())

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode questions to shape ``(len(texts), dimension)``."""
        return self._encode(self._model.encode_query, texts)

    def encode_document(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode passages to shape ``(len(texts), dimension)``."""
        return self._encode(self._model.encode_document, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:  # noqa: ANN401
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        clean = [_UNENCODABLE.sub(" ", text) for text in texts]
        vectors = np.asarray(encode(clean, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)
        if vectors.shape != (len(texts), self.dimension) or not np.isfinite(vectors).all():
            raise ModelError(f"model {self.name} gave no usable vectors. Choose another with --model.")
        return vectors


def default_model() -> str:
    """Return the model named by ``YOUJU_MODEL``, or the bundled one."""
    return os.environ.get("YOUJU_MODEL") or BUNDLED


def load_encoder(model: str | None = None) -> Encoder:
    """Load the bundled model (None or its name), or any sentence-transformers name or folder.

    A name that is no local folder is fetched from the model hub, the only case in which the network is used.
    Raises ModelError when it cannot be loaded.
    """
    name = model or default_model()
    if name == BUNDLED:
        from index.bundled import bundled_encoder

        return bundled_encoder()
    if (local := existing_path(name)) is not None:
        name = str(local)
    try:
        with _quiet():
            return SentenceEncoder(name, _open_model(name))
    except Exception as error:  # the library raises a dozen kinds, most with a page of hub advice
        reason = reason_of(error)
        raise ModelError(
            f"model {name!r} cannot be loaded as a sentence-transformers model ({reason}). "
            "Give an existing folder or a hub name you can reach, or leave --model and YOUJU_MODEL out."
        ) from error


def existing_path(name: str) -> Path | None:
    """Return the folder a model name means, resolved; None if there is none of that name."""
    try:
        path = Path(name).expanduser()
        return path.resolve() if path.exists() else None
    except (OSError, RuntimeError, ValueError):  # over-long, an unknown ~user, a NUL
        return None


def _open_model(name: str) -> Any:  # noqa: ANN401
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    if existing_path(name) is not None:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    with contextlib.suppress(Exception):  # in the local cache of hub models?
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    _check_hub()
    return SentenceTransformer(name, device="cpu")


def _check_hub() -> None:
    """Fail within seconds when the hub is out of reach, where its client would retry for a minute."""
    import socket
    import urllib.request
    from urllib.parse import urlsplit

    from huggingface_hub.constants import ENDPOINT

    if urllib.request.getproxies():
        return
    host = urlsplit(ENDPOINT)
    try:
        socket.create_connection((host.hostname or "", host.port or 443), timeout=5).close()
    except OSError as error:
        raise ModelError(f"no such folder, not in the local cache, and the hub is out of reach: {error}") from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the model library's warnings and hub advice off the terminal: one clear line of ours is enough."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(disabled)
