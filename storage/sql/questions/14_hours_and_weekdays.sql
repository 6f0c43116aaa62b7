-- fr: À quelle heure et quel jour parle-t-on de nous ?
-- en: At which hour and on which day do people speak of us?
-- Grain: one row per hour of the client's clock, one column per day of the week. Read by: analysts, `vigie questions 14`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -90 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: hour | monday | tuesday | wednesday | thursday | friday | saturday | sunday
-- Example: 19 | 3 | 5 | 4 | 2 | 12 | 7 | 6
SELECT
    clock.hour,
    count(mention.mentioned_on) FILTER (isodow(mentioned_on) = 1) AS monday,
    count(mention.mentioned_on) FILTER (isodow(mentioned_on) = 2) AS tuesday,
    count(mention.mentioned_on) FILTER (isodow(mentioned_on) = 3) AS wednesday,
    count(mention.mentioned_on) FILTER (isodow(mentioned_on) = 4) AS thursday,
    count(mention.mentioned_on) FILTER (isodow(mentioned_on) = 5) AS friday,
    count(mention.mentioned_on) FILTER (isodow(mentioned_on) = 6) AS saturday,
    count(mention.mentioned_on) FILTER (isodow(mentioned_on) = 7) AS sunday
FROM range(24) AS clock(hour)
LEFT JOIN (
    SELECT mentioned_on, hour(mentioned_at_local) AS hour
    FROM mentions_between($client, $from_on, $to_on)
    WHERE brand_role = 'own'
) AS mention ON mention.hour = clock.hour
GROUP BY clock.hour
ORDER BY clock.hour;
