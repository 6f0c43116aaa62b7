-- Grain: one row per story, text and document of gone_stories. Read by: storage.forgetting.
DELETE FROM fct_stories WHERE story_id IN (FROM gone_stories);
DELETE FROM fct_story_texts WHERE text_id IN (FROM gone_texts);
DELETE FROM story_shingles WHERE text_id IN (FROM gone_texts);

UPDATE fct_documents SET text_id = NULL, story_id = document_id
WHERE document_id IN (FROM left_behind);

INSERT INTO story_queue
SELECT document_id FROM left_behind ANTI JOIN story_queue USING (document_id);

DROP TABLE gone_stories;
DROP TABLE gone_texts;
DROP TABLE left_behind;
