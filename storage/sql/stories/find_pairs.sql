-- Grain: one row per pair of an asking text and another near it in time that share enough shingles
-- to be judged; child is the one first collected later; the
-- earliest parents come first. Read by: storage.story_assignment.
WITH asking_shingles AS (
    SELECT incoming.text_id, incoming.shingle
    FROM incoming_shingles AS incoming
    WHERE incoming.text_id IN (SELECT text_id FROM touched_texts WHERE is_asking)
    UNION ALL
    -- Of a text that looks again and that no queued document brought.
    SELECT stored.text_id, stored.shingle
    FROM story_shingles AS stored
    WHERE stored.text_id IN (
        SELECT text_id FROM touched_texts
        WHERE is_asking AND is_known AND text_id NOT IN (SELECT text_id FROM incoming_shingles)
    )
),
shared AS (
    SELECT asking.text_id, other.text_id AS other_id, count(*) AS shared_count
    FROM asking_shingles AS asking
    JOIN story_shingles AS other USING (shingle)
    WHERE other.text_id <> asking.text_id
    GROUP BY ALL
    HAVING count(*) >= $min_shared
),
judged AS (
    SELECT
        mine,
        other,
        shared.shared_count,
        (mine.first_seen_at, mine.first_document_id)
            > (other.first_seen_at, other.first_document_id) AS is_later
    FROM shared
    JOIN touched_texts AS mine ON mine.text_id = shared.text_id
    JOIN fct_story_texts AS other ON other.text_id = shared.other_id
    WHERE shared.shared_count >= $min_containment * least(mine.shingle_count, other.shingle_count)
        AND abs(epoch_us(mine.first_seen_at) - epoch_us(other.first_seen_at)) <= $window_us
        AND abs(epoch_us(mine.mentioned_at) - epoch_us(other.mentioned_at)) <= $window_us
)
SELECT
    CASE WHEN is_later THEN mine.text_id ELSE other.text_id END AS child,
    CASE WHEN is_later THEN other.text_id ELSE mine.text_id END AS parent,
    shared_count AS shared,
    CASE WHEN is_later THEN mine.shingle_count ELSE other.shingle_count END AS child_size,
    CASE WHEN is_later THEN other.shingle_count ELSE mine.shingle_count END AS parent_size,
    mine.source_id = other.source_id AS is_one_source,
    is_later AND NOT mine.is_known AS is_new_child,
    other.root_text_id AS parent_root,  -- of a new child; other pairs are looked up
    CASE WHEN is_later THEN other.first_seen_at ELSE mine.first_seen_at END AS parent_at,
    CASE WHEN is_later THEN other.first_document_id ELSE mine.first_document_id END AS parent_name
FROM judged
-- Where both ask, the later one's row is enough.
WHERE is_later OR other.text_id NOT IN (SELECT text_id FROM touched_texts WHERE is_asking)
ORDER BY parent_at, parent_name, child;
