"""The register of processing activities (GDPR, article 30), in French, from the configuration.

The register is kept for a French authority, so that its sentences are French whatever the language
of the commands.
"""

from importlib.resources import files

from listening.jobs.context import JobContext
from listening.model import BrandRole
from listening.translate import french_spaces

_BASES = {
    "legitimate_interest": "intérêt légitime (article 6, paragraphe 1, point f)",
    "consent": "consentement (article 6, paragraphe 1, point a)",
    "public_task": "mission d’intérêt public (article 6, paragraphe 1, point e)",
}
_PURPOSE = "connaître ce qui est dit publiquement des noms suivis, et être prévenu à temps"
_CONCERNED = "auteurs de publications publiques, personnes qui y sont nommées"


def processing_register(context: JobContext) -> str:
    """Return the client's entry of the register, as Markdown."""
    config, privacy = context.config, context.config.privacy
    people = [brand.name for brand in config.brands if brand.role is BrandRole.PERSON]
    figures = [f"{one.name} ({one.reason})" for one in privacy.public_figures]
    values = {
        "client": config.name,
        "controller": privacy.controller or config.name,
        "contact": privacy.controller_contact or config.contact,
        "purpose": privacy.purpose or _PURPOSE,
        "brands": ", ".join(f"« {brand.name} »" for brand in config.brands),
        "basis": _BASES[privacy.legal_basis],
        "concerned": ", ".join([_CONCERNED, *people]),
        "figures": " ; ".join(figures) or "aucun",
        "source_count": len(config.sources),
        "recipients": ", ".join(one.address for one in config.recipients) or "aucun",
        "text_days": _days(privacy.text_days),
        "body_days": _days(privacy.landing_days),
        "aggregate_days": _days(privacy.aggregate_days),
        "exclusion_days": context.settings.exclusion_days,
        "backup_days": context.settings.backup_days,
    }
    page = (files("listening") / "locale" / "fr" / "register.md").read_text(encoding="utf-8")
    page = page.format(**{name: str(text).replace("|", "/") for name, text in values.items()})
    return french_spaces(page)


def _days(days: int | None) -> str:
    if days is None:
        return "**non limitée : à fixer dans client.yaml, partie privacy**"
    return f"{days} jours après la collecte"
