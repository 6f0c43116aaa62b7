-- Grain: one row per shingle of an asking text that no queued document brought.
-- Read by: storage.story_assignment.
INSERT INTO asking_shingles
SELECT text_id, shingle, place FROM story_shingles
WHERE text_id IN (SELECT text_id FROM asking_texts)
    AND text_id NOT IN (SELECT text_id FROM incoming_sizes);
