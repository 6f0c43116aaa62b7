-- Grain: one row per source of the configuration (incoming_sources). Read by: storage.dimensions.
INSERT INTO dim_sources BY NAME
SELECT
    * EXCLUDE (poll_every_us),
    to_microseconds(poll_every_us) AS poll_every,
    true AS is_active,
    CAST($now AS TIMESTAMPTZ) AS updated_at
FROM incoming_sources
ON CONFLICT (source_id) DO UPDATE SET
    kind = excluded.kind,
    url = excluded.url,
    source_type = excluded.source_type,
    title = excluded.title,
    language = excluded.language,
    weight = excluded.weight,
    poll_every = excluded.poll_every,
    is_active = true,
    updated_at = excluded.updated_at
WHERE NOT dim_sources.is_active
    OR dim_sources.kind IS DISTINCT FROM excluded.kind
    OR dim_sources.url IS DISTINCT FROM excluded.url
    OR dim_sources.source_type IS DISTINCT FROM excluded.source_type
    OR dim_sources.title IS DISTINCT FROM excluded.title
    OR dim_sources.language IS DISTINCT FROM excluded.language
    OR dim_sources.weight IS DISTINCT FROM excluded.weight
    OR dim_sources.poll_every IS DISTINCT FROM excluded.poll_every;
