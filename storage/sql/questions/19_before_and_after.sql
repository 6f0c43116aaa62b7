-- fr: Qu'a changé un évènement, avant et après ?
-- en: What did an event change, before and after?
-- Grain: one row per brand. The change of tone is more than chance when it exceeds its margin. Read by: analysts, `vigie questions 19`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $event_on = -7 | fr: jour de l'évènement, premier jour d'après | en: day of the event, first day of after
-- $days = 7 | fr: jours de chaque côté | en: days on each side
-- Example: brand_name | mentions_before | mentions_after | net_before | net_after | net_change | margin
-- Example: L'Œuf à la Coque | 39 | 77 | 41 | -12 | -53 | 26
SELECT
    before.brand_name,
    before.mention_count AS mentions_before,
    after.mention_count AS mentions_after,
    round(before.net_sentiment, 1) AS net_before,
    round(after.net_sentiment, 1) AS net_after,
    round(after.net_sentiment - before.net_sentiment, 1) AS net_change,
    round(sqrt(before.net_sentiment_margin ** 2 + after.net_sentiment_margin ** 2), 1) AS margin
FROM kpis($client, $event_on - CAST($days AS INTEGER), $event_on) AS before
JOIN kpis($client, $event_on, $event_on + CAST($days AS INTEGER)) AS after USING (brand_id)
ORDER BY mentions_after DESC, before.brand_name;
