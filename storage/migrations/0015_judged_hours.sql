-- Which look spoke: that at the window as a whole, or the closer one, hour by hour.

ALTER TABLE fct_alert_evaluations ADD COLUMN judged_hour_count BIGINT;
COMMENT ON COLUMN fct_alert_evaluations.judged_hour_count IS 'fr: Heures vues sur lesquelles repose p_value, quand on écoute plusieurs fois par jour ; vide : la fenêtre a été jugée d’un bloc. | en: Hours seen that p_value rests on, where one listens several times a day; empty: the window was judged as a whole.';
