-- Grain: one row per brand: when it was first named. Read by: storage.picking.
SELECT brand_id, min(mentioned_at) FROM mentions GROUP BY brand_id;
