-- source_health: how each source is doing, from its newest visit and its last 30 days.
-- Grain: one row per source. Read by: analysts, `vigie sources list`, reports.
-- Days are counted back from the newest visit to any source, so the view needs no clock.
CREATE OR REPLACE VIEW source_health AS
WITH newest AS (SELECT max(started_at) AS at FROM fct_source_runs),
visits AS (
    SELECT
        run.source_id,
        max(run.started_at) AS last_visited_at,
        arg_max(run.status, run.started_at) AS last_status,
        arg_max({'value': run.reason}, run.started_at).value AS last_reason,
        arg_max({'value': run.http_status}, run.started_at).value AS last_http_status,
        arg_max(run.faults, run.started_at) AS last_faults,
        max(run.started_at) FILTER (run.status IN ('ok', 'unchanged')) AS last_success_at,
        max(run.started_at) FILTER (run.new_count > 0) AS last_new_at,
        count(*) FILTER (run.started_at > newest.at - INTERVAL 30 DAY) AS run_count,
        count(*) FILTER (
            run.started_at > newest.at - INTERVAL 30 DAY AND run.status IN ('ok', 'unchanged')
        ) AS success_count
    FROM fct_source_runs AS run
    CROSS JOIN newest
    GROUP BY run.source_id
),
-- Read once and without a join: source_ids are those of fct_document_sources, a check sees to it.
carried AS (
    SELECT
        source_id,
        CAST(mentioned_at AS DATE) AS active_on,
        count(*) AS document_count,
        min(mentioned_at) AS first_at,
        max(mentioned_at) AS last_at
    FROM (SELECT unnest(source_ids) AS source_id, mentioned_at FROM fct_documents)
    GROUP BY ALL
),
withdrawn AS (
    SELECT source_id, count(*) AS missing_count
    FROM fct_document_sources
    WHERE missing_since_at IS NOT NULL
    GROUP BY source_id
),
documents AS (
    SELECT source_id, sum(document_count)::BIGINT AS document_count, max(last_at) AS last_document_at
    FROM carried
    GROUP BY source_id
),
-- The habit: gaps between the last 60 days on which the source had something, twice the one that
-- 19 of 20 stay below. With weekends off that is 6 days, for a daily source the least of 2. Twice,
-- because chance alone makes a gap of that length once in 400; a single long holiday hardly moves it.
active_days AS (
    SELECT carried.source_id, carried.active_on
    FROM carried
    CROSS JOIN newest
    WHERE carried.first_at <= newest.at
    QUALIFY row_number() OVER (PARTITION BY carried.source_id ORDER BY carried.active_on DESC) <= 60
),
gaps AS (
    SELECT
        source_id,
        active_on,
        active_on - lag(active_on) OVER (PARTITION BY source_id ORDER BY active_on) AS gap_days
    FROM active_days
),
habits AS (
    SELECT
        source_id,
        max(active_on) AS last_active_on,
        CASE
            WHEN count(gap_days) >= 5
                THEN least(greatest(2 * quantile_cont(gap_days, 0.95), 2), 90)
            ELSE 14
        END AS habit_days
    FROM gaps
    GROUP BY source_id
),
named AS (SELECT source_id, count(*) AS mention_count FROM mentions GROUP BY source_id)
SELECT
    source.source_id,
    coalesce(nullif(source.title, ''), source.source_id) AS source_title,
    source.source_type,
    source.url,
    source.is_active,
    CASE
        WHEN visits.last_visited_at IS NULL THEN 'never_read'
        WHEN visits.last_status NOT IN ('ok', 'unchanged') THEN 'failing'
        WHEN coalesce(
                newest.at::DATE - habits.last_active_on,
                date_diff('hour', visits.last_new_at, newest.at) / 24,
                'infinity'::DOUBLE
            ) > coalesce(habits.habit_days, 14) THEN 'silent'
        ELSE 'healthy'
    END AS health,
    visits.last_visited_at,
    visits.last_status,
    visits.last_reason,
    visits.last_http_status,
    visits.last_faults,
    visits.last_success_at,
    visits.last_new_at,
    coalesce(visits.run_count, 0) AS run_count,
    coalesce(visits.success_count, 0) AS success_count,
    visits.success_count / nullif(visits.run_count, 0) AS coverage,
    newest.at::DATE - habits.last_active_on AS silent_days,
    habits.habit_days,
    coalesce(documents.document_count, 0) AS document_count,
    coalesce(withdrawn.missing_count, 0) AS missing_count,
    coalesce(named.mention_count, 0) AS mention_count,
    documents.last_document_at,
    coalesce(state.failure_score, 0) AS failure_score,
    state.next_fetch_at
