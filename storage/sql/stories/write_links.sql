-- Grain: one row per text with the text it repeats (incoming_links). Read by: storage.story_assignment.
-- A text that did not ask keeps its link unless the new one holds more of it, or as much and earlier.
CREATE OR REPLACE TEMP TABLE changed_links AS
SELECT incoming.*
FROM incoming_links AS incoming
JOIN fct_story_texts AS child ON child.text_id = incoming.child
JOIN fct_story_texts AS parent ON parent.text_id = incoming.parent
LEFT JOIN fct_story_texts AS present ON present.text_id = child.parent_text_id
WHERE incoming.child IN (SELECT text_id FROM touched_texts WHERE is_asking)
    OR present.text_id IS NULL
    OR incoming.containment > child.containment
    OR (
        incoming.containment = child.containment
        AND (parent.first_seen_at, parent.first_document_id)
            < (present.first_seen_at, present.first_document_id)
    );

-- All that may get another story: what repeated a changed text, what has another link now, and
-- whatever repeats these.
CREATE OR REPLACE TEMP TABLE moved_texts AS
WITH RECURSIVE moved AS (
    SELECT text_id FROM touched_texts WHERE is_asking OR is_changed
    UNION
    SELECT child FROM changed_links
    UNION
    SELECT text.text_id
    FROM fct_story_texts AS text
    JOIN moved ON moved.text_id = text.parent_text_id
)
SELECT text_id FROM moved;

UPDATE fct_story_texts SET
    parent_text_id = NULL, containment = NULL, resemblance = NULL, shared_count = NULL
WHERE text_id IN (SELECT text_id FROM touched_texts WHERE is_asking AND is_known)
    AND parent_text_id IS NOT NULL;

UPDATE fct_story_texts SET
    parent_text_id = link.parent,
    containment = link.containment,
    resemblance = link.resemblance,
    shared_count = link.shared
FROM changed_links AS link
WHERE link.child = fct_story_texts.text_id;

DROP TABLE changed_links;
