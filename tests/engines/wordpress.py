"""A WordPress of Debian's with its own MariaDB, filled by its own functions."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.engines.machine import call, need, right_now, running
from tests.ports import free_port

_PACKAGE = Path("/usr/share/wordpress")
_FILL = Path(__file__).with_name("wordpress_fill.php")
_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HOME', 'http://{host}'); define('WP_SITEURL', 'http://{host}');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_ROUTER = """<?php
$path = $_SERVER['DOCUMENT_ROOT'] . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (is_file($path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
"""


class WordPressSite:
    """A running blog."""

    def __init__(self, root: Path, host: str) -> None:
        self._root, self._host = root, host
        self.url = f"http://{host}/"

    def do(self, *steps: tuple[str, dict[str, Any]]) -> list[int]:
        """Do what the steps say, in one process, and return the ids of what they made."""
        lines = "\n".join(json.dumps(step) for step in steps)
        printed = call("php", _FILL, self._root, self._host, "fill", input=lines)
        return [int(line) for line in printed.split()]


@contextmanager
def wordpress(folder: Path, *, permalinks: str = "/%postname%/") -> Iterator[WordPressSite]:
    """Yield a new, empty blog."""
    need("php", "mariadbd", "mariadb-install-db", _PACKAGE)
    socket, data = folder / "db.sock", folder / "db"
    call("mariadb-install-db", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db", f"--user={_user()}")  # fmt: skip
    root = folder / "site"
    shutil.copytree(_PACKAGE, root, ignore=shutil.ignore_patterns("wp-config.php"))
    host = f"127.0.0.1:{free_port()}"
    (root / "wp-config.php").write_text(_CONFIG.format(socket=socket, host=host))
    (folder / "router.php").write_text(_ROUTER)
    database = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}",
                f"--pid-file={folder / 'db.pid'}", "--skip-networking",
                f"--user={_user()}"]  # fmt: skip
    with running(database, ready=socket, log=folder / "db.log"):
        call("mariadb", "--no-defaults", f"--socket={socket}", "-uroot", "-e",
             "CREATE DATABASE wordpress CHARACTER SET utf8mb4")  # fmt: skip
        call("php", _FILL, root, host, "install", permalinks)
        server = ["php", "-S", host, "-t", root, folder / "router.php"]
        with running(server, ready=f"http://{host}/readme.html", log=folder / "php.log",
                     env={"PHP_CLI_SERVER_WORKERS": "2"}):  # fmt: skip
            yield WordPressSite(root, host)


def ago(**span: float) -> str:
    """Return a past instant as WordPress writes it, in UTC."""
    return f"{right_now() - timedelta(**span):%Y-%m-%d %H:%M:%S}"


def _user() -> str:
    return "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
