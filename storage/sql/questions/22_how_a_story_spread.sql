-- fr: Comment une histoire s'est-elle répandue ?
-- en: How did a story spread?
-- Grain: one row per document of the story, in order of publication. Read by: analysts, `vigie questions 22`.
-- $story_id = widest | fr: histoire ; à défaut, la plus reprise | en: story; by default the most taken up
-- Example: place | mentioned_at | delay | source_title | rule | containment | title
-- Example: 1 | 2026-10-27 07:10 | 0:00:00 | La Gazette des Pentes | first |  | L'Œuf à la Coque change de propriétaire
SELECT
    member.place,
    member.mentioned_at,
    member.delay,
    coalesce(nullif(source.title, ''), member.source_id) AS source_title,
    member.rule,
    round(member.containment, 2) AS containment,
    member.title,
    member.url
FROM story_members AS member
LEFT JOIN dim_sources AS source ON source.source_id = member.source_id
WHERE member.story_id = $story_id
ORDER BY member.place;
