-- Every hit of a tagged document lies inside its full text (title, newline, text).
-- A document whose words retention took is left out.
-- Grain: one row per mention with a hit outside. Read by: storage.checks. $since: only what was tagged or
-- loaded since; the lengths of all texts are the dearest thing to read in a warehouse. Of the hits only
-- their bounds go through the join: millions of lists do not fit into the memory of a small machine.
WITH bounds AS (
    SELECT
        document_id,
        brand_id,
        tagger_version,
        tagged_at,
        list_min(list_transform(hits, lambda hit: hit."start")) AS first_start,
        list_max(list_transform(hits, lambda hit: hit."end")) AS last_end,
        list_min(list_transform(hits, lambda hit: hit."end" - hit."start")) AS shortest
    FROM fct_mentions
),
sizes AS (
    SELECT
        document_id,
        tagged_with,
        loaded_at,
        CASE WHEN title = '' THEN length("text") ELSE length(title) + 1 + length("text") END AS size
    FROM fct_documents
),
looked_at AS (
    SELECT bounds.*, sizes.tagged_with, sizes.size
    FROM bounds
    JOIN sizes USING (document_id)
    WHERE bounds.tagged_at >= $since
    UNION ALL
    SELECT bounds.*, sizes.tagged_with, sizes.size
    FROM bounds
    JOIN sizes USING (document_id)
    WHERE sizes.loaded_at >= $since AND bounds.tagged_at < $since
)
SELECT document_id, brand_id, first_start, last_end, size
FROM looked_at
WHERE tagged_with = tagger_version
    AND size > 0
    AND (first_start < 0 OR shortest <= 0 OR last_end > size);
