-- Grain: one row per day whose public holidays changed (incoming_holidays). Read by: storage.dimensions.
WITH named AS (
    SELECT day.date_on, holiday.name_fr, holiday.name_en
    FROM dim_dates AS day
    LEFT JOIN incoming_holidays AS holiday ON holiday.day_on = day.date_on
)
UPDATE dim_dates
SET is_public_holiday = named.name_fr IS NOT NULL, holiday_fr = named.name_fr, holiday_en = named.name_en
FROM named
WHERE named.date_on = dim_dates.date_on
    AND (
        named.name_fr IS DISTINCT FROM dim_dates.holiday_fr
        OR named.name_en IS DISTINCT FROM dim_dates.holiday_en
    );
