-- Grain: one row per brand of the configuration (incoming_brands). Read by: storage.dimensions.
INSERT INTO dim_brands BY NAME
SELECT *, true AS is_active, CAST($now AS TIMESTAMPTZ) AS updated_at FROM incoming_brands
ON CONFLICT (brand_id) DO UPDATE SET
    name = excluded.name,
    role = excluded.role,
    terms = excluded.terms,
    exact_terms = excluded.exact_terms,
    context_terms = excluded.context_terms,
    excluded_terms = excluded.excluded_terms,
    query = excluded.query,
    query_version = excluded.query_version,
    is_active = true,
    updated_at = excluded.updated_at
WHERE NOT dim_brands.is_active
    OR dim_brands.name IS DISTINCT FROM excluded.name
    OR dim_brands.role IS DISTINCT FROM excluded.role
    OR dim_brands.terms IS DISTINCT FROM excluded.terms
    OR dim_brands.exact_terms IS DISTINCT FROM excluded.exact_terms
    OR dim_brands.context_terms IS DISTINCT FROM excluded.context_terms
    OR dim_brands.excluded_terms IS DISTINCT FROM excluded.excluded_terms
    OR dim_brands.query IS DISTINCT FROM excluded.query
    OR dim_brands.query_version IS DISTINCT FROM excluded.query_version;
