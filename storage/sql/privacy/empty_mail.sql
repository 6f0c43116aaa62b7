-- Grain: one mail. Read by: storage.forgetting. The row stays: a known Message-ID is not sent again;
-- what has not left yet never will.
UPDATE outbox SET
    subject = '', body = ''::BLOB, next_attempt_at = NULL,
    is_given_up = sent_at IS NULL,
    failure_reason = CASE WHEN sent_at IS NULL THEN 'erased' ELSE failure_reason END
WHERE message_id = $message_id;
