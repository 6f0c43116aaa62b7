"""Write the folder of a new client: three commented files that load as they are."""

import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote, quote_plus

from jinja2 import Environment, StrictUndefined
from pydantic import TypeAdapter, ValidationError

from listening.config import yaml_scalar
from listening.config.address import Mail
from listening.config.field import TimeZone, slug_of
from listening.config.load import FILE_NAMES, ClientConfig, load_client
from listening.config.problem import problem
from listening.errors import ConfigError
from listening.text import FOLDED_WORD, fold_term
from listening.translate import mark

#: Acronyms of fewer letters mean too many things to be proposed.
MIN_ACRONYM = 3
MAX_ACRONYM = 6

_ARTICLES = frozenset({"l", "le", "la", "les", "un", "une", "the"})
_SMALL_WORDS = _ARTICLES | {"d", "de", "des", "du", "a", "au", "aux", "et", "en", "pour", "sur",
                            "chez", "of", "and", "for", "&", "+"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAnswers:
    """What a person says of a new client."""

    client_id: str  # slug; name of the folder
    brand: str  # name of the own brand
    recipient: str  # e-mail address; also the contact in the User-Agent
    spellings: tuple[str, ...] = ()  # other ways to write the brand's name
    competitors: tuple[str, ...] = ()  # names
    timezone: str = "Europe/Paris"
    language: str = "fr"


def propose_spellings(name: str) -> tuple[str, ...]:
    """Propose other ways in which people write a name: without its article, as an acronym.

    Only what matching does not find anyway: case, accents, œ, apostrophes and hyphens are folded,
    and a hashtag or handle is found by the name it is made of, so none of these is proposed.

    >>> propose_spellings("L'Œuf à la Coque")
    ('Œuf à la Coque',)
    >>> propose_spellings("Fédération des Amis du Vélo")
    ('FAV',)
    """
    proposals: list[str] = []
    covered = {_glued(name)}
    for candidate in (_without_article(name), _acronym(name)):
        if candidate and _glued(candidate) not in covered:
            covered.add(_glued(candidate))
            proposals.append(candidate)
    return tuple(proposals)


def check_recipient(answer: str) -> str:
    """Return an e-mail address as it is.

    Raises:
        ConfigError: It is none.
    """
    return _checked(TypeAdapter(Mail), answer)


def check_timezone(answer: str) -> str:
    """Return the IANA name of a time zone as it is.

    Raises:
        ConfigError: It is none.
    """
    return _checked(TypeAdapter(TimeZone), answer)


def require_new(folder: Path) -> None:
    """Refuse the folder of a client that is there.

    Raises:
        ConfigError: It is there already.
    """
    if folder.exists():
        raise problem(
            mark("this folder is there already, and is left as it is"),
            path=folder,
            hint=mark("choose another name, or change its files in an editor"),
        )


def create_client(folder: Path, answers: ClientAnswers) -> ClientConfig:
    """Write a new client's folder and return its configuration.

    The folder appears whole or not at all: nothing is left behind when an answer is wrong.

    Args:
        folder: The folder to make; its name is the client's.
        answers: What to write into it.

    Raises:
        ConfigError: The folder is there already, or an answer is wrong.
    """
    require_new(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        for name, text in render_client(answers).items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        config = load_client(fresh, client_id=folder.name)
        fresh.chmod(0o755)  # mkdtemp's folder is for its owner alone
        fresh.rename(folder)
    except ConfigError as error:
        raise _without_place(error) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return config


def render_client(answers: ClientAnswers) -> dict[str, str]:
    """Return the texts of the three files by name, with comments in the client's language."""
    names = [answers.brand, *answers.competitors]
    spellings = [answers.brand, *(text for text in answers.spellings if not is_acronym(text))]
    values = {
        "answers": answers,
        "brand_ids": _distinct_ids(names),
        "terms": _distinct(spellings),
        "exact": _distinct([text for text in answers.spellings if is_acronym(text)]),
    }
    return {name: _render(name, answers.language, values) for name in FILE_NAMES}


def render_source_examples(brand: str, language: str) -> str:
    """Return ``sources.yaml`` of a new client: address patterns, all commented out."""
    answers = ClientAnswers(client_id="exemple", brand=brand, recipient="", language=language)
    return render_client(answers)["sources.yaml"]


def is_acronym(text: str) -> bool:
    """Tell whether a spelling is a short word in capitals, which only means the name as such."""
    return text.isalpha() and text.isupper() and len(text) <= MAX_ACRONYM


def _checked(kind: TypeAdapter[str], answer: str) -> str:
    try:
        return kind.validate_python(answer)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]  # both types raise `field.wrong`
        raise ConfigError(
            context["message"], hint=context["hint"], values=context["values"]
        ) from None


def _without_place(error: ConfigError) -> ConfigError:
    """Return the problem without the file, which a person never saw and which is gone."""
    return ConfigError(
        error.message_template, key=error.key, hint=error.hint_template, values=error.values
    )


def _render(name: str, language: str, values: dict[str, object]) -> str:
    folder = files("listening.config") / "templates"
    kept_language = language if language in {"fr", "en"} else "en"
    source = (folder / f"{name}.{kept_language}.j2").read_text(encoding="utf-8")
    return _environment().from_string(source).render(values)


def _environment() -> Environment:
    # Every value goes through `quoted`: what protects HTML would spoil YAML.
    environment = Environment(  # noqa: S701 (YAML, not HTML)
        undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["quoted"] = yaml_scalar.quote
    environment.filters["in_query"] = quote_plus
    environment.filters["in_path"] = lambda text: quote(text, safe="")
    environment.filters["glued"] = _glued
    return environment


def _glued(text: str) -> str:
    """Return a name as a hashtag has it: «loeufalacoque»."""
    return fold_term(text).replace(" ", "")


def _words(name: str) -> list[str]:
    return [word for word in fold_term(name).split() if FOLDED_WORD.fullmatch(word)]


def _without_article(name: str) -> str:
    """Return the name as written, from its second word on, if the first is an article."""
    words = _words(name)
    if len(words) < 2 or words[0] not in _ARTICLES:  # noqa: PLR2004 (an article and a word)
        return ""
    return name.strip()[len(words[0]) :].lstrip(" '’-\u00a0")


def _acronym(name: str) -> str:
    letters = [word[0] for word in _words(name) if word not in _SMALL_WORDS]
    return "".join(letters).upper() if MIN_ACRONYM <= len(letters) <= MAX_ACRONYM else ""


def _distinct(texts: list[str]) -> list[str]:
    """Leave out the spellings that an earlier one finds anyway."""
    by_key: dict[str, str] = {}
    for text in texts:
        by_key.setdefault(fold_term(text), text.strip())
    return list(by_key.values())


def _distinct_ids(names: list[str]) -> list[str]:
    """Return one id per name; equal ones are numbered, impossible ones are called brand."""
    ids: list[str] = []
    for name in names:
        stem = slug_of(name) or "brand"
        number = 1
        brand_id = stem
        while brand_id in ids:
            number += 1
            brand_id = f"{stem}-{number}"
        ids.append(brand_id)
    return ids
