-- Grain: one row per topic of the configuration (incoming_topics). Read by: storage.dimensions.
INSERT INTO dim_topics BY NAME
SELECT *, true AS is_active, CAST($now AS TIMESTAMPTZ) AS updated_at FROM incoming_topics
ON CONFLICT (topic_id) DO UPDATE SET
    name_fr = excluded.name_fr,
    name_en = excluded.name_en,
    terms = excluded.terms,
    is_active = true,
    updated_at = excluded.updated_at
WHERE NOT dim_topics.is_active
    OR dim_topics.terms IS DISTINCT FROM excluded.terms
    OR (dim_topics.name_fr, dim_topics.name_en)
        IS DISTINCT FROM (excluded.name_fr, excluded.name_en);
