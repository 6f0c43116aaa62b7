-- fr: Quelle source a parlé de nous la première ?
-- en: Which source was the first to speak of us?
-- Grain: one row per brand of ours. Read by: analysts, `vigie questions 21`.
-- Example: brand_name | first_at_local | source_title | title | url
-- Example: L'Œuf à la Coque | 2026-10-07 08:12 | Avis de table | Comme chez mémé | https://…
WITH first AS (
    SELECT brand_id, brand_name, min({'at': mentioned_at, 'document_id': document_id}) AS head
    FROM mentions
    WHERE brand_role = 'own'
    GROUP BY brand_id, brand_name
)
SELECT
    first.brand_name,
    timezone(client.timezone, first.head.at) AS first_at_local,
    coalesce(nullif(source.title, ''), document.source_id) AS source_title,
    document.title,
    document.url
FROM first
JOIN fct_documents AS document ON document.document_id = first.head.document_id
LEFT JOIN dim_sources AS source ON source.source_id = document.source_id
CROSS JOIN dim_clients AS client
ORDER BY first.brand_name;
