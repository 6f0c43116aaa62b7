-- coverage(client, from_on, to_on): source reads that succeeded ÷ planned.
-- Grain: one row per day with a visit, and one of all (day_on NULL). Read by: analysts, reports.
-- Every visit that was planned left a row, also one that failed or was refused.
CREATE OR REPLACE MACRO coverage(client, from_on, to_on) AS TABLE
WITH visits AS (
    SELECT
        CAST(timezone(owner.timezone, run.started_at) AS DATE) AS day_on,
        run.source_id,
        run.status IN ('ok', 'unchanged') AS is_read
    FROM fct_source_runs AS run
    JOIN dim_clients AS owner ON owner.client_id = client
)
SELECT
    day_on,
    count(*) AS planned_count,
    count(*) FILTER (is_read) AS read_count,
    count(*) FILTER (is_read) / nullif(count(*), 0) AS coverage,
    count(DISTINCT source_id) AS source_count,
    count(DISTINCT source_id) FILTER (is_read) AS read_source_count
FROM visits
WHERE day_on >= CAST(from_on AS DATE) AND day_on < CAST(to_on AS DATE)
GROUP BY GROUPING SETS ((day_on), ())
ORDER BY day_on NULLS FIRST;
COMMENT ON MACRO TABLE coverage IS 'fr: Couverture : lectures de sources réussies ÷ prévues, par jour et en tout (jour vide). | en: Coverage: source reads that succeeded ÷ planned, per day and of all (empty day).';
