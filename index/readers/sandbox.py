"""Read a file of a rich format in a process of its own, bounded in time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from index.readers.child import SECONDS
from index.readers.parts import Parts, Unreadable

_ROOT = str(Path(__file__).resolve().parents[2])
_CODE = "import sys; sys.path.insert(0, sys.argv[1]); from index.readers.child import main; sys.exit(main(sys.argv[2]))"


def read_parts(data: bytes, kind: str) -> Parts:
    """Return the parts of a file of the format ``kind``. Raises Unreadable with the reason and the next step."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CODE, _ROOT, kind], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"reading it took more than {SECONDS} seconds. Split it, or save it anew.") from error
    except OSError as error:
        raise Unreadable(
            f"no process can be started to read it ({error.strerror or error}). Free some memory."
        ) from error
    if done.returncode != 0:
        missing = (
            "No module named" in (lines := done.stderr.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
        )
        if missing:
            raise Unreadable(f"a package is missing ({lines[-1]}). Install the project anew: pip install -e .")
        how = f"signal {-done.returncode}" if done.returncode < 0 else lines[-1][:120]
        raise Unreadable(f"the file is damaged; its reader stopped ({how}). Open it and save it anew.")
    found = json.loads(done.stdout)
    if "unreadable" in found:
        raise Unreadable(found["unreadable"])
    return Parts.from_json(found)
