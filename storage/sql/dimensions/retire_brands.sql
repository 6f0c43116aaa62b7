-- Grain: one row per brand that left the configuration. Read by: storage.dimensions.
UPDATE dim_brands SET is_active = false, updated_at = CAST($now AS TIMESTAMPTZ)
WHERE is_active AND brand_id NOT IN (SELECT brand_id FROM incoming_brands);
