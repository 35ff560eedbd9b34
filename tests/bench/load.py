"""Many askers at once through the HTTP API of a real app, on this machine only, for a bounded time.

``python -m tests.bench.load [--askers 200] [--seconds 60] [--rebuilds 3]``: builds an index, starts ``app.py`` over it
on 127.0.0.1, asks every question once alone, then lets each asker ask one after another for the time given; then once
more while the index is rebuilt. Prints for each round the answers, errors, answers that differ from those given alone,
times and the memory of the server. Exit status 1 when there was an error or another answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from tests.conftest import REPORT, ROOT, SEED
from tests.serve import free_port

QUESTIONS = [
    "水电发电量是多少？",
    "原煤产量是多少？",
    "风电装机容量是多少？",
    "农村网民规模是多少？",
    "网络零售连续几年全球第一？",
    "火星上有多少人？",
    "数字人民币在哪里试点？",
    "全年发电量比上年增长多少？",
]

#: An answer that takes longer counts as an error, seconds.
PATIENCE = 300.0


@dataclass
class Round:
    """What a round came to."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def describe(self) -> str:
        """Return one line."""
        times = sorted(self.seconds) or [0.0]
        return (
            f"{len(self.seconds)} answers, {len(self.errors)} errors, {len(self.wrong)} other answers; "
            f"median {median(times):.1f} s, slowest {times[-1]:.1f} s; "
            f"memory {self.memory[0]} MB at first, {max(self.memory)} MB at most, {self.memory[-1]} MB at last"
        )


async def ask(client: httpx.AsyncClient, question: str) -> dict[str, Any]:
    """Ask through the API as any client does: post the question, read the events until it is answered."""
    posted = await client.post("/gradio_api/call/ask", json={"data": [question, [], None]})
    posted.raise_for_status()
    async with client.stream("GET", f"/gradio_api/call/ask/{posted.json()['event_id']}") as events:
        event = ""
        async for line in events.aiter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: ") and event == "complete":
                return json.loads(line.removeprefix("data: "))[0]  # type: ignore[no-any-return]
            elif line.startswith("data: ") and event == "error":
                raise RuntimeError(line)
    raise RuntimeError("the events ended without an answer")


def gist(answer: dict[str, Any]) -> tuple[Any, ...]:
    """Return what must not change from one answer to the next."""
    return answer["verdict"], [q["text"] for q in answer["quotes"]], [f["text"] for f in answer["figures"]]


async def run(url: str, pid: int, askers: int, seconds: float, alone: dict[str, tuple[Any, ...]]) -> Round:
    """Let askers ask until the time is over; each waits for the answer to its last question."""
    result = Round()
    end = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)

    async def asker(number: int, client: httpx.AsyncClient) -> None:
        at = number
        while time.monotonic() < end:
            question = QUESTIONS[at % len(QUESTIONS)]
            at += 1
            started = time.monotonic()
            try:
                answer = await ask(client, question)
            except (httpx.HTTPError, RuntimeError, ValueError, KeyError) as error:
                result.errors.append(f"{type(error).__name__}: {error}"[:200])
                continue
            result.seconds.append(time.monotonic() - started)
            if gist(answer) != alone[question]:
                result.wrong.append(f"{question}: {gist(answer)}")

    async def watch() -> None:
        while time.monotonic() < end + PATIENCE:
            result.memory.append(resident(pid))
            await asyncio.sleep(1)

    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits) as client:
        watching = asyncio.create_task(watch())
        await asyncio.gather(*(asker(number, client) for number in range(askers)))
        result.memory.append(resident(pid))
        watching.cancel()
    return result


def resident(pid: int) -> int:
    """Return the resident memory of a process, MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) // 1024


def build(source: Path, index: Path) -> None:
    """Build the index in a process of its own."""
    command = [sys.executable, "-m", "index", "build", str(source), "--out", str(index)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


async def rebuilding(source: Path, index: Path, times: int, result: asyncio.Future[Round]) -> int:
    """Rebuild so many times while a round goes on; return how many builds were complete before it ended."""
    done = 0
    for _ in range(times):
        await asyncio.to_thread(build, source, index)
        done += not result.done()
    return done


async def rounds(url: str, pid: int, source: Path, index: Path, arguments: argparse.Namespace) -> int:
    """Run both rounds and print them; returns the exit status."""
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
        alone = {question: gist(await ask(client, question)) for question in QUESTIONS}
    for question, (verdict, _, figures) in alone.items():
        print(f"  {question} {verdict} {' '.join(figures)}")
    quiet = await run(url, pid, arguments.askers, arguments.seconds, alone)
    print(f"{arguments.askers} askers, {arguments.seconds:.0f} s: {quiet.describe()}", flush=True)
    busy = asyncio.ensure_future(run(url, pid, arguments.askers, arguments.seconds, alone))
    built = await rebuilding(source, index, arguments.rebuilds, busy)
    loaded = await busy
    print(f"the same, rebuilt {built} times meanwhile: {loaded.describe()}", flush=True)
    faults = [*quiet.errors, *quiet.wrong, *loaded.errors, *loaded.wrong]
    print("\n".join(dict.fromkeys(faults[:10])) or "no error and no other answer")
    return 1 if faults else 0


def main() -> int:
    """Start the app, run the rounds, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--askers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rebuilds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        source, index = Path(name, "sources"), Path(name, "index")
        source.mkdir()
        (source / "energy.txt").write_text(REPORT, encoding="utf-8")
        (source / "seed.txt").write_bytes(SEED.read_bytes())
        build(source, index)
        command = [sys.executable, "app.py", "--port", str(free_port()), "--index", str(index)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as app:
            try:
                assert app.stdout is not None
                url = next(word for word in app.stdout.readline().split() if word.startswith("http://"))
                return asyncio.run(rounds(url, app.pid, source, index, arguments))
            finally:
                app.terminate()


if __name__ == "__main__":
    sys.exit(main())
