-- Grain: one row per source, and one per term, behind the negative mentions of a brand in a window.
-- Read by: storage.alerting, for the mail. What a driver is, drivers_between says.
SELECT kind, key, label, mention_count, share
FROM drivers_between($brand_id, $window_start, $window_end)
WHERE kind IN ('source', 'term')
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY mention_count DESC, key) <= $row_limit
ORDER BY kind, mention_count DESC, key;
