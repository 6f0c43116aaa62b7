"""What every test of the collectors shares."""

from collections.abc import Iterator

import pytest
import stamina

from tests.http_server import HttpServer


@pytest.fixture(autouse=True)
def retries_do_not_wait() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer() as running:
        yield running
