"""To whom a mail of a client goes, in whose name, and in which language."""

from listening.jobs.context import JobContext
from listening.notify.letter import Addressee


def addressee(context: JobContext, address: str) -> Addressee:
    """Return one reader of a client, in the language that its configuration gives them."""
    config = context.config
    languages = {one.address: one.language for one in config.recipients}
    return Addressee(
        client_id=config.client_id,
        client_name=config.name,
        recipient=address,
        language=languages.get(address, config.language),
        sender=context.settings.mail_from,
        timezone=config.timezone,
    )
