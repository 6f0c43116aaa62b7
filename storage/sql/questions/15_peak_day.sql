-- fr: Que s'est-il passé le jour où l'on a le plus parlé de nous ?
-- en: What happened on the day on which people spoke of us most?
-- Grain: one row per story of that day, the widest first. Read by: analysts, `vigie questions 15`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -29 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: day_on | day_mentions | usual_mentions | occasion | title | mentions | negative | sources | first_at_local
-- Example: 2026-11-20 | 44 | 6 |  | L'Œuf à la Coque : plusieurs clients malades | 5 | 5 | 4 | 2026-11-20 17:35
WITH chosen AS MATERIALIZED (
    SELECT mentioned_on, mentioned_at_local, story_id, source_id, polarity
    FROM mentions_between($client, $from_on, $to_on)
    WHERE brand_role = 'own'
),
days AS (SELECT mentioned_on, count(*) AS mentions FROM chosen GROUP BY mentioned_on),
peak AS (
    SELECT
        arg_max(mentioned_on, (mentions, mentioned_on)) AS day_on,
        max(mentions) AS mentions,
        median(mentions) AS usual_mentions
    FROM days
),
told AS (
    SELECT
        story_id,
        count(*) AS mentions,
        count(*) FILTER (polarity = 'negative') AS negative,
        count(DISTINCT source_id) AS sources,
        min(mentioned_at_local) AS first_at_local
    FROM chosen
    WHERE mentioned_on = (SELECT day_on FROM peak)
    GROUP BY story_id
    ORDER BY mentions DESC, negative DESC, first_at_local, story_id
    LIMIT 20
)
SELECT
    peak.day_on,
    peak.mentions AS day_mentions,
    peak.usual_mentions,
    concat_ws(', ', day.holiday_fr, day.client_event) AS occasion,
    document.title,
    told.mentions,
    told.negative,
    told.sources,
    told.first_at_local
FROM told
CROSS JOIN peak
JOIN dim_dates AS day ON day.date_on = peak.day_on
LEFT JOIN fct_documents AS document ON document.document_id = told.story_id
ORDER BY told.mentions DESC, told.negative DESC, told.first_at_local, told.story_id;
