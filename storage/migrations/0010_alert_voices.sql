-- What a spike is judged by: stories, but three at most of one author.

ALTER TABLE fct_alert_evaluations ADD COLUMN negative_voice_count BIGINT;
COMMENT ON COLUMN fct_alert_evaluations.negative_voice_count IS 'fr: Ce qui est jugé : histoires négatives, trois au plus par auteur nommé ; vide : toutes. | en: What is judged: negative stories, three at most per named author; empty: all of them.';
COMMENT ON COLUMN fct_alert_evaluations.p_value IS 'fr: Fausses alertes par fenêtre qu’aurait une règle qui se déclenche à ce niveau, semaine, tendance et jours précédents compris. | en: False alarms per window of a rule that fires at this level, with weekday, trend and the days before taken into account.';
COMMENT ON COLUMN fct_alert_evaluations.baseline_center IS 'fr: Nombre attendu de cette fenêtre, un tel jour de semaine, pour les sources lues. | en: Expected count of this window, on such a weekday, with the sources that were read.';
