"""A slow line: a TCP proxy with the latency and bandwidth of a bad connection.

In a test::

    with SlowLine(server_port, delay=0.15, bandwidth=2e6) as line:
        ...  # connect to 127.0.0.1:line.port

By hand, to feel it: ``python -m tests.browser.slow_line 8888`` and open the address it prints.

All connections share one line, as those of a page do. Each direction sends its bytes one after the
other at `bandwidth`; each byte then travels for `delay`. What does not fit into the line's buffer
is not read from the sender, who notices, as on a real line: proxies that read on without limit
hide exactly the congestion that they are to show.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType

CHUNK = 4096  # bytes sent at one go; small against what the line passes in a blink
SOCKET_BUFFER = 32 * 1024  # the system's own default holds megabytes: many seconds of this line


class Direction:
    """One direction of the line: a queue that is emptied at `bandwidth`, then a way of `delay`.

    Parameters
    ----------
    delay : float
        Seconds.
    bandwidth : float
        Bits per second.
    buffer : int
        Bytes that may wait to be sent.
    """

    def __init__(self, delay: float, bandwidth: float, buffer: int) -> None:
        self.delay = delay
        self.bytes_per_second = bandwidth / 8
        self.buffer = buffer
        self.free_at = 0.0  # loop time at which all that was accepted so far has been sent

    async def wait_for_room(self) -> None:
        """Wait until another chunk fits into the buffer."""
        loop = asyncio.get_running_loop()
        allowed = (self.buffer - CHUNK) / self.bytes_per_second
        while (excess := self.free_at - loop.time() - allowed) > 0:
            await asyncio.sleep(excess)

    def accept(self, n_bytes: int) -> float:
        """Take `n_bytes` into the queue; return the loop time at which the last one arrives."""
        now = asyncio.get_running_loop().time()
        self.free_at = max(now, self.free_at) + n_bytes / self.bytes_per_second
        return self.free_at + self.delay

    def capacity(self) -> int:
        """Return how many bytes can be between sender and receiver."""
        return int(self.buffer + self.bytes_per_second * self.delay)


class SlowLine:
    """Pass TCP connections on to `target_port` over a slow line; use it as a context manager.

    Parameters
    ----------
    target_port : int
        Where the server listens, on 127.0.0.1.
    delay : float, default=0.15
        Seconds from one end to the other, in each direction; a round trip takes twice as long, and
        a new connection waits for one round trip before its first byte, as TCP does.
    bandwidth : float, default=2e6
        Bits per second in each direction, shared by all connections.
    buffer : int, default=65536
        Bytes that may wait at the line's entrance, in each direction.
    port : int, default=0
        Where to listen; 0 takes a free port.

    Attributes
    ----------
    port : int
        Where the line listens, on 127.0.0.1.
    """

    def __init__(self, target_port: int, delay: float = 0.15, bandwidth: float = 2e6,
                 buffer: int = 64 * 1024, port: int = 0) -> None:
        self.target_port = target_port
        self.delay = delay
        self.up = Direction(delay, bandwidth, buffer)
        self.down = Direction(delay, bandwidth, buffer)
        self._listener = _small_buffers(socket.socket())
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", port))
        self._listener.listen(64)
        self.port: int = self._listener.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve()),
                                        name="slow line", daemon=True)
        self._started = threading.Event()
        self._stopped = asyncio.Event()
        self._whole = asyncio.Event()  # not set while the line is cut
        self._whole.set()
        self._refuses = False  # whether the line is cut, and says so
        self._connections: set[asyncio.Task[None]] = set()

    def __enter__(self) -> SlowLine:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        self._in_loop(self._stopped.set)
        self._thread.join(timeout=10)

    def change(self, delay: float, bandwidth: float) -> None:
        """Let the line be another one from now on: a page is loaded fast, then used slowly."""

        def apply() -> None:
            self.delay = delay
            for way in (self.up, self.down):
                way.delay, way.bytes_per_second = delay, bandwidth / 8

        self._in_loop(apply)

    def cut(self, break_off: bool = False) -> None:
        """Let nothing arrive any more. Connections stay open, as when a cable is pulled.

        With `break_off` they end, and new ones are refused, as when a machine on the way restarts.
        """

        def apply() -> None:
            self._whole.clear()
            self._refuses = break_off
            if break_off:
                for task in list(self._connections):
                    task.cancel()

        self._in_loop(apply)

    def restore(self) -> None:
        """Mend the line: what was under way arrives, and all goes on."""

        def apply() -> None:
            self._refuses = False
            self._whole.set()

        self._in_loop(apply)

    def _in_loop(self, function: Callable[[], object]) -> None:
        """Call `function` in the line's thread, and wait until that is done."""
        assert self._loop is not None, "the line is not in use; enter its context first"
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (function(), done.set()))
        done.wait(timeout=10)

    async def serve(self) -> None:
        """Pass connections on until the line is stopped."""
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._connect, sock=self._listener, limit=CHUNK)
        self._started.set()
        try:
            await self._stopped.wait()
        finally:
            server.close()
            for task in list(self._connections):
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        writers = [writer]
        try:
            if self._refuses:
                raise ConnectionResetError
            await asyncio.sleep(2 * self.delay)
            target = _small_buffers(socket.socket())
            try:
                target.setblocking(False)
                address = ("127.0.0.1", self.target_port)
                await asyncio.get_running_loop().sock_connect(target, address)
                far_reader, far_writer = await asyncio.open_connection(sock=target, limit=CHUNK)
            except BaseException:
                target.close()
                raise
            writers.append(far_writer)
            await _all_or_none(self._pass_on(reader, far_writer, self.up),
                               self._pass_on(far_reader, writer, self.down))
        except (OSError, asyncio.CancelledError):
            pass  # one end has gone, or the line is stopped; either way the other end is told
        finally:
            for end in writers:
                if self._stopped.is_set() or self._refuses:
                    end.transport.abort()  # close() would first wait for what is not yet sent
                else:
                    end.close()
            self._connections.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
                       way: Direction) -> None:
        """Pass one connection's bytes on in one direction, until its sender closes it."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(way.capacity() // CHUNK + 1)
        await _all_or_none(self._send(reader, way, under_way), self._deliver(under_way, writer))

    @staticmethod
    async def _send(reader: asyncio.StreamReader, way: Direction,
                    under_way: asyncio.Queue[tuple[float, bytes]]) -> None:
        chunk = b"anything"
        while chunk:
            await way.wait_for_room()
            chunk = await reader.read(CHUNK)
            await under_way.put((way.accept(len(chunk)), chunk))

    async def _deliver(self, under_way: asyncio.Queue[tuple[float, bytes]],
                       writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, chunk = await under_way.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            await self._whole.wait()
            if not chunk:
                writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()


async def _all_or_none(*coroutines: Coroutine[object, object, None]) -> None:
    """Wait for all `coroutines`; when one fails, stop the others and raise its error."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _small_buffers(sock: socket.socket) -> socket.socket:
    """Keep the system from buffering much more for `sock` than the line itself does."""
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        sock.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
    return sock


def main() -> None:
    """Run a slow line until Ctrl+C."""
    parser = argparse.ArgumentParser(description="A slow line to a server on this machine.")
    parser.add_argument("target_port", type=int, help="port of the server")
    parser.add_argument("--port", type=int, default=0, help="port to listen on")
    parser.add_argument("--delay", type=float, default=0.15, help="seconds, each way")
    parser.add_argument("--bandwidth", type=float, default=2e6, help="bits per second, each way")
    given = parser.parse_args()
    line = SlowLine(given.target_port, given.delay, given.bandwidth, port=given.port)
    print(f"http://127.0.0.1:{line.port} leads to port {given.target_port}; Ctrl+C ends it.")
    try:
        asyncio.run(line.serve())
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
