-- share_of_voice(client, from_on, to_on, source_ids): who is spoken of, among us and the named
-- competitors, as kpis counts it.
-- Grain: one row per own brand and competitor. Read by: analysts, reports.
CREATE OR REPLACE MACRO share_of_voice(client, from_on, to_on, source_ids := NULL) AS TABLE
SELECT
    brand_id,
    brand_name,
    brand_role,
    story_count,
    share_of_voice_story_count AS all_story_count,
    share_of_voice AS share,
    share_of_voice_margin AS margin,
    share_of_voice_story_count < 30 AS is_small_sample,
    mention_count,
    share_of_voice_mention_count AS all_mention_count,
    mention_share_of_voice AS mention_share,
    mention_share_of_voice_margin AS mention_margin
FROM kpis(client, from_on, to_on, source_ids := source_ids)
WHERE brand_role IN ('own', 'competitor')
ORDER BY share DESC, brand_id;
COMMENT ON MACRO TABLE share_of_voice IS 'fr: Part de voix : nous ÷ (nous + concurrents nommés), en histoires et en mentions, avec n et marge ; source_ids fige la liste des sources. | en: Share of voice: us ÷ (us + named competitors), in stories and in mentions, with n and margin; source_ids freezes the list of sources.';
