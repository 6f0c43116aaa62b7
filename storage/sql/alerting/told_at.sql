-- Grain: one row per alert of which a mail went out: when the first one did. Read by: storage.outbox.
SELECT fingerprint, min(sent_at)
FROM outbox
WHERE sent_at IS NOT NULL AND fingerprint IS NOT NULL
GROUP BY fingerprint;
