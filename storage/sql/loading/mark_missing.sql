-- Grain: one row per (document_id, source_id) of the sources that incoming_states names.
-- Read by: storage.loading. Follows the newest state of each source, so that the order of loads does
-- not matter; a document that is shown again is missing no more.
WITH missing AS (
    SELECT source_id, unnest(map_entries(missing)) AS entry
    FROM source_states
    WHERE source_id IN (SELECT source_id FROM incoming_states)
),
now_missing AS (
    SELECT source_id, entry.key AS document_id, entry.value::TIMESTAMPTZ AS missing_since_at
    FROM missing
),
changed AS (
    SELECT seen.document_id, seen.source_id, now_missing.missing_since_at
    FROM fct_document_sources AS seen
    LEFT JOIN now_missing USING (document_id, source_id)
    WHERE seen.source_id IN (SELECT source_id FROM incoming_states)
        AND seen.missing_since_at IS DISTINCT FROM now_missing.missing_since_at
)
UPDATE fct_document_sources AS seen
SET missing_since_at = changed.missing_since_at
FROM changed
WHERE seen.document_id = changed.document_id AND seen.source_id = changed.source_id;
