"""A mail server that takes its time, so that something can happen while a mail is being sent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.smtp_server import Post


@dataclass
class SlowPost(Post):
    """Takes its time over each mail, so that a blow can fall while it is being sent."""

    delay_s: float = 0.3
    #: Called when a mail was taken and before that is said.
    on_taken: Callable[[], None] | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.delay_s / 2)
        verdict = await super().handle_DATA(server, session, envelope)
        if self.on_taken is not None:
            self.on_taken()
        await asyncio.sleep(self.delay_s / 2)
        return verdict
