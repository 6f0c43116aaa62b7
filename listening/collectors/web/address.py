"""The address guard: every host is resolved by us, checked, and connected to at that address.

A name is looked up once and the connection goes to the address that was checked, so that a second
answer of the name server (DNS rebinding) has nothing to change. TLS still checks the name.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from listening.errors import ListeningError

#: Looks a host up: (host, port) → addresses as text.
Resolver = Callable[[str, int], Awaitable[list[str]]]

#: What ``is_global`` of Python 3.11 wrongly lets through, or what hides an IPv4 address inside.
_DENIED = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; cloud metadata of Alibaba is in it
        "169.254.0.0/16",  # link-local; cloud metadata
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",
        "ff00::/8",
    )
)
#: An address as ``ip_address`` writes it; any other spelling of one is the system's to read.
_PLAIN_IPV4 = re.compile(r"(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.(?!$)|$)){4}", re.ASCII)
#: The system's resolver blocks, for many seconds on dead names: more threads than asyncio's few.
_LOOKUPS = ThreadPoolExecutor(max_workers=64, thread_name_prefix="lookup")


class ForbiddenAddressError(ListeningError):
    """The host leads to private or reserved addresses only."""


class UnknownHostError(ListeningError):
    """The host name leads nowhere."""


def is_public(address: str) -> bool:
    """Return whether an address belongs to the open Internet.

    >>> [is_public(a) for a in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "224.0.0.1")]
    [True, False, False, False]
    """
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip in network for network in _DENIED if network.version == ip.version)


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system knows them, in its order of preference.

    Raises:
        UnknownHostError: The name leads nowhere.
    """
    if _PLAIN_IPV4.fullmatch(host):
        return [host]  # no thread, no name server
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await asyncio.get_running_loop().run_in_executor(_LOOKUPS, ask)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(host) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class AddressGuard:
    """Looks hosts up and lets only their permitted addresses through.

    Args:
        allow_hosts: ``host`` or ``host:port`` that may have private addresses.
        resolver: Looks hosts up.
    """

    def __init__(self, *, allow_hosts: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        self._allowed = frozenset(host.lower() for host in allow_hosts)
        self._resolve = resolver

    async def permitted_addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host that may be connected to, at least one.

        Raises:
            UnknownHostError: The name leads nowhere.
            ForbiddenAddressError: None of its addresses may be visited.
        """
        name = host.strip("[]").rstrip(".").lower()
        addresses = await self._resolve(name, port)
        if name not in self._allowed and f"{name}:{port}" not in self._allowed:
            addresses = [address for address in addresses if is_public(address)]
        if not addresses:
            raise ForbiddenAddressError(host)
        return addresses
