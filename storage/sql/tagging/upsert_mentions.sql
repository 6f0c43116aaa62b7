-- Grain: one row per mention of the tagged documents. Read by: storage.loading.
-- The human label columns are never touched here.
INSERT INTO fct_mentions BY NAME
SELECT
    mention.*,
    tagged.tagger_version,
    CAST($now AS TIMESTAMPTZ) AS tagged_at,
    true AS is_matched
FROM incoming_mentions AS mention
JOIN current_tagged AS tagged USING (document_id)
ON CONFLICT (document_id, brand_id) DO UPDATE SET
    polarity = excluded.polarity,
    score = excluded.score,
    confidence = excluded.confidence,
    hits = excluded.hits,
    evidence = excluded.evidence,
    zones = excluded.zones,
    flags = excluded.flags,
    language = excluded.language,
    query_version = excluded.query_version,
    model_version = excluded.model_version,
    tagger_version = excluded.tagger_version,
    tagged_at = excluded.tagged_at,
    is_matched = true
WHERE NOT fct_mentions.is_matched
    OR fct_mentions.hits IS DISTINCT FROM excluded.hits
    OR fct_mentions.evidence IS DISTINCT FROM excluded.evidence
    OR fct_mentions.flags IS DISTINCT FROM excluded.flags
    OR fct_mentions.zones IS DISTINCT FROM excluded.zones
    OR (
        fct_mentions.polarity, fct_mentions.score, fct_mentions.confidence, fct_mentions.language,
        fct_mentions.query_version, fct_mentions.model_version, fct_mentions.tagger_version
    ) IS DISTINCT FROM (
        excluded.polarity, excluded.score, excluded.confidence, excluded.language,
        excluded.query_version, excluded.model_version, excluded.tagger_version
    )
RETURNING document_id;
