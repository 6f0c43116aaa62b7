-- Grain: one row per text that moved, with the first text of its story (incoming_roots).
-- Read by: storage.story_assignment.
UPDATE fct_story_texts SET root_text_id = incoming.root_text_id
FROM incoming_roots AS incoming
WHERE incoming.text_id = fct_story_texts.text_id
    AND incoming.root_text_id <> fct_story_texts.root_text_id;
