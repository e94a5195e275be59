"""Who can reach the preview: this machine alone, or others by the names that were given."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Sequence

from ladder_tools.preview.sentences import Stopped

_EXAMPLE = "training-pc.local"
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\Z", re.IGNORECASE)  # training-pc.local


def names_of(host: str, allow: Sequence[str]) -> tuple[str, ...]:
    """The names that others may open the preview by; none where it serves this machine only. Raises `Stopped`.

    A page of somebody else's whose name leads to this address (DNS rebinding) has another name, and is refused.
    """
    address = _address(host)
    if address.is_loopback:
        if allow:
            raise Stopped("allow-without-host", name=allow[0])
        return ()
    if not allow:
        raise Stopped("host-without-names", host=host, example=_EXAMPLE if address.is_unspecified else in_url(host))
    names = tuple(_name(name) for name in allow)
    return names if address.is_unspecified else tuple(dict.fromkeys((*names, in_url(host))))


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError as error:
        raise Stopped("host-no-address", host=host or '""') from error


def _name(name: str) -> str:
    """A name as the header Host has it."""
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        if not _NAME.match(name):
            raise Stopped("allow-no-name", name=name or '""') from None
        return name.lower()
    if address.is_unspecified:
        raise Stopped("allow-no-name", name=name)
    return in_url(str(address))


def in_url(host: str) -> str:
    """A host as addresses of pages write it."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def listen(host: str, port: int) -> socket.socket:
    """A socket that is listening there. Raises `Stopped`."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if host == "::":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise Stopped("port-taken", port=port, other=port + 1 if port < 65535 else 8000) from error
        if error.errno == errno.EADDRNOTAVAIL:
            raise Stopped("host-not-here", host=host) from error
        raise Stopped("port-refused", port=port, reason=error) from error
    return listener
