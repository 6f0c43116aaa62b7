-- Grain: one row: when the earliest day began (UTC, any hour of it) on which a brand has $least texts or
-- more that came in since the newest look, over two days after they appeared; NULL when none has.
-- Read by: storage.alert_past.
SELECT min(first_at)
FROM (
    SELECT min(mentioned_at) AS first_at
    FROM mentions
    JOIN (
        SELECT document_id
        FROM fct_documents
        WHERE first_seen_at - mentioned_at > INTERVAL 2 DAY
            AND first_seen_at > coalesce(
                (SELECT max(evaluated_at) FROM fct_alert_evaluations), TIMESTAMPTZ '1970-01-01 00:00:00+00'
            )
    ) AS late USING (document_id)
    GROUP BY brand_id, mentioned_on
    HAVING count(*) >= $least
);
