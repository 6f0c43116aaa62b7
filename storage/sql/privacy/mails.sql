-- Grain: one row per mail whose words are still here. Read by: storage.forgetting.
SELECT message_id, subject, body FROM outbox WHERE octet_length(body) > 0;
