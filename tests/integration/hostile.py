"""One run over a server that offers every attack: ``python -m tests.integration.hostile``.

Prints, for each attack, what was expected and what ``fct_source_runs`` says of it; what reached the
ports that nobody may reach; time and memory. With ``--namespace`` it expects to be alone in a
network of its own (``unshare --map-root-user --net``): the hostile server then has a public address
and no host is allowed by name, so that the address guard decides as it would on the open web.
"""

import argparse
import asyncio
import json
import re
import resource
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from listening.collectors.options import CollectOptions
from listening.collectors.web.address import UnknownHostError, resolve
from listening.logs import configure_logs
from listening.model import FetchState, Source, SourceType
from storage.engine import open_writer
from storage.landing import read_batch, write_batch
from storage.loading import load_batch
from storage.migrate import migrate
from tests.collecting import collect_batch
from tests.http_server import HttpServer, Page, Request, head
from tests.integration.attacks import (
    ATTACKS,
    MAX_BODY_BYTES,
    MAX_DOCUMENTS,
    MAX_PAGES,
    PARSE_TIMEOUT_S,
    REBINDING,
    TIMEOUT_S,
    Attack,
)

NOW = datetime(2026, 11, 20, 1, 14, tzinfo=UTC)
#: An address of the open web, given to the loopback interface of a network of our own.
PUBLIC = "93.184.216.34"
#: Addresses that such a network also has, each of which a careless collector would reach.
PRIVATE = (
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.100.100.200",
    "169.254.169.254",
    "fd00::1",
)
#: Few at once: server and collector share the processor, and an attack must not starve another.
_CONCURRENCY = 12
_DOMAIN = ".hostile.example"
#: The secret behind the ports that nobody may reach.
CANARY = "root:canary:0:0"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the run came to, as plain values."""

    visits: dict[str, dict[str, Any]]
    canary_hits: list[str]
    documents: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    seconds: float
    peak_mib: float  # of the collector
    parser_peak_mib: float  # of the largest process that read a body


class Network:
    """Names of the hostile hosts and the addresses they lead to."""

    def __init__(self, attacks: Sequence[Attack], address: str) -> None:
        self._address = address
        self._answers = {
            attack.name + _DOMAIN: [
                [address if one == "PUBLIC" else one for one in answer] for answer in attack.lookups
            ]
            for attack in attacks
        }

    async def resolve(self, host: str, port: int) -> list[str]:
        """Answer as the name server of the attackers; numbers in any writing as the system does."""
        if host not in self._answers:
            if host.endswith(".example"):
                raise UnknownHostError(host)
            return await resolve(host, port)
        answers = self._answers[host]
        if not answers:
            return [self._address]
        return answers.pop(0) if len(answers) > 1 else answers[0]


def run(*, has_namespace: bool, folder: Path) -> Outcome:
    """Serve the attacks, collect them, load what landed, and return what is on record."""
    address = PUBLIC if has_namespace else "127.0.0.1"
    attacks = (*ATTACKS, *(REBINDING if has_namespace else ()))
    with ExitStack() as stack:
        plain = stack.enter_context(HttpServer(address=address))
        secure = stack.enter_context(HttpServer(address=address, tls=_self_signed(folder)))
        canaries = stack.enter_context(_canaries(has_namespace=has_namespace))
        for server in (plain, secure):
            server.pages.update(_pages(attacks, canaries[0].port))
        ports = {"http": plain.port, "https": secure.port, "https-plain": plain.port}
        sources = [_source(attack, ports[attack.scheme]) for attack in attacks]
        allowed = () if has_namespace else tuple(attack.name + _DOMAIN for attack in attacks)
        options = CollectOptions(
            user_agent_contact="mailto:veille@exemple.example",
            allow_hosts=allowed,
            concurrency=_CONCURRENCY,
            per_host_interval_s=0.0,
            timeout_s=TIMEOUT_S,
            max_body_bytes=MAX_BODY_BYTES,
            max_documents=MAX_DOCUMENTS,
            max_pages=MAX_PAGES,
            parse_timeout_s=PARSE_TIMEOUT_S,
        )
        started = time.monotonic()
        batch = asyncio.run(
            collect_batch(
                [(source, FetchState(source_id=source.source_id)) for source in sources],
                run_id="night",
                batch_id="batch-0000",
                options=options,
                author_key=lambda name: f"key-of-{len(name)}",
                clock=lambda: NOW,
                resolver=Network(attacks, address).resolve,
            )
        )
        seconds = time.monotonic() - started
    landing = folder / "night" / "batch-0000.jsonl.gz"
    write_batch(landing, batch)
    with open_writer(folder / "warehouse.duckdb") as warehouse:
        migrate(warehouse, now=NOW)
        load_batch(warehouse, read_batch(landing), now=NOW)
        visits = _rows(
            warehouse,
            "SELECT source_id, status, reason, faults, http_status, next_fetch_at,"
            " count(document_id) AS document_count FROM fct_source_runs"
            " LEFT JOIN fct_document_sources USING (source_id)"
            " LEFT JOIN source_states USING (source_id) GROUP BY ALL",
        )
        documents = _rows(
            warehouse,
            "SELECT source_id, title, text, url, canonical_url, author_key FROM fct_documents",
        )
        requests = _rows(warehouse, "SELECT host, path, status, reason FROM fct_requests")
    return Outcome(
        visits={visit["source_id"]: visit for visit in visits},
        canary_hits=[
            f"{canary.host}{request.path}" for canary in canaries for request in canary.requests
        ],
        documents=documents,
        requests=requests,
        seconds=round(seconds, 2),
        peak_mib=_peak_mib(),
        parser_peak_mib=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )


def _peak_mib() -> float:
    """Return this program's own peak; ``getrusage`` also counts who started it, before it did."""
    (line,) = re.findall(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(line) / 1024


def _rows(warehouse: Any, sql: str) -> list[dict[str, Any]]:
    cursor = warehouse.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _source(attack: Attack, port: int) -> Source:
    scheme = attack.scheme.partition("-")[0]
    return Source(
        source_id=attack.name,
        kind=attack.kind,
        url=f"{scheme}://{attack.name}{_DOMAIN}:{port}/feed",
        source_type=SourceType.PRESS,
    )


def _pages(attacks: Sequence[Attack], canary_port: int) -> Iterator[tuple[str, Any]]:
    for attack in attacks:
        host = attack.name + _DOMAIN
        is_walked = attack.kind.value not in {"feed", "page"}
        yield (host if is_walked else f"{host}/feed"), _aimed(attack.page, canary_port, host)
        robots = attack.robots or Page(status=404)
        yield f"{host}/robots.txt", _aimed(robots, canary_port, host)


def _aimed(page: Any, canary_port: int, host: str) -> Any:
    """Put the port of the canaries into a page, and an address of its own into its items."""
    if not isinstance(page, Page):
        return page
    body = page.body.replace(b"CANARY", str(canary_port).encode())
    return replace(
        page,
        body=body.replace(b"gazette.example", host.encode()),
        headers={
            name: text.replace("CANARY", str(canary_port)) for name, text in page.headers.items()
        },
    )


@contextmanager
def _canaries(*, has_namespace: bool) -> Iterator[list[HttpServer]]:
    """Yield servers on addresses that nobody may reach, all on one port; they answer anything."""

    async def secret(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, {"Content-Type": "text/xml"}) + CANARY.encode())
        await writer.drain()

    others = ("127.8.9.10", *(("::1", *PRIVATE) if has_namespace else ()))
    with ExitStack() as stack:
        first = stack.enter_context(HttpServer({"/": secret}))
        rest = [
            stack.enter_context(HttpServer({"/": secret}, address=other, port=first.port))
            for other in others
        ]
        yield [first, *rest]


