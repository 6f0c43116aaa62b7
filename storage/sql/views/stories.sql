-- stories: copies of one text counted once.
-- Grain: one row per story that names a watched brand. Read by: analysts, reports.
CREATE OR REPLACE VIEW stories AS
WITH documents AS (
    SELECT
        client_id,
        story_id,
        document_id,
        any_value(mentioned_at) AS mentioned_at,
        any_value(source_id) AS source_id,
        any_value(source_ids) AS source_ids,
        any_value(author_or_source) AS author_or_source,
        any_value(title) AS title,
        any_value(url) AS url,
        list(DISTINCT brand_id) AS brand_ids,
        count(*) AS mention_count,
        count(*) FILTER (polarity = 'negative') AS negative_count,
        count(*) FILTER (polarity = 'positive') AS positive_count
    FROM mentions
    GROUP BY client_id, story_id, document_id
)
SELECT
    client_id,
    story_id,
    arg_min(title, (mentioned_at, document_id)) AS title,
    arg_min({'value': url}, (mentioned_at, document_id)).value AS url,
    arg_min(document_id, (mentioned_at, document_id)) AS first_document_id,
    arg_min(source_id, (mentioned_at, document_id)) AS first_source_id,
    min(mentioned_at) AS first_mentioned_at,
    max(mentioned_at) AS last_mentioned_at,
    count(*) AS document_count,
    len(list_distinct(flatten(list(source_ids)))) AS source_count,
    count(DISTINCT author_or_source) AS author_count,
    CAST(sum(mention_count) AS BIGINT) AS mention_count,
    CAST(sum(negative_count) AS BIGINT) AS negative_count,
    CAST(sum(positive_count) AS BIGINT) AS positive_count,
    list_sort(list_distinct(flatten(list(brand_ids)))) AS brand_ids
FROM documents
GROUP BY client_id, story_id;
COMMENT ON VIEW stories IS 'fr: Les histoires : les copies d’un même texte, comptées une fois. | en: Stories: copies of one text, counted once.';
COMMENT ON COLUMN stories.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN stories.story_id IS 'fr: L’histoire. | en: The story.';
COMMENT ON COLUMN stories.title IS 'fr: Titre du premier document. | en: Title of the first document.';
COMMENT ON COLUMN stories.url IS 'fr: Adresse du premier document. | en: Address of the first document.';
COMMENT ON COLUMN stories.first_document_id IS 'fr: Le premier document. | en: The first document.';
COMMENT ON COLUMN stories.first_source_id IS 'fr: La source du premier document. | en: The source of the first document.';
COMMENT ON COLUMN stories.first_mentioned_at IS 'fr: Instant du premier document (UTC). | en: Instant of the first document (UTC).';
COMMENT ON COLUMN stories.last_mentioned_at IS 'fr: Instant du dernier document (UTC). | en: Instant of the last document (UTC).';
COMMENT ON COLUMN stories.document_count IS 'fr: Documents de l’histoire. | en: Documents of the story.';
COMMENT ON COLUMN stories.source_count IS 'fr: Sources qui la portent. | en: Sources that carry it.';
COMMENT ON COLUMN stories.author_count IS 'fr: Auteurs distincts ; à défaut d’auteur, la source. | en: Distinct authors; the source where there is none.';
COMMENT ON COLUMN stories.mention_count IS 'fr: Mentions (document × marque). | en: Mentions (document × brand).';
COMMENT ON COLUMN stories.negative_count IS 'fr: Mentions négatives. | en: Negative mentions.';
COMMENT ON COLUMN stories.positive_count IS 'fr: Mentions positives. | en: Positive mentions.';
COMMENT ON COLUMN stories.brand_ids IS 'fr: Marques nommées, triées. | en: Brands named, sorted.';
