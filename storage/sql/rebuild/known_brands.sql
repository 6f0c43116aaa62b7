-- Grain: one row per brand that was ever watched. Read by: storage.rebuilding.
SELECT brand_id, name, role FROM dim_brands;
