"""gunicorn's worker of threads, with one more thread that answers /health/live alone.

The trick: a new connection waits in the worker's own loop until something has come, and its first bytes are looked at there
without being taken. So the probe is answered though every thread waits for a lock, and a client that sends nothing holds none.
"""

import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

PROBES = (b"GET /health/live", b"HEAD /health/live")
# So long a new connection may say nothing.
FIRST_SECONDS = 5


class LiveWorker(ThreadWorker):
    """Setting `worker_class`."""

    def init_process(self) -> None:
        """Add the thread; it starts with the first probe."""
        self.live_pool = ThreadPoolExecutor(max_workers=1)
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and wait in the loop until something comes."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + max(self.cfg.keepalive, FIRST_SECONDS)
        self.pending_conns.append(connection)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, connection))

    def enqueue_req(self, conn: Any) -> None:
        """Hand a connection on which something has come to a thread."""
        pool = self.live_pool if is_probe(conn.sock) else self.tpool
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def handle_quit(self, sig: int, frame: Any) -> None:
        """End at once."""
        self.live_pool.shutdown(wait=False)
        super().handle_quit(sig, frame)


def is_probe(client: socket.socket) -> bool:
    """Say whether a connection asks for liveness, by its first bytes, which stay where they are."""
    if isinstance(client, ssl.SSLSocket):
        return False
    try:
        return client.recv(20, socket.MSG_PEEK | socket.MSG_DONTWAIT).startswith(PROBES)
    except OSError:
        return False
