"""One batch collected on its own, as tests of a kind of source need it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from listening.collectors.collect import Collector
from listening.collectors.options import CollectOptions
from listening.collectors.web.address import Resolver, resolve
from listening.model import Batch, FetchState, Source, SourceRun


async def collect_batch(
    plan: Sequence[tuple[Source, FetchState]],
    *,
    run_id: str,
    batch_id: str,
    options: CollectOptions,
    author_key: Callable[[str], str],
    clock: Callable[[], datetime],
    on_visit: Callable[[SourceRun], None] | None = None,
    resolver: Resolver = resolve,
) -> Batch:
    """Visit every source of a plan once and return all that a load needs, in the plan's order.

    For what each argument means, see ``Collector.open`` and ``Collector.collect``.
    """
    async with Collector.open(
        options, author_key=author_key, clock=clock, resolver=resolver
    ) as collector:
        return await collector.collect(plan, run_id=run_id, batch_id=batch_id, on_visit=on_visit)
