-- Grain: one row per pair of an asking text and another near it in time that share enough shingles
-- to be judged; child is the one first collected later. Read by: storage.story_assignment.
CREATE OR REPLACE TEMP TABLE story_pairs AS
WITH shared AS (
    SELECT asking.text_id, other.text_id AS other_id, count(*) AS shared_count
    FROM asking_shingles AS asking
    JOIN story_shingles AS other USING (shingle)
    WHERE other.text_id <> asking.text_id
    GROUP BY ALL
    HAVING count(*) >= $min_shared
),
oriented AS (
    SELECT DISTINCT
        CASE WHEN is_later THEN text_id ELSE other_id END AS child,
        CASE WHEN is_later THEN other_id ELSE text_id END AS parent,
        shared_count
    FROM (
        SELECT
            shared.text_id,
            shared.other_id,
            shared.shared_count,
            (mine.first_seen_at, mine.first_document_id)
                > (other.first_seen_at, other.first_document_id) AS is_later
        FROM shared
        JOIN fct_story_texts AS mine ON mine.text_id = shared.text_id
        JOIN fct_story_texts AS other ON other.text_id = shared.other_id
        WHERE shared.shared_count
                >= $min_containment * least(mine.shingle_count, other.shingle_count)
            AND abs(epoch_us(mine.first_seen_at) - epoch_us(other.first_seen_at)) <= $window_us
            AND abs(epoch_us(mine.mentioned_at) - epoch_us(other.mentioned_at)) <= $window_us
    )
)
SELECT
    row_number() OVER () - 1 AS pair_number,
    oriented.child,
    oriented.parent,
    oriented.shared_count AS shared,
    child.shingle_count AS child_size,
    parent.shingle_count AS parent_size,
    child.source_id = parent.source_id AS is_one_source,
    rank() OVER (ORDER BY parent.first_seen_at, parent.first_document_id) AS parent_rank
FROM oriented
JOIN fct_story_texts AS child ON child.text_id = oriented.child
JOIN fct_story_texts AS parent ON parent.text_id = oriented.parent
ORDER BY pair_number;
