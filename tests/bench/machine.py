"""What a benchmark ran on: processor, cores, versions."""

from __future__ import annotations

import importlib.metadata
import platform
import re
from pathlib import Path

from index.inference import cores

PACKAGES = (
    "numpy", "faiss-cpu", "onnxruntime", "tokenizers",
    "txtai", "llama-index-core", "langchain-community", "haystack-ai",
)  # fmt: skip


def machine() -> str:
    """Return one line."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", info.read_text()) if info.exists() else None
    name = found.group(1) if found else platform.processor() or platform.machine()
    return f"{name}, {cores()} cores, {platform.system()}, Python {platform.python_version()}; {versions()}"


def versions() -> str:
    known = []
    for package in PACKAGES:
        try:
            known.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ", ".join(known)
