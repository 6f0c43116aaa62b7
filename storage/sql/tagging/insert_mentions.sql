-- Grain: one row per mention that is new. Read by: storage.loading.
INSERT INTO fct_mentions BY NAME
SELECT
    found.*,
    tagged.tagger_version,
    CAST($now AS TIMESTAMPTZ) AS tagged_at,
    true AS is_matched
FROM incoming_mentions AS found
JOIN current_tagged AS tagged USING (document_id)
ANTI JOIN known_mentions AS known USING (document_id, brand_id)
RETURNING document_id;
