"""Time from process start to the first answer, and for each question after it: ``python -m tests.bench.first_answer``.

Uses the default index (build it first) and the questions the assistant draws from it. Medians of five processes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from qa.assistant import Assistant
from qa.examples import example_questions


def main() -> None:
    assistant = Assistant.open()
    assistant.warm_up()
    questions = [example.question for example in example_questions(assistant)]
    cold = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "qa", "ask", questions[0]], check=True, capture_output=True)
        cold.append(time.perf_counter() - start)
    warm, encoding = [], []
    encoder = assistant._ready_encoder()
    for question in questions * 8:
        start = time.perf_counter()
        assistant.ask(question)
        warm.append(time.perf_counter() - start)
        start = time.perf_counter()
        encoder.encode_query([question])
        encoding.append(time.perf_counter() - start)
    print("| what | median | spread |\n|---|---|---|")
    print(f"| process start to first answer | {statistics.median(cold):.1f} s | {min(cold):.1f}-{max(cold):.1f} s |")
    for name, values in (("a question after that", warm), ("of which encoding", encoding)):
        ms = [v * 1000 for v in values]
        print(f"| {name} | {statistics.median(ms):.0f} ms | {min(ms):.0f}-{max(ms):.0f} ms |")


if __name__ == "__main__":
    main()