FROM dim_sources AS source
CROSS JOIN newest
LEFT JOIN visits USING (source_id)
LEFT JOIN documents USING (source_id)
LEFT JOIN withdrawn USING (source_id)
LEFT JOIN habits USING (source_id)
LEFT JOIN named USING (source_id)
LEFT JOIN source_states AS state USING (source_id);
COMMENT ON VIEW source_health IS 'fr: L’état de chaque source : sa dernière visite et ses 30 derniers jours. | en: How each source is doing: its newest visit and its last 30 days.';
COMMENT ON COLUMN source_health.source_id IS 'fr: La source. | en: The source.';
COMMENT ON COLUMN source_health.source_title IS 'fr: Son nom. | en: Its name.';
COMMENT ON COLUMN source_health.source_type IS 'fr: Sa nature. | en: What it is.';
COMMENT ON COLUMN source_health.url IS 'fr: Son adresse. | en: Its address.';
COMMENT ON COLUMN source_health.is_active IS 'fr: Vrai tant qu’elle est dans la configuration. | en: True while it is in the configuration.';
COMMENT ON COLUMN source_health.health IS 'fr: never_read (jamais lue), failing (en échec), silent (muette plus longtemps que son habitude), healthy (en forme). | en: never_read, failing, silent (for longer than its habit), healthy.';
COMMENT ON COLUMN source_health.silent_days IS 'fr: Jours entre son dernier document et la visite la plus récente de toutes. | en: Days between its last document and the newest visit of all.';
COMMENT ON COLUMN source_health.habit_days IS 'fr: Plus long silence ordinaire, en jours : le double de l’écart que 19 écarts sur 20 ne dépassent pas, de 2 à 90 ; 14 tant qu’il y a moins de 5 écarts. | en: Longest usual silence in days: twice the gap that 19 of 20 gaps do not exceed, 2 to 90; 14 while there are fewer than 5 gaps.';
COMMENT ON COLUMN source_health.missing_count IS 'fr: Documents que la source a retirés et que nous gardons. | en: Documents the source withdrew and we keep.';
COMMENT ON COLUMN source_health.last_visited_at IS 'fr: Dernière visite (UTC). | en: Newest visit (UTC).';
COMMENT ON COLUMN source_health.last_status IS 'fr: Son résultat : ok, unchanged, failed, refused, unreadable. | en: Its result: ok, unchanged, failed, refused, unreadable.';
COMMENT ON COLUMN source_health.last_reason IS 'fr: Le motif, quand elle a échoué. | en: The reason, when it failed.';
COMMENT ON COLUMN source_health.last_http_status IS 'fr: Son code HTTP. | en: Its HTTP status.';
COMMENT ON COLUMN source_health.last_faults IS 'fr: Défauts constatés alors. | en: Faults found then.';
COMMENT ON COLUMN source_health.last_success_at IS 'fr: Dernière visite réussie (UTC). | en: Last good visit (UTC).';
COMMENT ON COLUMN source_health.last_new_at IS 'fr: Dernière visite qui a apporté du nouveau (UTC). | en: Last visit that brought something new (UTC).';
COMMENT ON COLUMN source_health.run_count IS 'fr: Visites en 30 jours. | en: Visits in 30 days.';
COMMENT ON COLUMN source_health.success_count IS 'fr: Visites réussies en 30 jours. | en: Good visits in 30 days.';
COMMENT ON COLUMN source_health.coverage IS 'fr: Part des visites réussies en 30 jours, de 0 à 1. | en: Share of good visits in 30 days, 0 to 1.';
COMMENT ON COLUMN source_health.document_count IS 'fr: Documents qu’elle a portés. | en: Documents it carried.';
COMMENT ON COLUMN source_health.mention_count IS 'fr: Mentions dans les documents dont elle est la source montrée. | en: Mentions in the documents it is the source shown of.';
COMMENT ON COLUMN source_health.last_document_at IS 'fr: Date de son document le plus récent (UTC). | en: Date of its newest document (UTC).';
COMMENT ON COLUMN source_health.failure_score IS 'fr: 0 : en bonne santé ; croît avec les échecs. | en: 0: healthy; grows with failures.';
COMMENT ON COLUMN source_health.next_fetch_at IS 'fr: Prochaine visite (UTC). | en: Next visit (UTC).';
