"""A django-machina forum, run by the engine's own Python: made, filled, served.

Called as ``machina_site.py FOLDER make|fill|serve ADDRESS``; ``fill`` takes JSON lines, each a verb
with its values, and prints the id of what each made.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings
from django.core.management import call_command
from machina import MACHINA_MAIN_STATIC_DIR, MACHINA_MAIN_TEMPLATE_DIR

FOLDER = Path(sys.argv[1])

settings.configure(
    SECRET_KEY="only for a test",  # noqa: S106 - nobody else calls this server
    ROOT_URLCONF="machina_site",
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
    TIME_ZONE="Europe/Paris",
    LANGUAGE_CODE="fr",
    USE_I18N=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "forum.db"}},
    CACHES={
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "machina_attachments": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": FOLDER / "attachments",
        },
    },
    HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    STATIC_URL="/static/",
    STATICFILES_DIRS=[MACHINA_MAIN_STATIC_DIR],
    MEDIA_ROOT=str(FOLDER / "media"),
    MACHINA_DEFAULT_AUTHENTICATED_USER_FORUM_PERMISSIONS=[
        "can_see_forum", "can_read_forum", "can_start_new_topics", "can_reply_to_topics",
    ],
    MACHINA_TOPIC_POSTS_NUMBER_PER_PAGE=10,
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
        "django.contrib.messages", "django.contrib.staticfiles", "mptt", "haystack",
        "widget_tweaks", "machina", "machina.apps.forum", "machina.apps.forum_conversation",
        "machina.apps.forum_conversation.forum_attachments",
        "machina.apps.forum_conversation.forum_polls", "machina.apps.forum_feeds",
        "machina.apps.forum_moderation", "machina.apps.forum_search",
        "machina.apps.forum_tracking", "machina.apps.forum_member",
        "machina.apps.forum_permission",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [MACHINA_MAIN_TEMPLATE_DIR],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.debug",
            "django.template.context_processors.request",
            "django.template.context_processors.i18n",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "machina.core.context_processors.metadata",
        ]},
    }],
)  # fmt: skip
sys.modules["machina_site"] = sys.modules["__main__"]
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the settings come first
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from machina.core.db.models import get_model  # noqa: E402

Forum = get_model("forum", "Forum")
Topic = get_model("forum_conversation", "Topic")
Post = get_model("forum_conversation", "Post")
ForumPermission = get_model("forum_permission", "ForumPermission")
GroupForumPermission = get_model("forum_permission", "GroupForumPermission")
UserForumPermission = get_model("forum_permission", "UserForumPermission")

urlpatterns = [path("", include("machina.urls"))]


def make() -> None:
    """Create the tables, and one forum that visitors may read."""
    call_command("migrate", verbosity=0)
    forum = Forum.objects.create(name="Les bocaux", type=Forum.FORUM_POST)
    for name in ("can_see_forum", "can_read_forum"):
        permission = ForumPermission.objects.get(codename=name)
        for who in ({"anonymous_user": True}, {"authenticated_user": True}):
            UserForumPermission.objects.create(
                permission=permission, forum=forum, has_perm=True, **who
            )


def fill() -> None:
    """Do what the lines of the input say."""
    for line in sys.stdin:
        verb, values = json.loads(line)
        print(VERBS[verb](**values))  # noqa: T201 - the caller reads it


def _user(name: str) -> User:
    user, _ = User.objects.get_or_create(username=name)
    return user


def _topic(*, title: str, author: str, text: str) -> Any:
    topic = Topic.objects.create(
        forum=Forum.objects.get(), subject=title, poster=_user(author), type=Topic.TOPIC_POST,
        status=Topic.TOPIC_UNLOCKED, approved=True,
    )  # fmt: skip
    Post.objects.create(
        topic=topic, subject=title, poster=_user(author), content=text, approved=True
    )
    return topic.pk


def _post(*, topic: int, author: str, text: str) -> Any:
    found = Topic.objects.get(pk=topic)
    return Post.objects.create(
        topic=found, subject=f"Re: {found.subject}", poster=_user(author), content=text,
        approved=True,
    ).pk  # fmt: skip


def _edit(*, post: int, text: str) -> Any:
    found = Post.objects.get(pk=post)
    found.content, found.updated_by, found.updates_count = text, found.poster, 1
    found.save()
    return post


def _delete(*, post: int) -> Any:
    Post.objects.get(pk=post).delete()
    return post


VERBS: dict[str, Callable[..., Any]] = {
    "topic": _topic,
    "post": _post,
    "edit": _edit,
    "delete": _delete,
}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve() -> None:
    """Serve until killed."""
    host, _, port = sys.argv[3].partition(":")
    make_server(host, int(port), get_wsgi_application(), _Server).serve_forever()


if __name__ == "__main__":
    {"make": make, "fill": fill, "serve": serve}[sys.argv[2]]()
