-- Grain: one row per source, and one per term, behind the negative mentions of a brand in a window.
-- Read by: storage.alerting, for the mail. What a driver is, drivers_between says. Words stand in the
-- order of what they weighed: the little ones are everywhere, and explain nothing.
WITH found AS (
    SELECT
        kind,
        key,
        label,
        mention_count,
        share,
        CASE kind WHEN 'term' THEN abs(weight) ELSE mention_count END AS importance
    FROM drivers_between($brand_id, $window_start, $window_end)
    WHERE kind = 'source' OR (kind = 'term' AND regexp_matches(key, '\p{L}{3,}'))
)
SELECT kind, key, label, mention_count, share
FROM found
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY importance DESC, key) <= $row_limit
ORDER BY kind, importance DESC, key;
