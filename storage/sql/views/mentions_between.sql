-- mentions_between(client, from_on, to_on, source_ids): the mentions of the client's days
-- [from_on, to_on).
-- Grain: one row per mention. Read by: every macro of a period; analysts.
-- source_ids freezes the list of sources, so that two periods compare like with like; NULL: all.
-- The two lines on mentioned_at are wider than the days in any zone: they let DuckDB skip what is
-- far away without working out its local day.
CREATE OR REPLACE MACRO mentions_between(client, from_on, to_on, source_ids := NULL) AS TABLE
SELECT *
FROM mentions
WHERE client_id = client
    AND mentioned_at >= timezone('UTC', CAST(from_on AS TIMESTAMP) - INTERVAL 2 DAY)
    AND mentioned_at < timezone('UTC', CAST(to_on AS TIMESTAMP) + INTERVAL 2 DAY)
    AND mentioned_on >= CAST(from_on AS DATE)
    AND mentioned_on < CAST(to_on AS DATE)
    AND (source_ids IS NULL OR list_contains(source_ids, source_id));
COMMENT ON MACRO TABLE mentions_between IS 'fr: Les mentions du jour from_on (inclus) au jour to_on (exclu), à l’heure du client ; source_ids fige la liste des sources. | en: Mentions from day from_on (included) to day to_on (excluded), in the client’s time; source_ids freezes the list of sources.';

-- The first day of the period of the same length that ends where [from_on, to_on) begins.
CREATE OR REPLACE MACRO period_before(from_on, to_on) AS
    CAST(from_on AS DATE) - CAST(CAST(to_on AS DATE) - CAST(from_on AS DATE) AS INTEGER);
COMMENT ON MACRO period_before IS 'fr: Premier jour de la période de même longueur qui précède. | en: First day of the period of the same length just before.';
