-- Grain: one row per new text that repeats another (incoming_links). Read by: storage.story_assignment.
UPDATE fct_story_texts SET
    parent_text_id = link.parent,
    root_text_id = link.root,
    containment = link.containment,
    resemblance = link.resemblance,
    shared_count = link.shared
FROM incoming_links AS link
WHERE link.child = fct_story_texts.text_id;
