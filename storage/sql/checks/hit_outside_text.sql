-- Every hit of a tagged document lies inside its full text (title, newline, text).
-- A document whose words retention took is left out.
-- Grain: one row per mention with a hit outside. Read by: storage.checks. $since: only what was tagged
-- since; $loaded_since: not later than any document of these was loaded. The lengths of all texts are the
-- dearest thing to read in a warehouse. Of the hits only their bounds go through the join: millions of
-- lists do not fit into the memory of a small machine.
WITH bounds AS (
    SELECT
        document_id,
        brand_id,
        tagger_version,
        list_min(list_transform(hits, lambda hit: hit."start")) AS first_start,
        list_max(list_transform(hits, lambda hit: hit."end")) AS last_end,
        list_min(list_transform(hits, lambda hit: hit."end" - hit."start")) AS shortest
    FROM fct_mentions
    WHERE tagged_at >= $since
),
sizes AS (
    SELECT
        document_id,
        tagged_with,
        CASE WHEN title = '' THEN length("text") ELSE length(title) + 1 + length("text") END AS size
    FROM fct_documents
    WHERE loaded_at >= $loaded_since
)
SELECT document_id, bounds.brand_id, bounds.first_start, bounds.last_end, sizes.size
FROM bounds
JOIN sizes USING (document_id)
WHERE sizes.tagged_with = bounds.tagger_version
    AND sizes.size > 0
    AND (bounds.first_start < 0 OR bounds.shortest <= 0 OR bounds.last_end > sizes.size);
