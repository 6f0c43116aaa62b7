-- What was judged and written: evaluations, alerts, and the mails that wait or went out.

CREATE TABLE fct_alert_evaluations (
    rule_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    evaluated_at TIMESTAMPTZ NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    window_end TIMESTAMPTZ NOT NULL,
    mention_count BIGINT NOT NULL CHECK (mention_count >= 0),
    negative_count BIGINT NOT NULL CHECK (negative_count >= 0),
    negative_story_count BIGINT NOT NULL CHECK (negative_story_count >= 0),
    negative_author_count BIGINT NOT NULL CHECK (negative_author_count >= 0),
    coverage DOUBLE NOT NULL CHECK (coverage BETWEEN 0 AND 1),
    baseline_center DOUBLE,
    baseline_dispersion DOUBLE,
    baseline_window_count INTEGER,
    baseline_low INTEGER,
    baseline_high INTEGER,
    p_value DOUBLE CHECK (p_value BETWEEN 0 AND 1),
    threshold DOUBLE,
    decision VARCHAR NOT NULL
        CHECK (decision IN ('fired', 'below', 'learning', 'silenced', 'inhibited', 'outage')),
    PRIMARY KEY (rule_id, brand_id, evaluated_at),
    CHECK (window_end > window_start),
    CHECK (negative_count <= mention_count)
);
COMMENT ON TABLE fct_alert_evaluations IS 'fr: Un regard d’une règle sur une marque : la ligne qui explique une alerte, ou un silence. | en: One look of one rule at one brand: the row that explains an alert, or a silence.';
COMMENT ON COLUMN fct_alert_evaluations.rule_id IS 'fr: La règle. | en: The rule.';
COMMENT ON COLUMN fct_alert_evaluations.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_alert_evaluations.evaluated_at IS 'fr: Quand (UTC). | en: When (UTC).';
COMMENT ON COLUMN fct_alert_evaluations.window_start IS 'fr: Début de la fenêtre jugée, inclus (UTC). | en: Start of the window judged, included (UTC).';
COMMENT ON COLUMN fct_alert_evaluations.window_end IS 'fr: Fin de la fenêtre jugée, exclue (UTC). | en: End of the window judged, excluded (UTC).';
COMMENT ON COLUMN fct_alert_evaluations.mention_count IS 'fr: Mentions dans la fenêtre. | en: Mentions in the window.';
COMMENT ON COLUMN fct_alert_evaluations.negative_count IS 'fr: Mentions négatives. | en: Negative mentions.';
COMMENT ON COLUMN fct_alert_evaluations.negative_story_count IS 'fr: Histoires distinctes parmi elles. | en: Distinct stories among them.';
COMMENT ON COLUMN fct_alert_evaluations.negative_author_count IS 'fr: Auteurs distincts parmi elles ; sans auteur, la source en tient lieu. | en: Distinct authors among them; without an author the source stands in.';
COMMENT ON COLUMN fct_alert_evaluations.coverage IS 'fr: Part des lectures de sources réussies, de 0 à 1. | en: Share of source reads that succeeded, 0 to 1.';
COMMENT ON COLUMN fct_alert_evaluations.baseline_center IS 'fr: Nombre attendu. | en: Expected count.';
COMMENT ON COLUMN fct_alert_evaluations.baseline_dispersion IS 'fr: Variance ÷ moyenne, au moins 1. | en: Variance ÷ mean, at least 1.';
COMMENT ON COLUMN fct_alert_evaluations.baseline_window_count IS 'fr: Nombre de fenêtres passées sur lesquelles il repose. | en: How many past windows it rests on.';
COMMENT ON COLUMN fct_alert_evaluations.baseline_low IS 'fr: Bas de la plage habituelle (90 %). | en: Low end of the usual range (90 %).';
COMMENT ON COLUMN fct_alert_evaluations.baseline_high IS 'fr: Haut de la plage habituelle (90 %). | en: High end of the usual range (90 %).';
COMMENT ON COLUMN fct_alert_evaluations.p_value IS 'fr: Chance d’en voir autant ou plus si tout va bien. | en: Chance of so many or more if nothing is wrong.';
COMMENT ON COLUMN fct_alert_evaluations.threshold IS 'fr: La règle se déclenche à cette chance ou au-dessous. | en: The rule fires at or below this chance.';
COMMENT ON COLUMN fct_alert_evaluations.decision IS 'fr: fired (déclenchée), below (sous le seuil), learning (apprentissage), silenced (mise en sourdine), inhibited (couverte par une autre), outage (panne de sources). | en: fired, below, learning, silenced, inhibited, outage.';

