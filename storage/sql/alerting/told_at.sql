-- Grain: one row per alert of which a mail went out: when the first one did, alone or in a summary.
-- Read by: storage.outbox.
SELECT told.fingerprint, min(sent_at)
FROM outbox, unnest(coalesce(fingerprints, [fingerprint])) AS told(fingerprint)
WHERE sent_at IS NOT NULL AND told.fingerprint IS NOT NULL
GROUP BY told.fingerprint;
