-- Grain: one mail that went out. Read by: storage.outbox.
UPDATE outbox SET
    sent_at = CAST($now AS TIMESTAMPTZ),
    attempt_count = attempt_count + 1,
    next_attempt_at = NULL,
    failure_reason = NULL
WHERE message_id = $message_id AND sent_at IS NULL AND NOT is_given_up
RETURNING message_id;
