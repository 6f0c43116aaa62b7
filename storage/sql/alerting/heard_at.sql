-- heard_at: until when we know what was written: the newest good visit, else (only imports) the
-- newest document that came in; NULL before the first.
-- Grain: one row. Read by: storage.alert_context.
SELECT
    coalesce(
        max(started_at) FILTER (status IN ('ok', 'unchanged')),
        (SELECT max(first_seen_at) FROM fct_documents)
    )
FROM fct_source_runs;
