-- What changing a brand's query gained and lost; topics are written by tagging.

CREATE TABLE dim_taggers (
    tagger_version VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    query_version VARCHAR NOT NULL,
    PRIMARY KEY (tagger_version, brand_id)
);
COMMENT ON TABLE dim_taggers IS 'fr: Quelle version de la requête de chaque marque était dans chaque version de l’étiquetage. | en: Which version of each brand’s query was in each version of the tagger.';
COMMENT ON COLUMN dim_taggers.tagger_version IS 'fr: Version de l’étiquetage. | en: Version of the tagger.';
COMMENT ON COLUMN dim_taggers.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN dim_taggers.query_version IS 'fr: Version de sa requête. | en: Version of its query.';

CREATE TABLE fct_query_changes (
    document_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    version_before VARCHAR NOT NULL,
    version_after VARCHAR NOT NULL,
    change VARCHAR NOT NULL CHECK (change IN ('gained', 'lost')),
    polarity VARCHAR NOT NULL,
    tagged_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (document_id, brand_id, version_before, version_after)
);
COMMENT ON TABLE fct_query_changes IS 'fr: Les documents qu’un changement de requête a fait entrer ou sortir. | en: Documents that a change of query brought in or took out.';
COMMENT ON COLUMN fct_query_changes.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN fct_query_changes.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_query_changes.version_before IS 'fr: Version de la requête avant. | en: Version of the query before.';
COMMENT ON COLUMN fct_query_changes.version_after IS 'fr: Version de la requête après. | en: Version of the query after.';
COMMENT ON COLUMN fct_query_changes.change IS 'fr: gained (trouvé désormais), lost (plus trouvé). | en: gained (found now), lost (no longer found).';
COMMENT ON COLUMN fct_query_changes.polarity IS 'fr: Ton de la mention gagnée ou perdue. | en: Tone of the mention gained or lost.';
COMMENT ON COLUMN fct_query_changes.tagged_at IS 'fr: Quand le document a été relu (UTC). | en: When the document was read again (UTC).';
