"""Structured log events: names of events, and the one place that configures them.

Events are ``noun_pastverb`` with keys. No text of a mention, no author, no secret is ever a value.
info = one line per source and per job; warning = something was skipped; error = a person must act.
"""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import FilteringBoundLogger


def get_logger(name: str) -> FilteringBoundLogger:
    """Return the logger of one module."""
    logger: FilteringBoundLogger = structlog.get_logger(logger_name=name)
    return logger


def configure_logs(*, is_verbose: bool = False, stream: TextIO | None = None) -> None:
    """Write events as ``key=value`` lines to stderr; for commands, not under Airflow."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.INFO if is_verbose else logging.WARNING
        ),
        logger_factory=structlog.PrintLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
