"""The index on a Milvus server, shared by as many replicas of the app as there are: see ``index/MILVUS.md``.

``milvus://host:port/reports`` names an alias. It points to the collection of the generation in use, with a second
collection beside it; both are complete and loaded before the alias is switched to them, and never change after.

    reports_<generation>         one row a vector: the passage's as a whole, with the passage, and its parts'
    reports_<generation>_texts   texts by key: the identity card, the documents, and for each term what it scores where

By meaning: Milvus finds the nearest vectors, and compares the candidates exactly. By wording: candidates come from
the scores of the question's rarest terms, which the build worked out over the whole corpus; a candidate is then scored
for all terms from its own text, with the corpus's statistics, as BM25 on one machine would.
"""
