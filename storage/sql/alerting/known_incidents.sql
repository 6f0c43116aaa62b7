-- Grain: one row per alert that was opened, and per alert of the past that a mail told of; of these only
-- the fingerprint is known. Read by: storage.alert_past.
SELECT fingerprint, rule_id, brand_id, opened_at, resolved_at
FROM fct_alerts
UNION ALL BY NAME
SELECT unnest(fingerprints) AS fingerprint
FROM outbox
WHERE fingerprints IS NOT NULL;
