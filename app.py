"""The web chat and its HTTP API: ``python app.py``. It draws, and calls one ``Assistant``; ``qa`` does the thinking."""

# No ``from __future__ import annotations``: Gradio reads those of the API functions as types.
import argparse
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from tqdm import tqdm

from index import build_index
from index.__main__ import default_sources
from index.build import Progress
from index.datamodels import IndexInfo
from index.freshness import changed_sources
from index.place import is_remote, place_at
from index.store import DEFAULT_INDEX, is_default
from qa.assistant import Assistant
from qa.datamodels import Answer
from qa.endpoints import endpoints
from qa.errors import IndexMissingError, QuestionError, YoujuError
from qa.examples import nearby_questions
from qa.questions import MAX_QUESTION
from qa.web import draw
from qa.web.desk import Desk
from qa.web.draw_report import draw_report
from qa.web.guard import LocalNamesOnly, from_own_page, is_loopback
from qa.web.icons import icon
from qa.web.layout import draw_header, draw_scope, draw_waiting, draw_welcome
from qa.web.live import LiveAssistant, Reopen
from qa.web.texts import label, text

#: Answers worked on at the same time, and questions that may wait: beyond them the page says that it is busy.
CONCURRENCY = 4
QUEUE = 256

_FONT = ["system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "Noto Sans Mono", "monospace"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation, drawn; ``asked`` is what later questions may lean on, None after an error."""

    question: str
    reply: str
    asked: str | None


def asset(name: str) -> str:
    """Return the text of a file of ``qa/web``."""
    return files("qa.web").joinpath(name).read_text(encoding="utf-8")


def draw_fault(question: str) -> str:
    """Return the kind line for a question that the assistant refuses."""
    if len(question.strip()) > MAX_QUESTION:
        return draw.draw_note("question_long", MAX_QUESTION)
    unreadable = any("\ud800" <= c <= "\udfff" or c == "\0" for c in question)
    return draw.draw_note("question_unreadable" if unreadable else "question_empty")


def reply_to(
    assistant: Assistant, question: str, turns: list[Turn], document: str | None = None
) -> tuple[Turn, Answer | None]:
    """Answer a question in the light of the turns before it; what goes wrong becomes a line in the conversation."""
    try:
        answer = assistant.ask(question, [t.asked for t in turns if t.asked], document)
    except QuestionError:
        return Turn(question, draw_fault(question), None), None
    except YoujuError as error:
        return Turn(question, draw.draw_error(str(error)), None), None
    return Turn(
        question, draw.draw_answer(answer, document, generation=assistant.info.generation), answer.question
    ), answer


def with_nearby(assistant: Assistant, turn: Turn, answer: Answer, document: str | None) -> Turn | None:
    """Return the turn with questions that the report does answer, when it has none for this one."""
    if answer.verdict != "not_found":
        return None
    offered = nearby_questions(assistant, answer.understood or answer.question, document)
    drawn = draw.draw_answer(answer, document, offered, assistant.info.generation)
    return replace(turn, reply=drawn) if offered else None


def draw_turns(turns: list[Turn], pending: str | None = None) -> list[dict[str, Any]]:
    """Return the conversation for the chat: as HTML components, since the chat would read plain text as Markdown."""
    drawn = [(t.question, t.reply) for t in turns]
    if pending is not None:
        drawn.append((pending, draw.draw_pending()))
    return [
        {"role": role, "content": gr.HTML(html, apply_default_css=False)}
        for question, reply in drawn
        for role, html in (("user", draw.draw_question(question)), ("assistant", reply))
    ]


@lru_cache(maxsize=8)
def draw_document(assistant: Assistant, name: str | None) -> str:
    """Return a document of the index (None: the first) as the report pane shows it; empty when there is none."""
    names = [d.name for d in assistant.info.documents]
    known = names[0] if name is None else name
    if known not in names:
        return ""
    passages = assistant.slotted_passages([known])[known]
    return draw_report(known, names, assistant.document_text(known), passages, assistant.info.generation)


def build_demo(assistant: Assistant, reopen: Reopen = Assistant.open, desk: Desk | None = None) -> gr.Blocks:
    """Return the page and the HTTP API over an open assistant; its models are loaded in the background.

    ``reopen`` opens the index folder anew when it has been rebuilt while the page is running. With a ``desk``, readers
    of the page may add and remove reports and rebuild.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Blocks is built; on unless told otherwise
    live = LiveAssistant(assistant, reopen)

    def report(name: object = None) -> str:
        return draw_document(live.current(), name if isinstance(name, str) else None)

    def respond(turns: list[Turn], event: gr.EventData) -> Iterator[tuple[list[dict[str, Any]], list[Turn]]]:
        question, document = str(event.question), str(event.document) or None
        yield draw_turns(turns, question), turns
        assistant = live.current()
        turn, answer = reply_to(assistant, question, turns, document)
        yield draw_turns([*turns, turn]), [*turns, turn]
        if answer is not None and (fuller := with_nearby(assistant, turn, answer, document)):
            yield draw_turns([*turns, fuller]), [*turns, fuller]

    with gr.Blocks(title="有据 Youju", analytics_enabled=False, fill_width=True, fill_height=True) as demo:
        turns = gr.State([])
        gr.HTML(
            draw_header(desk is not None),
            elem_id="top",
            apply_default_css=False,
            js_on_load="youju.desk(element, server)" if desk else None,
            server_functions=desk_functions(desk, live) if desk else None,
        )
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk"):
                gr.HTML(draw_welcome(), elem_id="welcome", apply_default_css=False)
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    layout="panel",
                    height="100%",
                    buttons=[],
                    latex_delimiters=[],
                    allow_tags=False,
                    feedback_options=None,
                    autoscroll=False,
                )
                gr.HTML(draw_waiting(), elem_id="waiting", apply_default_css=False)
                examples = gr.HTML(
                    f'<p class="wait">{text("examples_wait")}</p>',
                    elem_id="examples",
                    apply_default_css=False,
                )
                gr.HTML(
                    "",
                    html_template=draw_scope(),
                    elem_id="scope",
                    apply_default_css=False,
                    js_on_load="youju.scope(element, props, watch)",
                )
                with gr.Row(elem_id="ask"):
                    gr.Textbox(
                        elem_id="question",
                        label="问题 Question",
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=5,
                    )
                    send = gr.HTML(
                        f'<button type="button" {label("send")}>{icon("send")}</button>',
                        elem_id="send",
                        apply_default_css=False,
                        js_on_load="youju.asking(element, trigger)",
                    )
            with gr.Column(elem_id="report"):
                pane = gr.HTML(
                    f'<p class="wait">{text("report_wait")}</p>',
                    elem_id="pane",
                    apply_default_css=False,
                    js_on_load="youju.report(element, props, server, watch)",
                    server_functions=[report],
                )
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        # The page's script sends one question at a time, and the next when it hears that the last is finished.
        asked = send.click(respond, turns, [chat, turns], concurrency_id="ask", trigger_mode="multiple", **private)
        asked.success(None, js="() => youju.finished(true)", **private)
        asked.failure(None, js="() => youju.finished(false)", **private)
        demo.load(report, None, pane, **private)
        demo.load(lambda: draw.draw_examples(live.examples()), None, examples, concurrency_limit=None, **private)
        _add_api(live)
    demo.queue(default_concurrency_limit=CONCURRENCY, max_size=QUEUE)
    return demo


def is_newest(info: IndexInfo) -> bool:
    """Whether no newer index has been built at its place; a damaged one or none does not count."""
    try:
        return place_at(info.path).generation() == info.generation
    except YoujuError:
        return True


def desk_functions(desk: Desk, live: LiveAssistant) -> list[Callable[..., dict[str, Any]]]:
    """Return what the page's script may call at the desk; each answers with the state, or with an error line."""

    def state(error: str | None = None) -> dict[str, Any]:
        info = live.current().info
        now = desk.state()
        documents = [{"name": d.name, "passages": d.passages} for d in info.documents]
        skipped = [f"{s.name}: {s.reason}" for s in info.skipped]
        return {
            **now,
            "documents": documents,
            "skipped": skipped,
            "changed": [] if now["running"] or not is_newest(info) else changed_sources(info),
            "generation": info.generation,
            "error": error or now["error"],
        }

    def attempt(request: gr.Request, change: Callable[[], object]) -> dict[str, Any]:
        if not from_own_page(request.headers):
            return state("only the page itself may change the sources.")
        try:
            desk.rebuild(change)
        except YoujuError as error:
            return state(str(error))
        return state()

    # Gradio hands each of them one value from the page, of whatever type the page has sent, and the request.
    def desk_state(_: object) -> dict[str, Any]:
        return state()

    def desk_rebuild(_: object, request: gr.Request) -> dict[str, Any]:
        return attempt(request, lambda: None)

    def desk_add(files: object, request: gr.Request) -> dict[str, Any]:
        sent = [f if isinstance(f, dict) else {} for f in (files if isinstance(files, list) else [files])]
        return attempt(request, lambda: desk.add_all([(str(f.get("name")), str(f.get("content"))) for f in sent]))

    def desk_remove(name: object, request: gr.Request) -> dict[str, Any]:
        return attempt(request, lambda: desk.remove(str(name)))

    return [desk_state, desk_rebuild, desk_add, desk_remove]


def _add_api(live: LiveAssistant) -> None:
    """Add the public endpoints, typed and described on the app's own API page."""
    for function in endpoints(live.current, api_error):
        gr.api(function, api_name=function.__name__, concurrency_id="ask")


def api_error(line: str) -> gr.Error:
    """Return the error that Gradio hands to its clients."""
    return gr.Error(line, print_exception=False)


def launch_settings(local: bool = True) -> dict[str, Any]:
    """Return what ``launch`` needs for this page: look, script, and no telemetry of any kind.

    ``local``: it is for this machine only, and answers under no other name.
    """
    theme = gr.themes.Base(font=_FONT, font_mono=_MONO)
    return {
        "theme": theme,
        # Not as ``css``: Gradio would put its own class before every selector, those for the root element included.
        "head": f"<style>{asset('page.css')}</style><script>{asset('page.js')}</script>",
        "app_kwargs": {"middleware": [Middleware(LocalNamesOnly)] if local else []},
        "share": False,
        "run_history": False,
        "enable_monitoring": False,
        "footer_links": [],
        "max_file_size": "1mb",
        "ssr_mode": False,
        "quiet": True,
    }


def desk_for(assistant: Assistant, sources: Path) -> Desk | None:
    """Return a desk over the folder that the index was built from; None when it was built from something else."""
    info = assistant.info

    def build(folder: Path, progress: Progress) -> object:
        return build_index(folder, info.path, info.model, progress)

    desk = Desk(sources, build)
    return desk if sources.is_dir() and desk.owns(info) else None


def open_or_build(index: str | Path, model: str | None, source: Path | None) -> Assistant:
    """Open the index at ``index``; when there is none in that folder, build it from ``source`` first.

    Without a ``source`` only the project's own index is built, from the seeds: whoever names another has own reports.
    """
    try:
        return Assistant.open(index, model)
    except IndexMissingError:
        if is_remote(index):  # several replicas would build it at once
            raise
        if source is None and not is_default(index):
            raise
        source = source or default_sources()
        with tqdm(unit="passage", desc=f"no index yet, building it from {source}", file=sys.stderr) as bar:

            def report(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            build_index(source, index, model, report)
    return Assistant.open(index, model)


def check_port(host: str, port: int) -> None:
    """Raise OSError unless the port is free: at the address, and at 127.0.0.1, where Gradio looks as well."""
    for name in (host, "127.0.0.1"):
        family, _, _, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
        socket.create_server((str(address[0]), port), family=family).close()


def complain(line: str) -> None:
    """Say on stderr what the user can mend; on the real one, since loading a model diverts ``sys.stderr``."""
    stream = sys.__stderr__ or sys.stderr
    stream.write(f"error: {line}\n")


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Return the command line's settings; exits with status 2 on bad usage."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Start the web chat about the indexed reports.")
    parser.add_argument("--host", default="127.0.0.1", help="address to bind to (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=7860, help="port to bind to (default: 7860)")
    parser.add_argument(
        "--index", default=DEFAULT_INDEX, help="index folder, or milvus://host:port/collection (default: index/data)"
    )
    parser.add_argument("--sources", type=Path, help="folder of the reports (default: seeds), for a rebuild")
    parser.add_argument("--allow-rebuild", action="store_true", help="let visitors from other machines rebuild as well")
    parser.add_argument("--model", help="sentence-transformers name or folder (default: the one the index has)")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="ask visitors for this user name and password")
    parser.add_argument("--allow-remote", action="store_true", help="serve other machines, also through a proxy")
    arguments = parser.parse_args(argv)
    if not 1 <= arguments.port <= 65535:
        parser.error(f"--port {arguments.port}: give a number from 1 to 65535")
    user, _, password = (arguments.auth or "").partition(":")
    if arguments.auth is not None and not (user and password):
        parser.error("--auth takes a user name and a password: USER:PASSWORD")
    if not is_loopback(arguments.host) and not (arguments.allow_remote or arguments.auth):
        parser.error(f"--host {arguments.host} lets other machines in: add --auth USER:PASSWORD, or --allow-remote")
    arguments.auth = (user, password) if arguments.auth else None
    return arguments


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted; returns the exit status: 2 with one line on stderr for what the user can mend."""
    arguments = parse(argv)
    try:
        # Before anything takes long, and before the models load in a thread that could not be ended cleanly.
        check_port(arguments.host, arguments.port)
        model = arguments.model or os.environ.get("YOUJU_MODEL")
        assistant = open_or_build(arguments.index, model, arguments.sources)
        sources = arguments.sources or default_sources()
        local = is_loopback(arguments.host) and not arguments.allow_remote
        demo = build_demo(assistant, desk=desk_for(assistant, sources) if local or arguments.allow_rebuild else None)
        settings = launch_settings(local)
        demo.launch(
            server_name=arguments.host,
            server_port=arguments.port,
            auth=arguments.auth,
            prevent_thread_lock=True,
            **settings,
        )
    except YoujuError as error:
        complain(str(error))
        return 2
    except OSError:
        complain(f"cannot serve on {arguments.host}:{arguments.port}: it is in use, or not ours. Try another --port.")
        return 2
    sys.stdout.write(f"有据 Youju: http://{arguments.host}:{arguments.port}  (Ctrl+C stops it)\n")
    sys.stdout.flush()
    demo.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
