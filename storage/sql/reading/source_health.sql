-- source_health: every active source with what a person wants to know of it first, the ill ones first.
-- Grain: one row per active source. Read by: listening.jobs.health, listening.jobs.digest.
SELECT
    health.source_id,
    health.source_title,
    source.kind,
    health.url,
    health.health,
    health.last_visited_at,
    health.last_success_at,
    health.last_status,
    health.last_reason,
    health.last_faults,
    health.silent_days,
    health.habit_days,
    health.run_count,
    health.success_count,
    health.coverage,
    health.document_count,
    health.missing_count,
    health.mention_count,
    health.failure_score,
    health.next_fetch_at
FROM source_health AS health
JOIN dim_sources AS source USING (source_id)
WHERE health.is_active
ORDER BY
    CASE health.health
        WHEN 'failing' THEN 0 WHEN 'silent' THEN 1 WHEN 'never_read' THEN 2 ELSE 3
    END,
    health.source_id;
