-- fr: Quelles injures approchent de la prescription de trois mois ?
-- en: Which insults are near the legal limit of three months?
-- Grain: one row per mention. Loi du 29 juillet 1881, art. 65: three months from the first publication; ask a lawyer. Read by: analysts, `vigie questions 18`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $to_on = +0 | fr: jour du calcul | en: day of the reckoning
-- $days = 30 | fr: jours restants au plus | en: days left at most
-- Example: limit_on | days_left | published_on | title | source_title | status | url
-- Example: 2026-11-30 | 9 | 2026-08-30 | Re: livraison | Le forum des Pentes | new | https://…
SELECT
    CAST(mentioned_on + INTERVAL 3 MONTH AS DATE) AS limit_on,
    CAST(mentioned_on + INTERVAL 3 MONTH AS DATE) - $to_on AS days_left,
    mentioned_on AS published_on,
    title,
    source_title,
    status,
    url
FROM inbox
WHERE client_id = $client
    AND mentioned_at >= timezone('UTC', CAST($to_on AS TIMESTAMP) - INTERVAL 95 DAY)
    AND list_contains(reasons, 'insult')
    AND CAST(mentioned_on + INTERVAL 3 MONTH AS DATE) - $to_on BETWEEN 0 AND $days
ORDER BY limit_on, title;
