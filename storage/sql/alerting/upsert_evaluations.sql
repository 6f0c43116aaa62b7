-- Grain: one row per evaluation (incoming_evaluations). Read by: storage.alerting.
-- A look repeated for the same instant replaces the earlier one in every column: what was loaded in
-- between may have changed the numbers, and an alert of that instant rests on the latest ones.
INSERT OR REPLACE INTO fct_alert_evaluations BY NAME
SELECT * FROM incoming_evaluations;
