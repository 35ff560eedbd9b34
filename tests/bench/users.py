"""Many people asking the running page's API at once, against one alone.

    python app.py &
    python -m tests.bench.users --url http://127.0.0.1:7860 --users 20 --questions 3

Every user waits for an answer before asking again. Prints the median and the 95th percentile of the answer time in
seconds, alone and together, and the number of errors.
"""

from __future__ import annotations

import argparse
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from gradio_client import Client

#: Quantities that reports give: what they find does not matter here, the work is the same.
QUESTIONS = (
    "网民规模是多少？",
    "农村地区的普及率是多少？",
    "用户规模增长了多少？",
    "网上零售额是多少？",
    "总市值达到多少？",
)


#: Longest wait for one request, seconds: a slow answer is to be measured, not counted as an error.
TIMEOUT = 300


def ask_in_turn(client: Client, user: int, count: int) -> tuple[list[float], int]:
    """Return the seconds of each answer, and how many questions failed."""
    times: list[float] = []
    errors = 0
    for number in range(count):
        started = time.perf_counter()
        try:
            client.predict(QUESTIONS[(user + number) % len(QUESTIONS)], api_name="/ask")
            times.append(time.perf_counter() - started)
        except Exception as error:
            errors += 1
            print(f"user {user}: {error}")
    return times, errors


def describe(name: str, times: list[float], errors: int) -> str:
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return (
        f"{name:>10}: {len(times)} answers, median {statistics.median(times):.2f} s, p95 {p95:.2f} s, {errors} errors"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:7860")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--questions", type=int, default=3)
    arguments = parser.parse_args()
    # Connecting reads the API's description once: it is no part of an answer, and is done before anybody asks.
    clients = [Client(arguments.url, verbose=False, httpx_kwargs={"timeout": TIMEOUT}) for _ in range(arguments.users)]
    ask_in_turn(clients[0], 0, 2)  # warm
    print(describe("alone", *ask_in_turn(clients[0], 0, 4 * arguments.questions)))
    with ThreadPoolExecutor(arguments.users) as pool:
        asked = [pool.submit(ask_in_turn, client, n, arguments.questions) for n, client in enumerate(clients)]
        done = [future.result() for future in asked]
    print(describe(f"{arguments.users} users", [t for times, _ in done for t in times], sum(e for _, e in done)))


if __name__ == "__main__":
    main()
