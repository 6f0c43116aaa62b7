-- Grain: one row, the brand as the snapshot was tagged with it. Read by: storage.verdicts.
SELECT brand_id, name, role, terms, exact_terms, context_terms, excluded_terms, query, query_version
FROM dim_brands
WHERE brand_id = $brand_id;
