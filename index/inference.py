"""Runs the shipped networks with onnxruntime: one thread a text, as many texts at once as there are cores.

A pool of threads inside one text would gain little on texts this short, and waits for work by spinning, which starves
whoever shares the cores.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_NAME = "youju inference"

_alone = False


def open_session(name: str, network: bytes) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    """Load a network from the bytes of its file; several threads may run it at once. Raises RuntimeError."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # only its Windows builds have any
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # it warns of graphics cards it does not find
    try:
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library has a dozen kinds, all of them plain exceptions
        raise RuntimeError(f"{name} is no network that can be run: {str(error).splitlines()[0]}") from error


_begun: dict[Path, Future[Any]] = {}


def load_ahead(*networks: Path) -> None:
    """Begin to load networks beside other work: ``open_network`` waits for them, and tells what failed."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="load networks")
    _begun.update((network, pool.submit(_load, network)) for network in networks)
    pool.shutdown(wait=False)


def open_network(network: Path) -> Any:  # noqa: ANN401
    """Load the network in a file. Raises OSError or RuntimeError."""
    begun = _begun.pop(network, None)
    return begun.result() if begun else _load(network)


def _load(network: Path) -> Any:  # noqa: ANN401
    return open_session(network.name, network.read_bytes())


def in_parallel(function: Callable[[Item], Result], items: Sequence[Item]) -> Iterable[Result]:
    """Return ``function`` of each item in order. Its work must let go of Python's lock, as onnxruntime's does."""
    alone = _alone or len(items) < 2 or cores() < 2
    # Work of the pool that waited for other work of the pool could wait for ever.
    if alone or threading.current_thread().name.startswith(_NAME):
        return map(function, items)
    return _pool().map(function, items)


def work_alone() -> None:
    """Let this process work on one text at a time from now on: others like it use the other cores."""
    global _alone
    _alone = True


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix=_NAME)
