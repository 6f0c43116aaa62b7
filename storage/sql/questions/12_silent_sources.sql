-- fr: Quelles sources sont muettes ou en panne ?
-- en: Which sources are silent or failing?
-- Grain: one row per active source that is not well. Read by: analysts, `vigie questions 12`.
-- Example: source_title | health | last_reason | silent_days | habit_days | last_success_at
-- Example: Le Tablier bleu | silent |  | 12 | 6 | 2026-11-21 01:00
SELECT source_title, health, last_reason, silent_days, habit_days, last_success_at, last_document_at
FROM source_health
WHERE is_active AND health <> 'healthy'
ORDER BY health, source_title;
