-- Grain: one row per known text that is another now, or gone, and per text that repeated such a one
-- and so looks again for the text it repeats. Read by: storage.story_assignment.
INSERT INTO touched_texts BY NAME
SELECT
    text.text_id, text.first_document_id, text.source_id, text.first_seen_at, text.mentioned_at,
    text.shingle_count, true AS is_known, false AS is_changed, true AS is_asking
FROM fct_story_texts AS text
WHERE text.parent_text_id IN (SELECT text_id FROM touched_texts WHERE is_changed AND is_known)
    AND text.text_id NOT IN (SELECT text_id FROM touched_texts WHERE is_changed);

DELETE FROM fct_story_texts
WHERE text_id IN (SELECT text_id FROM touched_texts WHERE is_changed AND is_known);

DELETE FROM story_shingles
WHERE text_id IN (SELECT text_id FROM touched_texts WHERE is_known AND first_document_id IS NULL);
