-- Grain: one row per source, and one per term, behind the negative mentions of a brand in a window.
-- Read by: storage.alerting, for the mail. Shares of sources add up to 1; a mention has many terms,
-- so those of terms do not: theirs is the share of the negative mentions that hold the term.
WITH negatives AS (
    SELECT *
    FROM mentions
    WHERE brand_id = $brand_id
        AND polarity = 'negative'
        AND mentioned_at >= CAST($window_start AS TIMESTAMPTZ)
        AND mentioned_at < CAST($window_end AS TIMESTAMPTZ)
),
total AS (SELECT count(*) AS mention_count FROM negatives),
terms AS (
    SELECT DISTINCT document_id, lower(proof.term) AS term
    FROM negatives, unnest(evidence) AS proofs(proof)
    WHERE proof.weight < 0 AND proof."start" >= 0
),
drivers AS (
    SELECT 'source' AS kind, source_id AS key, any_value(source_title) AS label, count(*) AS mention_count
    FROM negatives
    GROUP BY source_id
    UNION ALL
    SELECT 'term', term, term, count(*)
    FROM terms
    GROUP BY term
)
SELECT kind, key, label, drivers.mention_count, drivers.mention_count / total.mention_count AS share
FROM drivers
CROSS JOIN total
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY drivers.mention_count DESC, key) <= $row_limit
ORDER BY kind, drivers.mention_count DESC, key;
