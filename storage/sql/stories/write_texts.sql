-- Grain: one row per text that is new or changed, by itself until it is linked; one row per shingle
-- of a new one. Read by: storage.story_assignment.
INSERT INTO fct_story_texts BY NAME
SELECT
    text_id, text_id AS root_text_id, shingle_count, first_document_id, source_id, first_seen_at,
    mentioned_at
FROM touched_texts
WHERE is_changed AND is_asking;

INSERT INTO story_shingles
SELECT incoming.text_id, incoming.shingle, incoming.place, CAST(text.first_seen_at AS DATE)
FROM incoming_shingles AS incoming
JOIN touched_texts AS text ON text.text_id = incoming.text_id
WHERE NOT text.is_known;
