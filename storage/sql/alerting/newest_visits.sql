-- Grain: one row: sources read, sources that should have been, newest good visit since $since.
-- Read by: storage.alert_context.
-- Planned: the active sources that a night visits (imports come by hand), also those never visited,
-- but not those that rest: healthy, not due before $window_end, and not visited since $since.
-- Read: the latest visit since $since succeeded, whichever run made it.
WITH latest AS (
    SELECT
        source_id,
        arg_max(status, (started_at, run_id)) AS status,
        max(started_at) FILTER (status IN ('ok', 'unchanged')) AS read_at
    FROM fct_source_runs
    WHERE started_at >= CAST($since AS TIMESTAMPTZ)
    GROUP BY source_id
)
SELECT
    count(*) FILTER (latest.status IN ('ok', 'unchanged')),
    count(*),
    max(latest.read_at)
FROM dim_sources AS source
LEFT JOIN latest USING (source_id)
LEFT JOIN source_states AS state USING (source_id)
WHERE source.is_active
    AND source.kind <> 'import'
    AND (
        latest.status IS NOT NULL
        OR state.next_fetch_at IS NULL
        OR state.next_fetch_at <= CAST($window_end AS TIMESTAMPTZ)
        OR state.failure_score > 0
    );
