"""The address of an index on a Milvus server, and calls of the server: bounded in time, each fault one clear line."""

from __future__ import annotations

import logging
import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

from index.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexReplacedError,
    IndexUnreachableError,
    StoreError,
    YoujuError,
)
from index.store import REBUILD, YOUR_REPORTS, named_sources

#: ``user:password`` or a token, for a server that asks for one. Not in the address, which ends in logs and cards.
TOKEN = "YOUJU_MILVUS_TOKEN"

#: Seconds that the server has for one call.
TIMEOUT = 10.0

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")

#: Codes of the server's errors.
_NO_COLLECTION, _NOT_LOADED, _NO_ALIAS = 100, 101, 1600


@dataclass(frozen=True, slots=True)
class Address:
    """``milvus://host:port/collection``, read."""

    name: str
    host: str
    port: int
    collection: str
    tls: bool

    @classmethod
    def at(cls, name: str) -> Address:
        """Read ``milvus://host:port/collection``. Raises StoreError when it is none."""
        try:
            parts = urlsplit(name)
            host, port, collection = parts.hostname, parts.port or 19530, parts.path.removeprefix("/")
        except ValueError:
            host, port, collection, parts = None, 0, "", None
        if parts and (parts.username or parts.password):
            raise StoreError(f"milvus://{host}: give user and password as {TOKEN}=user:password, not in the address.")
        if parts is None or not host or not _NAME.fullmatch(collection) or parts.query or parts.fragment:
            raise StoreError(
                f"{name}: no address of an index. Write milvus://host:19530/collection; the name has letters, "
                "digits and underscores only."
            )
        return cls(name, host, port, collection, parts.scheme == "milvus+tls")

    def rebuild_command(self, recorded: Sequence[str] = ()) -> str:
        """Return the command that makes the index anew from the sources it was built from, as far as they are known."""
        return " ".join([REBUILD, *map(shlex.quote, named_sources(recorded)), "--store", shlex.quote(self.name)])


@dataclass(frozen=True)
class Server:
    """The calls that Milvus 2.3 and today's share, each bounded in time; what goes wrong is one clear line."""

    address: Address

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - pymilvus is imported only where a server is used
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise StoreError(f"{self.address.name}: needs pymilvus. Install it: pip install 'youju[milvus]'") from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it writes a traceback for whatever we report
        scheme = "https" if self.address.tls else "http"
        return MilvusClient(
            uri=f"{scheme}://{self.address.host}:{self.address.port}", token=os.environ.get(TOKEN, ""), timeout=TIMEOUT
        )

    def call(self, name: str, *arguments: object, timeout: float = TIMEOUT, **named: object) -> Any:  # noqa: ANN401
        """Call the client. Raises one of the IndexUnusableError family."""
        import grpc

        try:
            client = self._client
            return getattr(client, name)(*arguments, timeout=timeout, **named)
        except YoujuError:
            raise
        except Exception as error:
            from pymilvus import MilvusException

            if not isinstance(error, (MilvusException, grpc.RpcError)):
                raise
            raise self._explained(error, timeout) from error

    def _explained(self, error: Exception, timeout: float) -> YoujuError:
        place, said = self.address, _said(error)
        code = getattr(error, "code", None)
        if code in (_NO_COLLECTION, _NO_ALIAS) or ("not found" in said and "collection" in said):
            return IndexReplacedError(f"the index at {place.name} has been replaced or removed. Ask again.")
        if "UNAUTHENTICATED" in said or "PERMISSION_DENIED" in said or "auth check failure" in said:
            return IndexUnreachableError(
                f"{place.name}: the server refuses the user name or password, or cannot check them now. "
                f"Set {TOKEN}=user:password."
            )
        if code == _NOT_LOADED or "not loaded" in said or "not ready" in said or "channel not available" in said:
            return IndexUnreachableError(f"{place.name}: the server is still loading the index. Ask again shortly.")
        if "DEADLINE_EXCEEDED" in said or "timeout" in said.lower():
            return IndexUnreachableError(f"{place.name}: no answer within {timeout:.0f} s. Is the server overloaded?")
        if "UNAVAILABLE" in said or "Fail connecting" in said or "CANCELLED" in said:
            return IndexUnreachableError(f"{place.name}: the server cannot be reached. Start it, or check the address.")
        return IndexUnreachableError(f"{place.name}: the server refused ({said.splitlines()[0][:200]}).")

    def generation(self) -> str:
        """Return the generation that the alias points to. Raises IndexMissingError when there is none."""
        try:
            collection = str(self.call("describe_alias", alias=self.address.collection)["collection_name"])
        except IndexReplacedError as error:
            raise IndexMissingError(
                f"no index at {self.address.name}. Build one: {self.address.rebuild_command([YOUR_REPORTS])}"
            ) from error
        prefix = f"{self.address.collection}_"
        if not collection.startswith(prefix) or not re.fullmatch("[0-9a-f]{8}", collection.removeprefix(prefix)):
            raise IndexDamagedError(
                f"{self.address.name}: points to {collection}, which is no index. Choose another name."
            )
        return collection.removeprefix(prefix)


def _said(error: Exception) -> str:
    """Return what an error and those behind it say."""
    lines, seen, at = [], set(), error  # pymilvus raises errors from themselves
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        lines.append(str(getattr(at, "message", None) or at))
        at = at.__cause__ or at.__context__  # type: ignore[assignment]
    return "\n".join(lines)


@lru_cache(maxsize=64)
def server_at(address: Address) -> Server:
    """Return the connection to a server: one for all of a process."""
    return Server(address)
