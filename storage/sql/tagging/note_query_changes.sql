-- Grain: one row per document × brand that a change of the brand's query brought in or took out.
-- Read by: storage.loading, before mentions are written. A document's first tagging changes nothing,
-- nor does one with the same query. Rows of a document read again under the same two versions, its
-- text having changed, are replaced.
INSERT INTO dim_taggers BY NAME
SELECT DISTINCT tagged.tagger_version, query.brand_id, query.query_version
FROM current_tagged AS tagged
CROSS JOIN incoming_queries AS query
ON CONFLICT DO NOTHING;
INSERT INTO fct_query_changes BY NAME
WITH reread AS (
    SELECT
        tagged.document_id,
        earlier.brand_id,
        earlier.query_version AS version_before,
        query.query_version AS version_after
    FROM current_tagged AS tagged
    JOIN dim_taggers AS earlier ON earlier.tagger_version = tagged.tagged_before
    JOIN incoming_queries AS query ON query.brand_id = earlier.brand_id
    WHERE earlier.query_version <> query.query_version
)
SELECT
    reread.*,
    CASE WHEN incoming.document_id IS NULL THEN 'lost' ELSE 'gained' END AS change,
    coalesce(incoming.polarity, present.human_polarity, present.polarity) AS polarity,
    CAST($now AS TIMESTAMPTZ) AS tagged_at
FROM reread
LEFT JOIN incoming_mentions AS incoming
    ON incoming.document_id = reread.document_id AND incoming.brand_id = reread.brand_id
LEFT JOIN known_mentions AS present
    ON present.document_id = reread.document_id
    AND present.brand_id = reread.brand_id
    AND present.is_matched
WHERE (incoming.document_id IS NULL) <> (present.document_id IS NULL)
ON CONFLICT DO UPDATE SET
    change = excluded.change,
    polarity = excluded.polarity,
    tagged_at = excluded.tagged_at;
