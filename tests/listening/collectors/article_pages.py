"""Article pages, written for the tests after the layouts of French newspapers and blogs."""

_BODY = """Le restaurant a fermé ses portes mardi soir, après dix-sept ans de service rue Mercière.
Selon la patronne, les loyers du quartier ont doublé en trois ans, et la clientèle du midi n'est \
jamais revenue depuis les travaux du tramway.
« Nous avons tout essayé », raconte-t-elle devant la salle vide, où les chaises sont déjà \
retournées sur les tables et les menus empilés dans un carton.
La mairie, contactée par nos soins, promet une réunion avec les commerçants de la rue avant la \
fin du mois, sans s'engager sur la durée du chantier."""
BODY = tuple(_BODY.split("\n"))
LINKED = """<script type="application/ld+json">//<![CDATA[
{"@context": "https://schema.org", "@graph": [
  {"@type": "WebPage", "@id": "#page", "datePublished": "2020-01-01"},
  {"@type": "Person", "@id": "#lea", "name": "Léa Martin"},
  {"@type": ["NewsArticle"], "headline": "Un bistrot ferme rue Mercière",
   "datePublished": "2026-11-03T18:30:00+01:00", "dateModified": "2026-11-04T09:00:00+01:00",
   "author": [{"@id": "#lea"}, {"@type": "Person", "givenName": "Hugo", "familyName": "Petit"}],
   "publisher": {"@type": "Organization", "name": "Gazette de Lyon"},},
]}
//]]></script>"""


def article_page(
    *,
    head: str = "",
    before: str = "",
    after: str = "",
    paragraphs: tuple[str, ...] = BODY,
    title: str = "Un bistrot ferme rue Mercière",
) -> bytes:
    """Return a page with menu, article, related links and footer around the given parts."""
    text = "\n".join(f"<p>{one}</p>" for one in paragraphs)
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("sport", "culture"))
    return f"""<!DOCTYPE html><html lang="fr-FR"><head><meta charset="utf-8">
<title>{title} | Gazette de Lyon</title>{head}</head><body>
<header><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{title}</h1>{before}{text}{after}</article></main>
<aside class="related"><h2>Sur le même sujet</h2><a href="/a">Un autre bistrot ouvre</a></aside>
<footer><p>Gazette de Lyon, mentions légales, tous droits réservés</p></footer>
</body></html>""".encode()