def _self_signed(folder: Path) -> ssl.SSLContext:
    """Return the server's side of TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hostile.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=9999))
        .sign(key, hashes.SHA256())
    )
    path = folder / "hostile.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def prepare_namespace() -> None:
    """Give the loopback interface of a network of our own its addresses."""
    commands = [["ip", "link", "set", "lo", "up"]]
    commands += [["ip", "address", "add", one, "dev", "lo"] for one in (PUBLIC, *PRIVATE)]
    for command in commands:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed words


def show(outcome: Outcome) -> bool:
    """Print the table; return whether every attack is on record as it should be."""
    is_good = not outcome.canary_hits
    for attack in (*ATTACKS, *REBINDING):
        visit = outcome.visits.get(attack.name)
        if visit is None:
            sys.stdout.write(f"–  {attack.name:30} needs a network of its own\n")
            continue
        is_met = meets(attack, visit)
        is_good &= is_met
        words = ", ".join([visit["reason"] or "", *visit["faults"]]).strip(", ")
        sys.stdout.write(
            f"{'✔' if is_met else '✘'}  {attack.name:30} {visit['status']:10}"
            f" {visit['document_count']:4}  {words}\n"
        )
    sys.stdout.write(
        f"{len(outcome.visits)} attacks, {len(outcome.canary_hits)} reached the inside,"
        f" {outcome.seconds:.1f} s, {outcome.peak_mib:.0f} MiB,"
        f" {outcome.parser_peak_mib:.0f} MiB in a reading process\n"
    )
    return is_good


def meets(attack: Attack, visit: dict[str, Any]) -> bool:
    """Say whether a visit is recorded as the attack's table says."""
    return (
        visit["status"] == attack.status.value
        and (attack.reason is None or visit["reason"] == attack.reason)
        and set(attack.faults) <= set(visit["faults"])
        and attack.document_count in {None, visit["document_count"]}
    )


def main() -> int:
    """Run it and print the outcome; 1 when an attack is not on record as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--namespace", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    configure_logs()
    if chosen.namespace:
        prepare_namespace()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(has_namespace=chosen.namespace, folder=Path(folder))
    if chosen.json:
        values = {name: getattr(outcome, name) for name in Outcome.__slots__}
        sys.stdout.write(json.dumps(values, default=str))
        return 0
    return 0 if show(outcome) else 1


if __name__ == "__main__":
    raise SystemExit(main())
