-- Grain: one row per text whose story may have changed, with the first text of its parent's story.
-- Read by: storage.story_assignment.
SELECT text.text_id, text.parent_text_id, parent.root_text_id
FROM fct_story_texts AS text
SEMI JOIN moved_texts USING (text_id)
LEFT JOIN fct_story_texts AS parent ON parent.text_id = text.parent_text_id;
