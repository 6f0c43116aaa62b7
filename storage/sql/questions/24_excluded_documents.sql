-- fr: Quels documents nos requêtes ont-elles écartés, et pourquoi ?
-- en: Which documents did our queries keep out, and why?
-- Grain: one row per document × brand × reason, the newest first. Read by: analysts, `vigie questions 24`.
-- $brand_id = | fr: marque ; vide : toutes | en: brand; empty: all
-- Example: brand_name | reason | clause | title | source_title | url
-- Example: L'Œuf à la Coque | context | bistrot, resto… | Œufs à la coque : la cuisson | Trois minutes montre en main | https://…
SELECT
    brand.name AS brand_name,
    excluded.reason,
    excluded.clause,
    document.title,
    coalesce(nullif(source.title, ''), document.source_id) AS source_title,
    document.url
FROM fct_exclusions AS excluded
JOIN dim_brands AS brand USING (brand_id)
JOIN fct_documents AS document USING (document_id)
LEFT JOIN dim_sources AS source ON source.source_id = document.source_id
WHERE $brand_id IS NULL OR excluded.brand_id = $brand_id
ORDER BY document.mentioned_at DESC, document.document_id, excluded.brand_id, excluded.reason
LIMIT 200;
