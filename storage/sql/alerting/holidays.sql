-- Grain: one row per public holiday (dim_dates).
-- Read by: storage.alert_context.public_holidays, so that alerts expect of them what they do of Sundays.
SELECT date_on, holiday_fr, coalesce(holiday_en, holiday_fr)
FROM dim_dates
WHERE holiday_fr IS NOT NULL
