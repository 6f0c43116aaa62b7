-- mentions_of(from_at, until_at, only_types, only_sources, only_topics): the part of the mentions that
-- a rule looks at, of the instants [from_at, until_at).
-- Grain: one row per mention. Read by: alerting/window_counts, alerting/window_mentions; analysts.
-- An empty list lets everything through; sources are all that carried the document.
CREATE OR REPLACE MACRO mentions_of(from_at, until_at, only_types, only_sources, only_topics) AS TABLE
SELECT *
FROM mentions
WHERE mentioned_at >= CAST(from_at AS TIMESTAMPTZ)
    AND mentioned_at < CAST(until_at AS TIMESTAMPTZ)
    AND (len(CAST(only_types AS VARCHAR[])) = 0 OR list_contains(CAST(only_types AS VARCHAR[]), source_type))
    AND (len(CAST(only_sources AS VARCHAR[])) = 0 OR list_has_any(CAST(only_sources AS VARCHAR[]), source_ids))
    AND (
        len(CAST(only_topics AS VARCHAR[])) = 0
        OR (document_id, brand_id) IN (
            SELECT (document_id, brand_id)
            FROM fct_mention_topics
            WHERE list_contains(CAST(only_topics AS VARCHAR[]), topic_id)
        )
    );
COMMENT ON MACRO TABLE mentions_of IS 'fr: Les mentions qu’une règle regarde : des instants [from_at, until_at), de ces natures de sources, sources et thèmes ; une liste vide laisse tout passer. | en: The mentions that a rule looks at: of the instants [from_at, until_at), of these types of sources, sources and topics; an empty list lets everything through.';
