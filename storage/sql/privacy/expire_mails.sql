-- Grain: one row per mail made before $before that left or never will. Read by: storage.retention.
UPDATE outbox SET subject = '', body = ''::BLOB
WHERE created_at < CAST($before AS TIMESTAMPTZ)
    AND (sent_at IS NOT NULL OR is_given_up)
    AND octet_length(body) > 0
RETURNING message_id;
