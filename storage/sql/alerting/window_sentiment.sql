-- Grain: one row: the tone of one brand's mentions in [$window_start, $window_end).
-- Read by: storage.alert_context. The formulas are those of kpis: its macros are called.
WITH counts AS (
    SELECT
        count(*) FILTER (polarity = 'positive') AS positive_count,
        count(*) FILTER (polarity IN ('neutral', 'mixed')) AS neutral_count,
        count(*) FILTER (polarity = 'negative') AS negative_count
    FROM mentions
    WHERE brand_id = $brand_id
        AND mentioned_at >= CAST($window_start AS TIMESTAMPTZ)
        AND mentioned_at < CAST($window_end AS TIMESTAMPTZ)
)
SELECT
    net_sentiment(positive_count, neutral_count, negative_count),
    net_sentiment_margin(positive_count, neutral_count, negative_count),
    positive_count + neutral_count + negative_count
FROM counts;
