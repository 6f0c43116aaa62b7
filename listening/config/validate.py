"""Check a file against its shape, and put pydantic's findings into words for people."""

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from listening.config.field import OWN_ERROR, closest
from listening.config.problem import Loc, problem, shorten
from listening.config.yaml_file import YamlFile
from listening.config.yaml_place import place_in
from listening.errors import ConfigError
from listening.translate import mark

T = TypeVar("T", bound=BaseModel)

#: What to write for a key that has no default.
_EXAMPLES = {
    "client": "client: ma-marque",
    "name": 'name: "Ma Marque"',
    "contact": "contact: mailto:vous@domaine.example",
    "brands": 'brands: [{id: ma-marque, name: "Ma Marque", role: own}]',
    "id": "id: ma-marque",
    "role": "role: own",
    "kind": "kind: feed",
    "url": 'url: "https://domaine.example/feed/"',
    "type": "type: press",
    "address": 'address: "vous@domaine.example"',
    "start": 'start: "21:00"',
    "end": 'end: "07:30"',
    "sources": "sources: []",
    "rules": "rules: []",
}

#: Message and hint for pydantic's kinds of error that say what type was expected.
_TYPES = {
    "string_type": (
        mark("expected a text, found {found}"),
        mark('write it with quotes: "{found}"'),
    ),
    "tuple_type": (
        mark("expected a list, found {found}"),
        mark('write ["one", "two"], or one entry per line, each after "- "'),
    ),
    "model_type": (
        mark("expected a block of keys, found {found}"),
        mark("write one `key: value` per line, moved to the right"),
    ),
    "int_type": (mark("expected a whole number, found {found}"), mark("write digits only: 12")),
    "float_type": (
        mark("expected a number, found {found}"),
        mark("write digits, with a point for decimals: 0.3"),
    ),
    "bool_type": (mark("expected true or false, found {found}"), mark("write true or false")),
}

#: Message for pydantic's limits, by the name of the limit in the error's context.
_LIMITS = {
    "ge": mark("must be at least {limit}"),
    "gt": mark("must be more than {limit}"),
    "le": mark("must be at most {limit}"),
    "max_length": mark("is too long: at most {limit}"),
    "min_length": mark("needs at least {limit}"),
}


def validate(file: YamlFile, spec: type[T]) -> tuple[T | None, list[ConfigError]]:
    """Check a file against its shape.

    Returns:
        The checked content, None when anything is wrong; and all that is wrong in this file,
        problems of reading included, in the order of their lines.
    """
    found = [*file.problems]
    content = None
    try:
        content = spec.model_validate(file.data)
    except ValidationError as error:
        details = _of_their_own(error.errors(include_url=False))
        found.extend(_explain(file, spec, detail) for detail in details if _is_news(file, detail))
    found.sort(key=lambda one: (one.line or 0, one.column or 0))
    return (None if found else content), found


def _of_their_own(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out what only follows from another finding.

    A list lacks entries because those it has are wrong; a key is missing because it is misspelt.
    """
    places = {detail["loc"] for detail in details}
    strange = {detail["loc"] for detail in details if detail["type"] == "extra_forbidden"}

    def follows(detail: ErrorDetails) -> bool:
        loc = detail["loc"]
        if detail["type"] == "too_short":
            return any(len(place) > len(loc) and place[: len(loc)] == loc for place in places)
        siblings = [place for place in strange if place[:-1] == loc[:-1]]
        return detail["type"] == "missing" and any(
            closest(str(place[-1]), [str(loc[-1])]) for place in siblings
        )

    return [detail for detail in details if not follows(detail)]


def _is_news(file: YamlFile, detail: ErrorDetails) -> bool:
    """Tell whether reading has not already complained of this value or what is around it."""
    loc = detail["loc"]
    return not any(loc[:size] in file.bad_locs for size in range(1, len(loc) + 1))


def _explain(file: YamlFile, spec: type[BaseModel], detail: ErrorDetails) -> ConfigError:
    loc, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _explain_unknown(file, spec, loc)
    if kind == "missing":
        return _explain_missing(file, loc)
    message, hint, values = _sentence(file, detail, context)
    place = file.place_of(loc)
    if at := context.get("at"):
        place = place_in(file.text, place, str(detail["input"]), at)
    return problem(message, path=file.path, place=place, loc=loc, hint=hint, **values)


def _sentence(
    file: YamlFile, detail: ErrorDetails, context: dict[str, Any]
) -> tuple[str, str | None, dict[str, str]]:
    kind = detail["type"]
    found = _found(file, detail)
    if kind == OWN_ERROR:
        # pydantic offers the message only filled in, so the sentence travels in the context.
        return context["message"], context["hint"], context["values"]
    if detail["input"] is None:
        hint = mark("write one after the colon; a text that begins with # must be in quotes")
        return mark("there is no value"), hint, {}
    if kind in {"enum", "literal_error"}:
        return _sentence_for_choice(found, str(context["expected"]))
    if kind in _TYPES:
        message, hint = _TYPES[kind]
        is_block = isinstance(detail["input"], dict | list)
        return message, (mark("write a single text") if is_block else hint), {"found": found}
    for name, message in _LIMITS.items():
        if name in context:
            is_share = name == "le" and context[name] == 1
            advice = mark("this is a share: write 0.3 for 30 %") if is_share else None
            return message, advice, {"limit": str(context[name]).removesuffix(".0")}
    return (
        mark("{found} is not allowed here: {detail}"),
        None,
        {
            "found": found,
            "detail": shorten(detail["msg"]),
        },
    )


def _sentence_for_choice(found: str, expected: str) -> tuple[str, str, dict[str, str]]:
    allowed = expected.replace("'", "").replace(" or ", ", ").split(", ")
    values = {"found": found, "allowed": ", ".join(allowed)}
    message = mark("{found} is none of the allowed values")
    if guess := closest(found, allowed):
        hint = mark("did you mean {guess}? Allowed: {allowed}")
        return message, hint, values | {"guess": guess}
    return message, mark("write one of: {allowed}"), values


def _explain_unknown(file: YamlFile, spec: type[BaseModel], loc: Loc) -> ConfigError:
    known = sorted(_keys_at(spec, loc[:-1]))
    name = str(loc[-1])
    guess = closest(name, known)
    hint = mark("did you mean {guess}?") if guess else mark("keys known here: {known}")
    return problem(
        mark("unknown key {name}"),
        path=file.path,
        place=file.place_of(loc, is_key=True),
        loc=loc,
        hint=hint,
        name=shorten(name),
        guess=guess or "",
        known=", ".join(known),
    )


def _explain_missing(file: YamlFile, loc: Loc) -> ConfigError:
    name = str(loc[-1])
    return problem(
        mark("the key {name} is missing"),
        path=file.path,
        place=file.place_of(loc[:-1]),
        loc=loc,
        hint=mark("add a line such as {example}"),
        name=name,
        example=_EXAMPLES.get(name, f"{name}: …"),
    )


def _found(file: YamlFile, detail: ErrorDetails) -> str:
    if isinstance(detail["input"], dict):
        return "{…}"
    if isinstance(detail["input"], list):
        return "[…]"
    return shorten(file.written.get(detail["loc"], str(detail["input"])))


def _keys_at(spec: type[BaseModel], loc: Loc) -> set[str]:
    """Return the keys that the shape knows at a place."""
    model = spec
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            inner = next(_models_in(model.model_fields[part].annotation), None)
            if inner is None:
                return set()
            model = inner
    return set(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
