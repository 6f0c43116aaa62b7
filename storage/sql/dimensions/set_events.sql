-- Grain: one row per day whose client events changed. Read by: storage.dimensions.
-- A yearly event is laid on every year of the calendar; the 29th of February falls on the 28th.
WITH days AS (
    SELECT DISTINCT
        event.name,
        CAST(unnest(generate_series(
            event.first_on + to_years(CAST(shift.years AS INTEGER)),
            event.last_on + to_years(CAST(shift.years AS INTEGER)),
            INTERVAL 1 DAY
        )) AS DATE) AS date_on
    FROM incoming_events AS event
    CROSS JOIN range(-50, 51) AS shift(years)
    WHERE event.is_yearly OR shift.years = 0
),
named AS (
    SELECT day.date_on, string_agg(days.name, ', ' ORDER BY days.name) AS client_event
    FROM dim_dates AS day
    LEFT JOIN days USING (date_on)
    GROUP BY day.date_on
)
UPDATE dim_dates SET client_event = named.client_event
FROM named
WHERE named.date_on = dim_dates.date_on
    AND named.client_event IS DISTINCT FROM dim_dates.client_event;
