"""Other retrieval libraries with their usual hybrid settings, each over the vectors it is given; those installed.

``pip install -e '.[bench]'``. Each encodes whole paragraphs, so each gets our vectors of those; BM25 gets our tokens
where the library takes a tokeniser (rank-bm25, bm25s), its own where not (txtai, Haystack).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from index.lexical import tokenize

DEEP = 10


class Peer(NamedTuple):
    name: str
    search: Callable[[str, np.ndarray], Sequence[int]]


class _Vector:
    """The vector of the question that is being asked, for libraries that want to encode by themselves."""

    now = np.zeros(0)


def peers(texts: Sequence[str], vectors: np.ndarray) -> Iterator[Peer]:
    """Yield those that are installed."""
    logging.disable(logging.WARNING)
    for make in (txtai, llama_index, langchain, haystack):
        with contextlib.suppress(ImportError):
            yield make(texts, vectors)


def txtai(texts: Sequence[str], vectors: np.ndarray) -> Peer:
    from txtai import Embeddings

    waiting = {text: vector for text, vector in zip(texts, vectors, strict=True)}

    def transform(batch: Sequence[str]) -> np.ndarray:
        return np.array([waiting.get(text, _Vector.now) for text in batch], dtype=np.float32)

    engine = Embeddings({"method": "external", "transform": transform, "hybrid": True, "content": False})
    engine.index([(row, text, None) for row, text in enumerate(texts)])

    def search(question: str, vector: np.ndarray) -> list[int]:
        _Vector.now = vector
        return [int(row) for row, _ in engine.search(question, DEEP)]

    return Peer("txtai, hybrid", search)


def llama_index(texts: Sequence[str], vectors: np.ndarray) -> Peer:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    class Given(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return _Vector.now.tolist()

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            raise AssertionError("nodes come with their vectors")

    nodes = [
        TextNode(id_=str(row), text=text, embedding=vector.tolist())
        for row, (text, vector) in enumerate(zip(texts, vectors, strict=True))
    ]
    dense = VectorStoreIndex(nodes, embed_model=Given()).as_retriever(similarity_top_k=DEEP)
    lexical = BM25Retriever.from_defaults(
        nodes=[TextNode(id_=node.id_, text=" ".join(tokenize(node.text))) for node in nodes],
        similarity_top_k=DEEP,
        token_pattern=r"\S+",
        skip_stemming=True,
    )

    class Tokenised(type(lexical)):  # type: ignore[misc]
        """BM25 over our tokens, the question cut like the texts."""

        def _retrieve(self, bundle: Any) -> Any:
            from llama_index.core.schema import QueryBundle

            return super()._retrieve(QueryBundle(" ".join(tokenize(bundle.query_str)) or "?"))

    lexical.__class__ = Tokenised
    fused = QueryFusionRetriever(
        [dense, lexical], llm=MockLLM(), num_queries=1, similarity_top_k=DEEP, mode="reciprocal_rerank", use_async=False
    )
    row_of = {node.text: int(node.id_) for node in nodes}
    row_of |= {" ".join(tokenize(node.text)): int(node.id_) for node in nodes}

    def search(question: str, vector: np.ndarray) -> list[int]:
        _Vector.now = vector
        return list(dict.fromkeys(row_of[found.node.text] for found in fused.retrieve(question)))

    return Peer("LlamaIndex, QueryFusionRetriever", search)


def langchain(texts: Sequence[str], vectors: np.ndarray) -> Peer:
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    class Given(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise AssertionError("texts come with their vectors")

        def embed_query(self, text: str) -> list[float]:
            return _Vector.now.tolist()

    rows = [{"row": row} for row in range(len(texts))]
    store = FAISS.from_embeddings(zip(texts, vectors.tolist(), strict=True), Given(), metadatas=rows)
    lexical = BM25Retriever.from_texts(list(texts), metadatas=rows, preprocess_func=tokenize, k=DEEP)
    both = EnsembleRetriever(
        retrievers=[store.as_retriever(search_kwargs={"k": DEEP}), lexical], weights=[0.5, 0.5], id_key="row"
    )

    def search(question: str, vector: np.ndarray) -> list[int]:
        _Vector.now = vector
        return [document.metadata["row"] for document in both.invoke(question)][:DEEP]

    return Peer("LangChain, EnsembleRetriever", search)


def haystack(texts: Sequence[str], vectors: np.ndarray) -> Peer:
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore(embedding_similarity_function="cosine", bm25_tokenization_regex=r"(?u)\w")
    store.write_documents(
        [
            Document(id=str(row), content=text, embedding=vector.tolist())
            for row, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
    )
    lexical, dense = InMemoryBM25Retriever(store, top_k=DEEP), InMemoryEmbeddingRetriever(store, top_k=DEEP)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEEP)

    def search(question: str, vector: np.ndarray) -> list[int]:
        found = [lexical.run(query=question)["documents"], dense.run(query_embedding=vector.tolist())["documents"]]
        return [int(document.id) for document in joiner.run(documents=found)["documents"]]

    return Peer("Haystack, reciprocal rank fusion", search)
