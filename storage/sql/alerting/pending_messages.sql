-- Grain: one row per mail that may go out now, oldest first. Read by: storage.outbox.
SELECT
    message_id,
    fingerprint,
    recipient,
    subject,
    body,
    created_at,
    attempt_count,
    next_attempt_at,
    fingerprints
FROM outbox
WHERE sent_at IS NULL
    AND NOT is_given_up
    AND (next_attempt_at IS NULL OR next_attempt_at <= CAST($now AS TIMESTAMPTZ))
ORDER BY created_at, message_id;
