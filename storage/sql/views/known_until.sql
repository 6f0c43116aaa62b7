-- known_until: the moment up to which this warehouse knows the web, and the client's day of it.
-- Grain: one row. Read by: inbox, questions; analysts, instead of the clock: an answer about an old
-- snapshot stays the same.
CREATE OR REPLACE VIEW known_until AS
SELECT
    client.client_id,
    until.at,
    CAST(timezone(client.timezone, until.at) AS DATE) AS day_on
FROM dim_clients AS client
CROSS JOIN (
    SELECT coalesce(
        (SELECT max(started_at) FROM fct_source_runs),
        (SELECT max(mentioned_at) FROM fct_documents)
    ) AS at
) AS until;
COMMENT ON VIEW known_until IS 'fr: Jusqu’à quand cette base connaît le web : la dernière visite à une source, à défaut la dernière parution. | en: Until when this database knows the web: the last visit to a source, else the last publication.';
COMMENT ON COLUMN known_until.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN known_until.at IS 'fr: L’instant (UTC). | en: The instant (UTC).';
COMMENT ON COLUMN known_until.day_on IS 'fr: Son jour, à l’heure du client. | en: Its day, in the client’s time.';
