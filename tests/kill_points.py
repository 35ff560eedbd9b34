"""Kill a build with SIGKILL at its n-th step, for one n after another, and see what is left each time.

``python -m tests.kill_points FOLDER [EVERY]``: a step is whatever the build asks of the system (open, rename, remove,
make a folder); every ``EVERY``-th is tried. Each build runs in a process of its own, forked from this one.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from index.build import build_index
from index.store import open_store
from tests.conftest import REPORT, FakeEncoder

STEPS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.listdir", "os.scandir"})


def run(folder: Path, every: int = 1) -> dict[str, int]:
    """Return how many builds were killed, and how many of them left the old and the new index; raises on any fault."""
    source, index = folder / "源 文件", folder / "索引 index"
    source.mkdir()
    report = source / "报告.txt"
    report.write_text(REPORT, encoding="utf-8")
    build_index(source, index, encoder=FakeEncoder())
    counts = {"killed": 0, "old": 0, "new": 0}
    step = 1
    while True:
        old = open_store(index).info
        report.write_text(f"{REPORT}第{step}次修订，新增装机{step}万千瓦。\n", encoding="utf-8")
        if not _dies_at(step, source, index):
            return counts
        counts["killed"] += 1
        left = open_store(index)  # raises when anything is half written
        text = left.documents["报告.txt"].text
        new = f"第{step}次修订" in text
        assert new != (left.info.generation == old.generation)
        counts["new" if new else "old"] += 1
        build_index(source, index, encoder=FakeEncoder())
        assert f"第{step}次修订" in open_store(index).documents["报告.txt"].text
        assert len(list((index / "generations").iterdir())) == 1, "an unfinished generation was left behind"
        assert not list(index.glob("unfinished-*"))
        step += every


def _dies_at(step: int, source: Path, index: Path) -> bool:
    """Build in a child that kills itself at a step; False when the build ends before it."""
    child = os.fork()
    if child == 0:
        count = 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            if event in STEPS and str(index) in str(arguments[0] if arguments else ""):
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        build_index(source, index, encoder=FakeEncoder())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
