-- Grain: one row: the figure an alert mail states. Read by: storage.alert_context, which prints it in
-- the mail with the brand and the window's instants filled in.
SELECT count(DISTINCT story_id) AS stories, count(*) AS mentions
FROM mentions
WHERE brand_id = $brand_id
    AND polarity = 'negative'
    AND mentioned_at >= $window_start
    AND mentioned_at < $window_end;
