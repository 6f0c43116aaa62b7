-- period_alerts: the alerts that were open at some time in [$start_at, $end_at), newest first.
-- Grain: one row per alert; those that only wait (pending) told nobody, and are left out.
-- Read by: listening.jobs.digest.
SELECT
    alert.rule_id,
    coalesce(brand.name, alert.brand_id) AS brand_name,
    alert.severity,
    alert.state,
    alert.opened_at,
    alert.peak_count,
    alert.verdict
FROM fct_alerts AS alert
LEFT JOIN dim_brands AS brand USING (brand_id)
WHERE alert.state <> 'pending'
    AND alert.opened_at < CAST($end_at AS TIMESTAMPTZ)
    AND (alert.resolved_at IS NULL OR alert.resolved_at >= CAST($start_at AS TIMESTAMPTZ))
ORDER BY alert.opened_at DESC, alert.fingerprint;
