-- Grain: one row per exclusion that is none any more, or is too old. Read by: storage.exclusions.
DELETE FROM fct_exclusions
WHERE excluded_at < CAST($oldest AS TIMESTAMPTZ)
    OR (
        document_id IN (SELECT document_id FROM current_tagged)
        AND (document_id, brand_id, reason) NOT IN (
            SELECT (document_id, brand_id, reason) FROM incoming_exclusions
        )
    );
