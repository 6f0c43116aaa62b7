"""Countries and their public holidays, from the tables of the package ``holidays``."""

from functools import cache
from typing import Annotated, Any

from pydantic import PlainValidator

from listening.config.field import wrong
from listening.config.problem import shorten
from listening.config.subjects import FIRST_YEAR, LAST_YEAR
from listening.model import PublicHoliday
from listening.translate import mark

#: Languages of the names, the best first; the country's own when it has none of them.
_LANGUAGES = {"fr": ("fr", "fr_FR"), "en": ("en_US", "en_GB", "en")}


def parse_country(value: Any) -> str:
    """Read ``FR``, or ``FR-57`` for a part of a country (ISO 3166).

    Raises:
        PydanticCustomError: No public holidays are known of it.
    """
    text = value.strip().upper() if isinstance(value, str) else ""
    import holidays  # noqa: PLC0415 - a tenth of a second, and most clients need none of it

    country, _, part = text.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        raise wrong(
            mark("{text} is no country whose public holidays are known"),
            mark('write two letters, "FR", "BE", "CH" or "CA"'),
            text=shorten(str(value)),
        )
    if part and part not in known[country]:
        raise wrong(
            mark("{text} is no part of a country whose public holidays are known"),
            mark("write one of {known}, or the country alone"),
            text=shorten(str(value)),
            known=", ".join(f"{country}-{one}" for one in known[country]) or country,
        )
    return text


Country = Annotated[str, PlainValidator(parse_country)]


@cache
def public_holidays_of(country: str) -> tuple[PublicHoliday, ...]:
    """Return the public holidays of a country, or of a part of it, in the years of the calendar."""
    code, _, part = country.partition("-")
    french, english = (_names(code, part or None, language) for language in ("fr", "en"))
    return tuple(
        PublicHoliday(day_on=day, name_fr=french[day], name_en=english.get(day, french[day]))
        for day in sorted(french)
    )


def _names(code: str, part: str | None, language: str) -> dict[Any, str]:
    import holidays  # noqa: PLC0415

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    tables = holidays.country_holidays(code, subdiv=part)
    wanted = (one for one in _LANGUAGES[language] if one in tables.supported_languages)
    best = next(wanted, tables.default_language)
    found = holidays.country_holidays(code, subdiv=part, years=years, language=best)
    return {day: name.replace("'", "’") for day, name in found.items()}
