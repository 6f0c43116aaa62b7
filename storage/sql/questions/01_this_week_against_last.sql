-- fr: Combien de mentions cette semaine et la précédente, par marque ?
-- en: How many mentions this week against the last one, per brand?
-- Grain: one row per brand. Read by: analysts, `vigie questions 1`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -6 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: brand_name | mentions | mentions_before | change | stories | stories_before
-- Example: L'Œuf à la Coque | 77 | 39 | 38 | 61 | 36
SELECT
    now.brand_name,
    now.mention_count AS mentions,
    before.mention_count AS mentions_before,
    now.mention_count - before.mention_count AS change,
    now.story_count AS stories,
    before.story_count AS stories_before
FROM kpis($client, $from_on, $to_on) AS now
JOIN kpis($client, period_before($from_on, $to_on), $from_on) AS before USING (brand_id)
ORDER BY mentions DESC, now.brand_name;