CREATE TABLE fct_alerts (
    fingerprint VARCHAR PRIMARY KEY CHECK (fingerprint <> ''),
    rule_id VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    state VARCHAR NOT NULL CHECK (state IN ('pending', 'firing', 'acknowledged', 'resolved')),
    opened_at TIMESTAMPTZ NOT NULL,
    last_breach_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    resolved_at TIMESTAMPTZ,
    peak_count BIGINT NOT NULL CHECK (peak_count >= 0),
    evaluated_at TIMESTAMPTZ NOT NULL,
    verdict BOOLEAN,
    verdict_at TIMESTAMPTZ,
    CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
);
COMMENT ON TABLE fct_alerts IS 'fr: Un incident d’une règle et d’une marque, de son ouverture à sa fin. | en: One incident of one rule and brand, from its opening to its end.';
COMMENT ON COLUMN fct_alerts.fingerprint IS 'fr: Identité de l’alerte pendant toute sa vie. | en: Identity of the alert over its life.';
COMMENT ON COLUMN fct_alerts.rule_id IS 'fr: La règle. | en: The rule.';
COMMENT ON COLUMN fct_alerts.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN fct_alerts.severity IS 'fr: Gravité : info, warning (à surveiller), critical (critique). | en: Severity: info, warning, critical.';
COMMENT ON COLUMN fct_alerts.state IS 'fr: pending (en attente), firing (en cours), acknowledged (prise en charge), resolved (close). | en: pending, firing, acknowledged, resolved.';
COMMENT ON COLUMN fct_alerts.opened_at IS 'fr: Ouverture (UTC). | en: Opening (UTC).';
COMMENT ON COLUMN fct_alerts.last_breach_at IS 'fr: Dernier dépassement (UTC). | en: Last breach (UTC).';
COMMENT ON COLUMN fct_alerts.changed_at IS 'fr: Dernier changement d’état (UTC). | en: Last change of state (UTC).';
COMMENT ON COLUMN fct_alerts.resolved_at IS 'fr: Clôture (UTC). | en: Resolution (UTC).';
COMMENT ON COLUMN fct_alerts.peak_count IS 'fr: Plus grand nombre observé. | en: Largest count observed.';
COMMENT ON COLUMN fct_alerts.evaluated_at IS 'fr: Évaluation derrière l’état présent, voir fct_alert_evaluations (UTC). | en: Evaluation behind the present state, see fct_alert_evaluations (UTC).';
COMMENT ON COLUMN fct_alerts.verdict IS 'fr: Jugement d’une personne : vraie ou fausse alerte ; vide : pas jugée. | en: A person’s judgement: true or false alert; empty: not judged.';
COMMENT ON COLUMN fct_alerts.verdict_at IS 'fr: Quand elle a été jugée (UTC). | en: When it was judged (UTC).';

CREATE TABLE outbox (
    message_id VARCHAR PRIMARY KEY CHECK (message_id <> ''),
    fingerprint VARCHAR,
    recipient VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    body BLOB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    attempt_count INTEGER NOT NULL CHECK (attempt_count >= 0),
    next_attempt_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    failure_reason VARCHAR,
    is_given_up BOOLEAN NOT NULL DEFAULT false,
    CHECK (NOT (is_given_up AND sent_at IS NOT NULL))
);
COMMENT ON TABLE outbox IS 'fr: Un courriel rédigé, en attente, envoyé ou abandonné. | en: One mail written: waiting, sent or given up.';
COMMENT ON COLUMN outbox.message_id IS 'fr: Message-ID ; le même n’est jamais écrit deux fois. | en: Message-ID; the same is never written twice.';
COMMENT ON COLUMN outbox.fingerprint IS 'fr: L’alerte dont il parle. | en: The alert it speaks of.';
COMMENT ON COLUMN outbox.recipient IS 'fr: Destinataire. | en: Recipient.';
COMMENT ON COLUMN outbox.subject IS 'fr: Objet. | en: Subject.';
COMMENT ON COLUMN outbox.body IS 'fr: Le message entier (RFC 5322). | en: The whole message (RFC 5322).';
COMMENT ON COLUMN outbox.created_at IS 'fr: Rédaction (UTC). | en: When it was written (UTC).';
COMMENT ON COLUMN outbox.attempt_count IS 'fr: Essais d’envoi. | en: Attempts to send.';
COMMENT ON COLUMN outbox.next_attempt_at IS 'fr: Pas d’envoi avant (UTC) ; vide : tout de suite. | en: Not sent before (UTC); empty: now.';
COMMENT ON COLUMN outbox.sent_at IS 'fr: Envoi réussi (UTC). | en: When it went out (UTC).';
COMMENT ON COLUMN outbox.failure_reason IS 'fr: Motif du dernier échec. | en: Reason of the last failure.';
COMMENT ON COLUMN outbox.is_given_up IS 'fr: Vrai quand réessayer ne sert à rien. | en: True when trying again cannot help.';
