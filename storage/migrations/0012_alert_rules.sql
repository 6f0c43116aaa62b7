-- More kinds of rules, escalation, and what people do with alerts.

ALTER TABLE fct_alert_evaluations ADD COLUMN judged_count BIGINT;
ALTER TABLE fct_alert_evaluations ADD COLUMN judged_mention_count BIGINT;
ALTER TABLE fct_alert_evaluations ADD COLUMN loudest_author_count BIGINT;
ALTER TABLE fct_alert_evaluations ADD COLUMN total_count BIGINT;
ALTER TABLE fct_alert_evaluations ADD COLUMN threshold_count BIGINT;
COMMENT ON COLUMN fct_alert_evaluations.judged_count IS 'fr: Ce que la règle juge : textes différents du genre qu’elle cherche, trois au plus par auteur nommé ; vide : negative_voice_count. | en: What the rule judges: different texts of the kind it looks for, three at most per named author; empty: negative_voice_count.';
COMMENT ON COLUMN fct_alert_evaluations.judged_mention_count IS 'fr: Mentions derrière ce nombre, copies comprises. | en: Mentions behind that number, copies included.';
COMMENT ON COLUMN fct_alert_evaluations.loudest_author_count IS 'fr: Combien d’entre elles sont de l’auteur nommé le plus actif. | en: How many of them the most active named author wrote.';
COMMENT ON COLUMN fct_alert_evaluations.total_count IS 'fr: Mentions de toutes les marques suivies dans la fenêtre. | en: Mentions of all watched brands in the window.';
COMMENT ON COLUMN fct_alert_evaluations.threshold_count IS 'fr: Seuil fixe : la règle se déclenche à ce nombre ou au-dessus ; vide : elle a un budget de fausses alertes. | en: Explicit threshold: the rule fires at this number or above; empty: it has a budget of false alarms.';

ALTER TABLE fct_alerts ADD COLUMN escalated_at TIMESTAMPTZ;
COMMENT ON COLUMN fct_alerts.escalated_at IS 'fr: Quand d’autres ont été prévenus, faute de prise en charge (UTC) ; vide : jamais. | en: When others were told, since nobody acknowledged it (UTC); empty: never.';

CREATE TABLE fct_alert_actions (
    action_id VARCHAR PRIMARY KEY CHECK (action_id <> ''),
    kind VARCHAR NOT NULL CHECK (kind IN ('acknowledge', 'verdict', 'silence')),
    fingerprint VARCHAR,
    rule_id VARCHAR,
    brand_id VARCHAR,
    value VARCHAR,
    note VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    acted_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'silence') = (fingerprint IS NULL)),
    CHECK (kind <> 'verdict' OR value IN ('true', 'false')),
    CHECK (kind <> 'silence' OR TRY_CAST(value AS TIMESTAMPTZ) IS NOT NULL)
);
COMMENT ON TABLE fct_alert_actions IS 'fr: Ce que des personnes ont fait d’une alerte ou d’une règle ; on ajoute, on ne modifie jamais. | en: What people did with an alert or a rule; appended to, never changed.';
COMMENT ON COLUMN fct_alert_actions.action_id IS 'fr: Identifiant de l’action, 32 chiffres hexadécimaux. | en: Id of the action, 32 hexadecimal digits.';
COMMENT ON COLUMN fct_alert_actions.kind IS 'fr: acknowledge (prise en charge), verdict (vraie ou fausse alerte), silence (mise en sourdine). | en: acknowledge, verdict, silence.';
COMMENT ON COLUMN fct_alert_actions.fingerprint IS 'fr: L’alerte ; vide pour une mise en sourdine. | en: The alert; empty for a silence.';
COMMENT ON COLUMN fct_alert_actions.rule_id IS 'fr: La règle ; vide : toutes. | en: The rule; empty: all.';
COMMENT ON COLUMN fct_alert_actions.brand_id IS 'fr: La marque ; vide : toutes. | en: The brand; empty: all.';
COMMENT ON COLUMN fct_alert_actions.value IS 'fr: verdict : true ou false ; vide : retiré. silence : jusqu’à quand (UTC). | en: verdict: true or false; empty: taken back. silence: until when (UTC).';
COMMENT ON COLUMN fct_alert_actions.note IS 'fr: Pourquoi, en quelques mots ; peut être vide. | en: Why, in a few words; may be empty.';
COMMENT ON COLUMN fct_alert_actions.actor IS 'fr: Qui a agi. | en: Who acted.';
COMMENT ON COLUMN fct_alert_actions.acted_at IS 'fr: Quand (UTC). | en: When (UTC).';
