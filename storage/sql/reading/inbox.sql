-- Grain: one row per mention to look at that is not settled, the newest first, with its last note.
-- Read by: listening.jobs.verdicts.
-- $from_at: older mentions are left out. $owner: only theirs; NULL: everybody's, and nobody's.
WITH notes AS (
    SELECT document_id, brand_id, arg_max(value, (acted_at, action_id)) AS note
    FROM fct_mention_actions
    WHERE kind = 'note'
    GROUP BY document_id, brand_id
)
SELECT
    inbox.document_id,
    inbox.brand_id,
    inbox.mentioned_at,
    inbox.polarity,
    inbox.reasons,
    inbox.title,
    inbox.source_title,
    inbox.url,
    inbox.status,
    inbox.owner,
    notes.note,
    inbox.is_handled
FROM inbox
LEFT JOIN notes ON notes.document_id = inbox.document_id AND notes.brand_id = inbox.brand_id
WHERE inbox.mentioned_at >= CAST($from_at AS TIMESTAMPTZ)
    AND inbox.status IN ('new', 'in_progress')
    AND (CAST($owner AS VARCHAR) IS NULL OR inbox.owner = $owner)
ORDER BY inbox.mentioned_at DESC, inbox.document_id, inbox.brand_id;
