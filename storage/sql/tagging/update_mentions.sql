-- Grain: one row per known mention of which the tagger says something else. Read by: storage.loading.
-- The human label columns are never touched here.
UPDATE fct_mentions SET
    polarity = found.polarity,
    score = found.score,
    confidence = found.confidence,
    hits = found.hits,
    evidence = found.evidence,
    zones = found.zones,
    flags = found.flags,
    language = found.language,
    query_version = found.query_version,
    model_version = found.model_version,
    tagger_version = found.tagger_version,
    tagged_at = CAST($now AS TIMESTAMPTZ),
    is_matched = true
FROM (
    SELECT found.*, tagged.tagger_version, known.row_number
    FROM incoming_mentions AS found
    JOIN current_tagged AS tagged USING (document_id)
    JOIN known_mentions AS known USING (document_id, brand_id)
    WHERE NOT known.is_matched
        OR known.hits IS DISTINCT FROM found.hits
        OR known.evidence IS DISTINCT FROM found.evidence
        OR known.flags IS DISTINCT FROM found.flags
        OR known.zones IS DISTINCT FROM found.zones
        OR (
            known.polarity, known.score, known.confidence, known.language,
            known.query_version, known.model_version, known.tagger_version
        ) IS DISTINCT FROM (
            found.polarity, found.score, found.confidence, found.language,
            found.query_version, found.model_version, tagged.tagger_version
        )
) AS found
WHERE fct_mentions.rowid = found.row_number
RETURNING fct_mentions.document_id;
