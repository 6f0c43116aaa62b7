"""Where a client's newest snapshot is, for programs that only read."""

from pathlib import Path

from listening.errors import ConfigError
from listening.jobs.context import client_folder, client_paths, list_clients
from listening.settings import get_settings
from listening.translate import mark


def snapshot_of(client: str | None) -> Path:
    """Return the link to a client's newest snapshot; it may not be there yet.

    Args:
        client: The client's id; None: the only one.

    Raises:
        ConfigError: There is no such client, or several and none was named.
    """
    settings = get_settings()
    if client is None:
        known = list_clients(settings)
        if len(known) != 1:
            raise ConfigError(mark("say which client with --client"), hint=", ".join(known))
        (client,) = known
    client_folder(client, settings)
    return client_paths(client, settings).snapshot
