-- Grain: one row per mail (kept_messages); it takes the place of the one with its Message-ID.
-- Read by: storage.outbox.
DELETE FROM outbox WHERE message_id IN (SELECT message_id FROM kept_messages);
INSERT INTO outbox BY NAME SELECT * FROM kept_messages;
