"""The bundled encoder as a sentence-transformers input module, for whoever wants it through that library."""

from __future__ import annotations

from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

from index.bundled import BundledEncoder


class BundledModule(InputModule):  # type: ignore[misc]
    """Hands texts to a ``BundledEncoder``, which tokenises, prefixes (``query:``/``passage:``) and pools itself."""

    def __init__(self, encoder: BundledEncoder) -> None:
        super().__init__()
        self._encoder = encoder

    def preprocess(
        self,
        inputs: list[str],
        prompt: str | None = None,
        task: str | None = None,
        **_: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Encode at once, as questions when ``task`` is "query", else as passages."""
        encode = self._encoder.encode_query if task == "query" else self._encoder.encode_document
        return {"sentence_embedding": torch.from_numpy(encode([(prompt or "") + text for text in inputs]))}

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        """Return the features as they are: ``preprocess`` has the sentence embeddings in them."""
        return features

    def get_embedding_dimension(self) -> int:
        """Return 384."""
        return self._encoder.dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Refuse: the weights stay in the package."""
        raise NotImplementedError("the bundled model stays in its package; there is nothing to save")


def sentence_transformer(encoder: BundledEncoder) -> SentenceTransformer:
    """Return ``encoder`` as a SentenceTransformer; its methods of the same names give the same vectors."""
    return SentenceTransformer(modules=[BundledModule(encoder)], device="cpu")
