-- Grain: one row per shingle that a pair shares: where it stands in the shorter of the two (the
-- later one of two equals). Read by: storage.story_assignment.
WITH involved AS (
    SELECT child AS text_id FROM story_pairs
    UNION
    SELECT parent FROM story_pairs
),
held AS (
    SELECT text_id, shingle, place FROM story_shingles SEMI JOIN involved USING (text_id)
)
SELECT
    pair.pair_number,
    CASE WHEN pair.child_size <= pair.parent_size THEN child.place ELSE parent.place END AS place
FROM story_pairs AS pair
JOIN held AS child ON child.text_id = pair.child
JOIN held AS parent ON parent.text_id = pair.parent AND parent.shingle = child.shingle
ORDER BY ALL;
