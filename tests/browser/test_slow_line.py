"""The slow line is as slow as it says, and no more than that: bytes, order and limits hold."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.browser.slow_line import SlowLine

DATA = random.Random(0).randbytes(200_000)


@contextmanager
def server(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run `handle` for each connection, in threads; yield the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run(connection: socket.socket) -> None:
        with connection:
            try:
                handle(connection)
            except OSError:
                pass  # the test has ended and closed its end

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=run, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with listener:
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def echo(connection: socket.socket) -> None:
    while data := connection.recv(65536):
        connection.sendall(data)


def send_data(connection: socket.socket) -> None:
    connection.sendall(DATA)


def read_nothing(connection: socket.socket) -> None:
    threading.Event().wait(20)


def connect(line: SlowLine) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=20)


def receive(connection: socket.socket, n_bytes: int) -> bytes:
    received = b""
    while len(received) < n_bytes:
        data = connection.recv(n_bytes - len(received))
        assert data, f"closed after {len(received)} of {n_bytes} bytes"
        received += data
    return received


def test_an_answer_takes_the_delay_there_and_back() -> None:
    with server(echo) as port, SlowLine(port, delay=0.15) as line, connect(line) as connection:
        start = time.monotonic()
        connection.sendall(b"a")
        receive(connection, 1)
        first = time.monotonic() - start
        start = time.monotonic()
        connection.sendall(b"b")
        receive(connection, 1)
        second = time.monotonic() - start
    assert first > 0.59, "TCP's greeting comes before the first byte: two round trips"
    assert second > 0.29


def test_bytes_arrive_unchanged_at_the_bandwidth() -> None:
    with server(send_data) as port, SlowLine(port, delay=0.05) as line, connect(line) as connection:
        receive(connection, 1)
        start = time.monotonic()
        received = receive(connection, len(DATA) - 1)
        seconds = time.monotonic() - start
        assert connection.recv(1) == b"", "the server's close arrives too"
    assert received == DATA[1:]
    assert seconds > 0.75, "200 kB at 2 Mbit/s take 0.8 s"


def test_connections_share_the_bandwidth() -> None:
    with server(send_data) as port, SlowLine(port, delay=0.01, bandwidth=4e6) as line:
        with connect(line) as first, connect(line) as second:
            start = time.monotonic()
            parts = [b"", b""]

            def read(index: int, connection: socket.socket) -> None:
                parts[index] = receive(connection, len(DATA))

            readers = [threading.Thread(target=read, args=pair)
                       for pair in enumerate((first, second))]
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()
            seconds = time.monotonic() - start
    assert parts == [DATA, DATA]
    assert seconds > 0.75, "two times 200 kB at 4 Mbit/s take 0.8 s"


def send_both_ways() -> float:
    """Send and receive DATA at the same time; return how many seconds it took."""
    with server(echo) as port, SlowLine(port, delay=0.01, bandwidth=4e6) as line:
        with connect(line) as connection:
            sender = threading.Thread(target=connection.sendall, args=(DATA,))
            start = time.monotonic()
            sender.start()
            received = receive(connection, len(DATA))
            seconds = time.monotonic() - start
            sender.join()
    assert received == DATA
    return seconds


def test_directions_do_not_share_the_bandwidth() -> None:
    seconds = min(send_both_ways() for _ in range(3))  # of three: another program may be in the way
    assert 0.38 < seconds < 0.75, "200 kB at 4 Mbit/s take 0.4 s, on both ways at the same time"


def test_a_sender_is_held_back_when_the_line_is_full() -> None:
    with server(read_nothing) as port, SlowLine(port, delay=0.05, bandwidth=20e6) as line:
        with connect(line) as connection:
            connection.settimeout(1.0)
            sent = 0
            with pytest.raises(TimeoutError):
                while sent < 50_000_000:
                    sent += connection.send(DATA)
    assert 100_000 < sent < 20_000_000


def test_a_cut_line_is_silent_and_a_restored_one_has_lost_nothing() -> None:
    with server(echo) as port, SlowLine(port, delay=0.02) as line, connect(line) as connection:
        connection.sendall(b"before")
        assert receive(connection, 6) == b"before"
        line.cut()
        connection.sendall(b"during")
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        line.restore()
        connection.settimeout(20)
        connection.sendall(b"after")
        assert receive(connection, 11) == b"duringafter"


def test_the_end_of_the_line_closes_its_connections() -> None:
    with server(echo) as port:
        with SlowLine(port, delay=0.0) as line:
            connection = connect(line)
            connection.sendall(b"a")
            receive(connection, 1)
        with connection, pytest.raises(ConnectionError):
            connection.sendall(b"b")
            assert connection.recv(1) == b""
            raise ConnectionResetError


def test_a_server_that_is_not_there_closes_the_connection() -> None:
    with socket.socket() as taken:  # bound, but it does not listen
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with SlowLine(port, delay=0.0) as line, connect(line) as connection:
            assert connection.recv(1) == b""
