"""Fuzzing: so many inputs without a crash, a hang, or an invariant broken.

``python -m tests.bench.fuzz COUNT [--seed N] [--only NAME]``. Inputs are made from the words of reports, numerals,
units and markup, and from valid files with bytes changed, cut, doubled or swapped; the targets share them.
A fault is printed with its seed; exit status 1 when there was one.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from index.build import build_index, chunk_document
from index.datamodels import Document
from index.documents import decode
from index.errors import SourceError, YoujuError
from index.readers.child import reader
from index.readers.parts import Unreadable, assemble
from index.structure import find_blocks
from qa.assistant import Assistant
from qa.datamodels import Answer
from qa.figures import find_figures
from qa.gaps import find_gaps
from qa.overlap import OverlapReader
from qa.slots import slotted, windows
from tests import made
from tests.conftest import REPORT, SEED, FakeEncoder

#: An input that takes longer counts as a hang, seconds of this process's processor time: the machine may be busy.
HANG = 2.0

_REPORTED = """
我国 网民 规模 农村 城镇 普及率 达 为 是 约 近 超 万 亿 万亿 百 千 成 % ％ ‰ 个百分点 年 月 日 第 位 次 较 增长
2020年 2021年12月 9.89 70.4 3,000 1,234.5 ０．５ 九 十 百 两 半 三分之二 -3 − + ~ 至 、 ， 。 ； ： ！ ？ （ ） 「 」
“ ” 《 》 | || --- # ## ``` * - > the rate of was 12.5 million percent billion per cent about nearly July 2020 $ £ .
, ; : ( ) [ ] 多少 几 吗 是否 哪年 how many what 👍🏽 é ﷽ ％ ½ ² Ⅳ ① 〇 廿 卅 億 萬 網 農 臺 null {{7*7}} <b> &amp;
"""
_WORDS = [
    *_REPORTED.split(),
    "\\",
    "../",
    "\n",
    "\n\n",
    " ",
    "\t",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\0",
    "\x1b",
    "\ud800",
]


def one_line(error: Exception) -> None:
    """Check that an error is one line that says something."""
    assert str(error)
    assert "\n" not in str(error)


def make_text(chance: random.Random, longest: int = 80) -> str:
    """Return a text of words, numerals, marks and stray characters."""
    words = chance.choices(_WORDS, k=chance.randint(0, longest))
    if chance.random() < 0.3:
        words = [chance.choice(words or ["5"])] * chance.randint(1, 300)
    text = chance.choice(["", "", "", " "]).join(words)
    if chance.random() < 0.2:
        text = (
            "".join(chr(chance.choice([chance.randrange(0x3000), chance.randrange(0x110000)])) for _ in range(20))
            + text
        )
    return text


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Return a file with some of its bytes changed, cut, doubled, moved or swapped for tokens."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        if not changed:
            break
        at = chance.randrange(len(changed))
        length = min(chance.choice([1, 1, 4, 16, 256]), len(changed) - at)
        match chance.randrange(6):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length] * chance.choice([1, 2, 50])
            case 3:
                changed[at : at + length] = chance.randbytes(length)
            case 4:
                changed[at:at] = chance.choice(
                    [b"<table>", b"<td rowspan=9999>", b"\xff", b"0" * 50, b"-1", b"endobj", b"&#x;"]
                )
            case _:
                del changed[at:]
    return bytes(changed)


# ---------------------------------------------------------------------------------------------------------------------
# Targets: each takes an input and raises when an invariant is broken


def check_figures(chance: random.Random) -> None:
    """Figures are exact slices, in order, apart."""
    text = make_text(chance)
    end = 0
    for figure in find_figures(text):
        assert text[figure.start : figure.end] == figure.text
        assert end <= figure.start < figure.end
        assert figure.value is None or figure.value.is_finite()
        end = figure.end


def check_gaps(chance: random.Random) -> None:
    """Gaps lie within the text, in order, with a probability each."""
    text = make_text(chance)
    gaps = find_gaps(text)
    assert [g.at for g in gaps] == sorted({g.at for g in gaps})
    assert all(0 <= g.at <= len(text) and 0 <= g.confidence <= 1 for g in gaps)


def check_document(document: Document, *, slots: bool) -> None:
    """Chunks are exact slices in order that hold all there is but markup; slots and windows lie within them."""
    at = 0
    for chunk in chunk_document(document):
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert at <= chunk.start < chunk.end
        at = chunk.end
        assert all(chunk.start <= c.start <= c.end <= chunk.end for c in chunk.cells)
        if slots and len(document.text) < 5000:
            passage = slotted(chunk, document.text)
            for window in windows(passage):
                read = window.as_read()
                assert all(0 <= s <= e <= len(read.text) for s, e in read.slots)
                for (s, e), slot in zip(read.slots, window.slots, strict=True):
                    assert slot.figure is None or read.text[s:e] == slot.figure.text


def check_structure(chance: random.Random) -> None:
    """A text of many lines is cut into blocks that do not overlap."""
    lines = [make_text(chance, 12).replace("\n", " ") for _ in range(chance.randint(0, 12))]
    if chance.random() < 0.4:
        lines = ["|" + "|".join(line.split(" ")) for line in lines]
        lines[1:1] = ["|---|---|"]
    text = "\n".join(lines)
    ends = [0]
    for block in find_blocks(text):
        assert ends[-1] <= block.start < block.end <= len(text)
        ends.append(block.end)
    check_document(Document("a.md", text, "", 0, "utf-8"), slots=chance.random() < 0.1)


def check_decode(chance: random.Random) -> None:
    """Bytes are decoded to text, or refused."""
    data = make_text(chance).encode(chance.choice(["utf-8", "gb18030", "utf-16", "big5"]), "ignore")
    with contextlib.suppress(SourceError):
        decode(mutated(chance, data) if chance.random() < 0.7 else data, "a.txt")


def check_reader(kind: str, samples: list[bytes]) -> Callable[[random.Random], None]:
    """Return a target for the reader of a format: a changed file is refused with a reason, or read."""

    def check(chance: random.Random) -> None:
        data = mutated(chance, chance.choice(samples))
        try:
            found = reader(kind)(data)
        except Unreadable as error:
            one_line(error)
            return
        text, blocks = assemble(found.parts)
        json.dumps(found.to_json())
        check_document(Document(f"a.{kind}", text, "", 0, kind, blocks), slots=chance.random() < 0.1)

    return check


def check_page(chance: random.Random) -> None:
    """Any markup is read as a page or refused."""
    tags = [
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "<th colspan=3>",
        "</table>",
        "<div>",
        "</div>",
        "<h2>",
        "</h2>",
    ]
    tags += [
        "<li>",
        "<nav>",
        "</nav>",
        "<br>",
        "<!--",
        "-->",
        "<script>",
        "</body>",
        "<b",
        "&nbsp;",
        "<caption>",
        "<ul>",
    ]
    parts = [
        chance.choice(tags) if chance.random() < 0.5 else make_text(chance, 6) for _ in range(chance.randint(1, 60))
    ]
    data = "".join(parts).encode("utf-8", "ignore")
    with contextlib.suppress(Unreadable):
        text, blocks = assemble(reader("html")(data).parts)
        check_document(Document("a.html", text, "", 0, "html", blocks), slots=chance.random() < 0.1)


def check_ask(assistant: Assistant) -> Callable[[random.Random], None]:
    """Return a target for questions: refused in one line, or answered with exact slices and no digit of its own."""

    def check(chance: random.Random) -> None:
        history = [make_text(chance, 10) for _ in range(chance.choice([0, 0, 1, 3]))]
        try:
            answer = assistant.ask(make_text(chance, 30), history=history)
        except YoujuError as error:
            one_line(error)
            return
        for quote in (*answer.quotes, *answer.nearest):
            text = assistant.document_text(quote.document)
            assert text[quote.start : quote.end] == quote.text
            assert all(text[f.start : f.end] == f.text for f in quote.figures)
        assert (answer.figures != ()) == (answer.verdict == "stated")
        assert not any(c.isdigit() for c in answer.message)
        assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer

    return check


def check_command(index: Path, folder: Path) -> Callable[[random.Random], None]:
    """Return a target for the command lines: status 0 or 2, and never a traceback."""
    import index.__main__ as index_cli
    import qa.__main__ as qa_cli
    from index import encoder
    from qa.reader import SlotReader

    # Loading the models takes longer than a hang; what they do is fuzzed in ``ask``.
    encoder.load_encoder = lambda model=None: FakeEncoder()
    SlotReader.load = staticmethod(lambda folder=None: OverlapReader())

    def check(chance: random.Random) -> None:
        file = folder / "input.json"
        file.write_bytes(mutated(chance, (folder / "answer.json").read_bytes()))
        words = [make_text(chance, 4) for _ in range(3)]
        line = chance.choice(
            [
                ["verify", str(file), "--index", str(index)],
                ["evaluate", str(file), "--index", str(index)],
                ["gaps", str(file)],
                ["gaps", words[0]],
                ["retrieve", words[0], "-k", words[1], "--index", str(index)],
                ["ask", words[0], "--index", words[1]],
                ["verify", words[0]],
                words,
            ]
        )
        main = chance.choice([qa_cli.main, qa_cli.main, index_cli.main])
        if main is index_cli.main:
            line = chance.choice(
                [["info", "--index", words[0]], ["build", words[0], "--out", str(folder / "o")], words]
            )
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main(line)
            except SystemExit as stopped:
                status = stopped.code
        assert status in (0, 2), status
        assert "Traceback" not in err.getvalue()
        assert "unexpected" not in err.getvalue(), err.getvalue()

    return check


def targets(folder: Path) -> dict[str, tuple[int, Callable[[random.Random], None]]]:
    """Return every target with its share of the inputs."""
    index = folder / "index"
    source = folder / "sources"
    source.mkdir()
    (source / "energy.txt").write_text(REPORT, encoding="utf-8")
    (source / "seed.txt").write_bytes(SEED.read_bytes())
    (source / "表.md").write_text(
        "| 地区 | 2020年 | 2021年 |\n|--|--|--|\n| 农村 | 3.09亿 | |\n| 城镇 | 亿 | 7 |\n", "utf-8"
    )
    build_index(source, index, encoder=FakeEncoder())
    assistant = Assistant.open(index, encoder=FakeEncoder(), reader=OverlapReader())
    (folder / "answer.json").write_text(json.dumps(assistant.ask("水电发电量是多少？").to_dict()), encoding="utf-8")
    story = [("h", "一、网民"), *made.PARAGRAPHS, made.TABLE]
    pdfs = [
        made.pdf(story, header="某报告", footer="- {page} -"),
        made.pdf(made.ENGLISH * 3, columns=2),
        made.blank_pdf(2),
    ]
    table = "".join(f"<tr><td>{a}<td>{b}<td>{c}</tr>" for a, b, c in made.TABLE)
    page = (
        f"<html><body><nav>x</nav><h1>公报</h1><p>{made.PARAGRAPHS[0]}</p><table>{table}</table></body></html>".encode()
    )
    return {
        "figures": (25, check_figures),
        "gaps": (8, check_gaps),
        "structure": (20, check_structure),
        "decode": (15, check_decode),
        "pdf": (6, check_reader("pdf", pdfs)),
        "docx": (4, check_reader("docx", [made.docx(story)])),
        "html": (4, check_reader("html", [page])),
        "page": (4, check_page),
        "ask": (10, check_ask(assistant)),
        "command": (4, check_command(index, folder)),
    }


@contextlib.contextmanager
def clocked() -> Iterator[None]:
    """Raise TimeoutError in a piece of work that takes more than ``HANG`` seconds of processor time."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"more than {HANG} seconds")

    signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main() -> int:
    """Share the inputs out among the targets; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=0, help="of the first input of each target")
    parser.add_argument("--only", help="one target")
    arguments = parser.parse_args()
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        chosen = {k: v for k, v in targets(Path(name)).items() if arguments.only in (None, k)}
        shares = sum(share for share, _ in chosen.values())
        for target, (share, check) in chosen.items():
            count = max(1, arguments.count * share // shares)
            begun, slowest = time.perf_counter(), 0.0
            for seed in range(arguments.seed, arguments.seed + count):
                started = time.process_time()
                try:
                    with clocked():
                        check(random.Random(seed))
                except Exception:
                    faults += 1
                    print(f"{target} --seed {seed}: {traceback.format_exc(limit=-3)}", file=sys.stderr, flush=True)
                slowest = max(slowest, time.process_time() - started)
            took = time.perf_counter() - begun
            print(f"{target:10} {count:7} inputs, {took:7.1f} s, slowest {slowest:.2f} s", flush=True)
    print(f"{faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
