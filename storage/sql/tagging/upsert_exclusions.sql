-- Grain: one row per document × brand × reason of the tagged documents. Read by: storage.exclusions.
-- The moment of the first time stays: it decides how long the row is kept.
INSERT INTO fct_exclusions BY NAME
SELECT exclusion.*, CAST($now AS TIMESTAMPTZ) AS excluded_at
FROM incoming_exclusions AS exclusion
JOIN current_tagged USING (document_id)
ON CONFLICT (document_id, brand_id, reason) DO UPDATE SET
    clause = excluded.clause,
    query_version = excluded.query_version
WHERE (fct_exclusions.clause, fct_exclusions.query_version)
    IS DISTINCT FROM (excluded.clause, excluded.query_version);
