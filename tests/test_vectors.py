"""The vector index against a dot product in numpy, exact and with inverted lists."""

from pathlib import Path

import numpy as np
import pytest

from index.arrays import TYPES, map_array, save_array
from index.vectors import VectorIndex

rng = np.random.default_rng(3)
CENTRES = rng.normal(size=(40, 32))
VECTORS = (CENTRES[rng.integers(0, 40, 3000)] + 0.3 * rng.normal(size=(3000, 32))).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
OWNERS = np.sort(rng.integers(0, 700, 3000)).astype(np.int32)


@pytest.mark.parametrize("exact", [10_000, 100])
def test_nearest_and_similarities(exact: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.vectors.EXACT", exact)
    VectorIndex.build(VECTORS, OWNERS, exact=exact).save(tmp_path)
    index = VectorIndex.load(tmp_path)
    is_exact = exact > len(VECTORS)
    np.testing.assert_allclose(index.vectors(), VECTORS, atol=0 if is_exact else 1e-3)
    passages = np.unique(OWNERS)[::7]
    shares = []
    for query in VECTORS[::300]:
        products = VECTORS @ query
        own = [products[p == OWNERS] for p in passages]
        wholes, nearest = index.similarities(query, passages)
        near = 1e-6 if is_exact else 2e-3
        np.testing.assert_allclose(wholes, [o[-1] for o in own], atol=near)
        np.testing.assert_allclose(nearest, [o[:-1].max() if len(o) > 1 else o[0] for o in own], atol=near)
        wanted = set(OWNERS[np.argsort(-products)[:10]].tolist())
        found = index.nearest(query, 10).tolist()
        assert found == sorted(set(found))
        shares.append(len(wanted & set(found)) / len(wanted))
    assert np.mean(shares) >= (1.0 if is_exact else 0.98)


def test_more_than_there_are_and_none(tmp_path: Path) -> None:
    index = VectorIndex.build(VECTORS[:3], np.array([0, 0, 2], dtype=np.int32))
    assert index.nearest(VECTORS[0], 99).tolist() == [0, 2]
    assert index.nearest(VECTORS[0], 0).tolist() == []
    assert [len(s) for s in index.similarities(VECTORS[0], np.zeros(0, dtype=np.int32))] == [0, 0]
    index.save(tmp_path)
    save_array(tmp_path / "owners.i32", np.array([0, 2, 1]))
    with pytest.raises(ValueError, match="do not fit"):
        VectorIndex.load(tmp_path)


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    for ending, kind in TYPES.items():
        for values in (np.array([0, 1, 2**30 + 1]), np.zeros(0)):
            path = tmp_path / f"own{ending}"
            save_array(path, values.astype(kind))
            np.testing.assert_array_equal(map_array(path), values.astype(kind))
    (tmp_path / "half.i32").write_bytes(b"12345")
    with pytest.raises(ValueError, match=r"divisible|multiple"):
        map_array(tmp_path / "half.i32")
