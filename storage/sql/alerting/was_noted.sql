-- Grain: one row: how many actions on an alert have this note. Read by: storage.alert_actions.
SELECT count(*)
FROM fct_alert_actions
WHERE fingerprint = $fingerprint AND note = $note;
