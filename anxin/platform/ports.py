"""Whether the address we want is free, asked before the long steps and not after them."""

import errno
import socket

from anxin.platform.errors import PlatformError


def _bind_error(host: str, port: int) -> OSError | None:
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    ):
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                probe.bind(address)
            except OSError as error:
                return error
    return None


def require_free(host: str, port: int) -> None:
    """Raise a :class:`PlatformError` that names a way out when ``host:port`` cannot be listened on."""
    try:
        error = _bind_error(host, port)
    except socket.gaierror:
        raise PlatformError(
            f"{host!r} is no address of this machine; leave HOST out, or give 127.0.0.1 or 0.0.0.0."
        ) from None
    if error is None:
        return
    if error.errno == errno.EADDRINUSE:
        free = next(
            (other for other in range(port + 1, min(port + 50, 65536)) if _bind_error(host, other) is None),
            8888,
        )
        raise PlatformError(
            f"Port {port} is busy. Stop the program that listens on it, or choose another: make demo "
            f"PORT={free}"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        raise PlatformError(f"Port {port} needs root. Choose one above 1023: make demo PORT=8000")
    raise PlatformError(
        f"Cannot listen on {host} port {port} ({error.strerror}); choose another HOST or PORT."
    )
