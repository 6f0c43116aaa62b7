-- night_brands: the figures of each brand over the days [$from_on, $to_on), as kpis defines them.
-- Grain: one row per active brand. Read by: listening.jobs.summary, listening.jobs.digest.
SELECT
    brand_id,
    brand_name,
    brand_role,
    mention_count,
    story_count,
    positive_count,
    neutral_count,
    negative_count,
    net_sentiment,
    net_sentiment_margin,
    is_small_sample,
    share_of_voice,
    share_of_voice_margin
FROM kpis($client_id, $from_on, $to_on);
