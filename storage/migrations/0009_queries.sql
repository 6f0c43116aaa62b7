-- Watchlist queries: what they are, where they found a brand, and which documents they kept out.

ALTER TABLE dim_brands ADD COLUMN query VARCHAR DEFAULT '';
COMMENT ON COLUMN dim_brands.query IS 'fr: La requête booléenne, telle qu’écrite ; vide : la marque n’a que des termes. | en: The Boolean query, as written; empty: the brand has terms only.';

ALTER TABLE fct_mentions ADD COLUMN zones VARCHAR[] DEFAULT [];
COMMENT ON COLUMN fct_mentions.zones IS 'fr: Où la marque est nommée : title (titre), body (texte) ; vide : étiqueté par une version plus ancienne. | en: Where the brand is named: title, body; empty: tagged by an older version.';

CREATE TABLE fct_exclusions (
    document_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL CHECK (reason IN ('not', 'exclude', 'context', 'relevance')),
    clause VARCHAR NOT NULL,
    query_version VARCHAR NOT NULL,
    excluded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (document_id, brand_id, reason)
);
COMMENT ON TABLE fct_exclusions IS 'fr: Un document qui porte le nom d’une marque et que sa requête écarte, et pourquoi ; gardé le temps réglé par LISTENING_EXCLUSION_DAYS. | en: A document that has a brand’s name and that its query keeps out, and why; kept for LISTENING_EXCLUSION_DAYS.';
COMMENT ON COLUMN fct_exclusions.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_exclusions.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_exclusions.reason IS 'fr: not (ce qui suit SAUF), exclude (terme exclu près du nom), context (aucun terme de contexte), relevance (modèle appris des verdicts). | en: not (what follows NOT), exclude (excluded term near the name), context (no context term), relevance (model learnt from verdicts).';
COMMENT ON COLUMN fct_exclusions.clause IS 'fr: La partie de la requête qui écarte le document. | en: The part of the query that keeps it out.';
COMMENT ON COLUMN fct_exclusions.query_version IS 'fr: Version de la requête. | en: Version of the query.';
COMMENT ON COLUMN fct_exclusions.excluded_at IS 'fr: Première fois qu’il a été écarté ainsi (UTC). | en: When it was first kept out in this way (UTC).';
