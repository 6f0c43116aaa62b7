"""The address guard. Names resolve to what each test says; nothing here leaves loopback."""

import asyncio
import socket

import pytest

from listening.collectors.options import CollectOptions
from listening.collectors.web.address import (
    AddressGuard,
    ForbiddenAddressError,
    Resolver,
    UnknownHostError,
    is_public,
    resolve,
)
from listening.collectors.web.wire import Answer, Wire
from tests.http_server import HttpServer, Page


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1",  # noqa: S104
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.8",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255", "192.88.99.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001::1", "2001:db8::1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_off_the_open_internet_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1"])
def test_public_addresses_are_accepted(address: str) -> None:
    assert is_public(address)


def permitted(host: str, *addresses: str, allow: tuple[str, ...] = ()) -> list[str]:
    async def answer(_host: str, _port: int) -> list[str]:
        return list(addresses)

    backend = AddressGuard(allow_hosts=allow, resolver=answer)
    return asyncio.run(backend.permitted_addresses(host, 80))


def test_private_hosts_are_refused_whatever_their_name() -> None:
    with pytest.raises(ForbiddenAddressError):
        permitted("innocent.example", "10.0.0.1", "::1")


def test_only_the_public_addresses_of_a_host_are_used() -> None:
    assert permitted("a.example", "10.0.0.1", "93.184.216.34") == ["93.184.216.34"]


@pytest.mark.parametrize("allow", ["intranet.example", "INTRANET.example:80"])
def test_a_host_can_be_allowed_by_name(allow: str) -> None:
    assert permitted("intranet.example", "10.0.0.1", allow=(allow,)) == ["10.0.0.1"]


def test_allowing_one_port_allows_no_other() -> None:
    with pytest.raises(ForbiddenAddressError):
        permitted("intranet.example", "10.0.0.1", allow=("intranet.example:8080",))


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "::1"]
)
def test_every_way_to_write_loopback_is_refused(host: str) -> None:
    """The system's own resolver understands these without asking anyone."""

    async def attempt() -> None:
        await AddressGuard().permitted_addresses(host, 9)

    with pytest.raises((ForbiddenAddressError, UnknownHostError)):
        asyncio.run(attempt())


def test_a_name_that_leads_nowhere_says_so() -> None:
    with pytest.raises(UnknownHostError):
        asyncio.run(resolve("a" * 70 + ".invalid", 80))


def test_it_connects_to_the_checked_address_not_to_a_second_answer(server: HttpServer) -> None:
    """A name server that changes its mind (DNS rebinding) is asked only once."""
    asked = 0
    server.pages["/"] = Page(body=b"<rss/>")

    async def rebinding(_host: str, _port: int) -> list[str]:
        nonlocal asked
        asked += 1
        return ["127.0.0.1"] if asked == 1 else ["127.0.0.99"]

    answer = asyncio.run(get(f"http://a.example:{server.port}/", rebinding))

    assert answer.body == b"<rss/>"
    assert asked == 1


def test_a_dead_address_leaves_the_next_one_its_chance(server: HttpServer) -> None:
    server.pages["/"] = Page(body=b"<rss/>")
    with socket.socket() as closed:
        closed.bind(("127.0.0.2", server.port))

        async def two(_host: str, _port: int) -> list[str]:
            return ["127.0.0.2", "127.0.0.1"]

        answer = asyncio.run(get(f"http://a.example:{server.port}/", two))

    assert answer.body == b"<rss/>"


async def get(url: str, resolver: Resolver) -> Answer:
    options = CollectOptions(
        user_agent_contact="mailto:veille@exemple.example", allow_hosts=("a.example",)
    )
    async with Wire(options, resolver=resolver) as wire:
        return await wire.get(url, source_id="a", timeout_s=2, limit=1000)


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "255.255.255.255", "8.8.8.8"])  # noqa: S104
def test_an_address_needs_no_lookup(address: str) -> None:
    assert asyncio.run(resolve(address, 80)) == [address]
