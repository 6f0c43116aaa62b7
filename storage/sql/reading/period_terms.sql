-- period_terms: the words that a brand's stories of [$from_on, $to_on) have more often than before.
-- Grain: one row per term, the surest first. Read by: listening.jobs.digest.
-- z of 3 or more: of thousands of words looked at, one above 1.96 means nothing.
SELECT term, story_count, other_story_count
FROM rising_terms($client_id, $brand_id, $from_on, $to_on)
WHERE against = 'previous' AND z >= 3
ORDER BY z DESC, term
LIMIT 6;
