-- Grain: one mail that did not go out. Read by: storage.outbox.
UPDATE outbox SET
    attempt_count = attempt_count + 1,
    next_attempt_at = CAST($next_attempt_at AS TIMESTAMPTZ),
    failure_reason = $reason,
    is_given_up = $is_permanent
WHERE message_id = $message_id AND sent_at IS NULL
RETURNING message_id;
