"""A real Milvus for the tests: the standalone server of the ``milvus`` wheel, started, killed and started again.

2.3.5, the newest the wheel has, is a test fixture only: production needs a server with its security fixes
(``index/MILVUS.md``). It asks for a password, is told to use loopback, and takes ports that the system gives; its
listeners cannot be bound to loopback (Milvus binds every interface), so it lives for the length of a test run only.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

USER, PASSWORD = "root", "Milvus"  # the server's own first account

#: What is set besides the ports: addresses it announces to itself, no log of every call, no waiting for more rows.
SETTINGS = {
    **{f"{part}.ip": "127.0.0.1" for part in ("rootCoord", "proxy", "queryCoord", "queryNode")},
    **{f"{part}.ip": "127.0.0.1" for part in ("indexNode", "dataCoord", "dataNode")},
    "proxy.http.enabled": "false",
    "log.level": "error",
    # A restarted server waits for the lease of the one that was killed; and small builds wait for its rounds.
    "common.session.ttl": "10",
    "queryCoord.checkInterval": "100",
    "queryCoord.distPullInterval": "100",
}


class MilvusServer:
    """One server process on its own folder and ports. ``kill`` ends it with SIGKILL; ``start`` brings it back."""

    def __init__(self, folder: Path) -> None:
        from milvus import MilvusServerConfig, _initialize_data_files

        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port, self._health, client, peer, *ports = _free_ports(len(_PORTS) + 4)
        config = MilvusServerConfig(
            data_dir=str(folder), proxy_port=self.port, etcd_port=client, **dict(zip(_PORTS, ports, strict=True))
        )
        config.set("authorization_enabled", True)
        for name, value in SETTINGS.items():
            config.set(name, value)
        config.resolve()
        _initialize_data_files(str(folder))
        urls = {"client": f"http://127.0.0.1:{client}", "peer": f"http://127.0.0.1:{peer}"}
        lines = [f"{act}-{kind}-urls: {url}" for kind, url in urls.items() for act in ("listen", "advertise")]
        lines = [line.replace("advertise-peer", "initial-advertise-peer") for line in lines]
        lines.append(f"initial-cluster: default={urls['peer']}")
        (folder / "etcd.yaml").write_text("\n".join(lines), encoding="utf-8")

    @property
    def token(self) -> str:
        return f"{USER}:{PASSWORD}"

    def url(self, name: str) -> str:
        return f"milvus://127.0.0.1:{self.port}/{name}"

    def start(self, wait: float = 90) -> None:
        libraries = str(self._folder / "bin")
        environment = {
            **os.environ,
            "DEPLOY_MODE": "STANDALONE",
            "ETCD_CONFIG_PATH": str(self._folder / "etcd.yaml"),
            "METRICS_PORT": str(self._health),
            "MILVUS_RUN_DIR": str(self._folder / "run"),
            "LD_LIBRARY_PATH": f"{libraries}:{os.environ.get('LD_LIBRARY_PATH', '')}",
        }
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._folder / "bin" / "milvus"), "run", "standalone"],
                cwd=self._folder,
                env=environment,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + wait
        while time.monotonic() < end:
            if self._is_healthy():
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"Milvus did not start: {(self._folder / 'server.log').read_text()[-2000:]}")

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._health}/healthz", timeout=5) as answer:
                return b"OK" in answer.read()
        except OSError:
            return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Stop it in its tracks: connections stay, nothing answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on. Paused for longer than its lease, it gives itself up: then it is started again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
            self.start()


_PORTS = (
    "root_coord_port", "proxy_internal_port", "query_coord_port", "query_node_port",
    "index_coord_port", "index_node_port", "data_coord_port", "data_node_port",
)  # fmt: skip


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def running() -> Iterator[MilvusServer]:
    """Start a server in a folder of its own; stop it and remove the folder at the end."""
    folder = Path(tempfile.mkdtemp(prefix="youju-milvus-"))
    server = MilvusServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def milvus_server() -> Iterator[MilvusServer]:
    """A running server, with its password where the program looks for it."""
    if importlib.util.find_spec("milvus") is None:
        assert not os.environ.get("CI"), "the milvus wheel is absent in CI"
        pytest.skip("the milvus wheel is not installed: pip install milvus==2.3.5 (Linux on x86-64, macOS)")
    with running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("YOUJU_MILVUS_TOKEN", server.token)
        yield server


@pytest.fixture(scope="session")
def milvus_workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where builds for a server are locked and resumed: not in the checkout."""
    folder = tmp_path_factory.mktemp("workshop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.milvus.place.DEFAULT_INDEX", folder)
        yield folder
