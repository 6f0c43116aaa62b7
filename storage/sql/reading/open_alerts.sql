-- open_alerts: the alerts that are not resolved, with the figures behind their present state.
-- Grain: one row per open alert. Read by: listening.jobs.summary, `vigie alerts list`.
SELECT
    alert.fingerprint,
    alert.rule_id,
    alert.brand_id,
    coalesce(brand.name, alert.brand_id) AS brand_name,
    alert.severity,
    alert.state,
    alert.opened_at,
    alert.last_breach_at,
    alert.peak_count,
    opening.mention_count,
    opening.negative_count,
    opening.negative_story_count,
    coalesce(
        opening.judged_count, opening.negative_voice_count, opening.negative_story_count
    ) AS judged_count,
    opening.baseline_low,
    opening.baseline_high,
    opening.baseline_window_count,
    opening.p_value,
    opening.threshold
FROM fct_alerts AS alert
LEFT JOIN dim_brands AS brand USING (brand_id)
LEFT JOIN fct_alert_evaluations AS opening
    ON opening.rule_id = alert.rule_id
    AND opening.brand_id = alert.brand_id
    AND opening.window_end = alert.last_breach_at
WHERE alert.state <> 'resolved'
ORDER BY alert.opened_at DESC, alert.fingerprint;
