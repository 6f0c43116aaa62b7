-- What the calendar knows of the days that an alert judged; holidays of any country.

ALTER TABLE fct_alert_evaluations ADD COLUMN known_days VARCHAR;
COMMENT ON COLUMN fct_alert_evaluations.known_days IS 'fr: Ce que dit le calendrier des jours de la fenêtre : jours fériés, évènements annoncés ; vide : rien. | en: What the calendar says of the window’s days: public holidays, announced events; empty: nothing.';

COMMENT ON TABLE dim_dates IS 'fr: Le calendrier, de 2000 à 2049 : libellés français, semaines ISO, jours fériés du pays du client. | en: The calendar, 2000 to 2049: French labels, ISO weeks, public holidays of the client’s country.';

ALTER TABLE dim_clients ADD COLUMN country VARCHAR DEFAULT 'FR';
COMMENT ON COLUMN dim_clients.country IS 'fr: Pays, ou partie de pays, dont le calendrier connaît les jours fériés : FR, FR-57. | en: Country, or part of one, whose public holidays the calendar has: FR, FR-57.';
