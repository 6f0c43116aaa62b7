-- Grain: the one client. Read by: storage.dimensions.
INSERT INTO dim_clients BY NAME
SELECT $client_id AS client_id, $name AS name, $language AS language, $timezone AS timezone, $country AS country,
    CAST($now AS TIMESTAMPTZ) AS updated_at
ON CONFLICT (client_id) DO UPDATE SET
    name = excluded.name,
    language = excluded.language,
    timezone = excluded.timezone,
    country = excluded.country,
    updated_at = excluded.updated_at
WHERE (dim_clients.name, dim_clients.language, dim_clients.timezone, dim_clients.country)
    IS DISTINCT FROM (excluded.name, excluded.language, excluded.timezone, excluded.country);
