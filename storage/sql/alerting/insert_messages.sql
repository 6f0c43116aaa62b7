-- Grain: one row per mail (incoming_messages); a known Message-ID is left alone.
-- Read by: storage.alerting, storage.outbox.
INSERT INTO outbox BY NAME
SELECT * FROM incoming_messages
ON CONFLICT (message_id) DO NOTHING
RETURNING message_id;
