-- One mail may stand for several alerts.

ALTER TABLE outbox ADD COLUMN fingerprints VARCHAR[];
COMMENT ON COLUMN outbox.fingerprints IS 'fr: Les alertes qu’un résumé annonce ensemble ; vide : celle de fingerprint, ou aucune. | en: The alerts that a summary tells together; empty: that of fingerprint, or none.';
