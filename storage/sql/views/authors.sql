-- authors: who speaks of the watched names: how much, of whom, in which tone.
-- Grain: one row per author, or per source where documents name none. Read by: analysts, reports.
CREATE OR REPLACE VIEW authors AS
SELECT
    client_id,
    author_or_source,
    any_value(author_key) AS author_key,
    count(*) AS mention_count,
    count(DISTINCT story_id) AS story_count,
    count(DISTINCT source_id) AS source_count,
    arg_min(source_id, mentioned_at) AS first_source_id,
    min(mentioned_at) AS first_mentioned_at,
    max(mentioned_at) AS last_mentioned_at,
    count(*) FILTER (brand_role = 'own') AS own_count,
    count(*) FILTER (brand_role = 'competitor') AS competitor_count,
    list(DISTINCT brand_id ORDER BY brand_id) AS brand_ids,
    count(*) FILTER (polarity = 'positive') AS positive_count,
    count(*) FILTER (polarity IN ('neutral', 'mixed')) AS neutral_count,
    count(*) FILTER (polarity = 'negative') AS negative_count,
    net_sentiment(
        count(*) FILTER (polarity = 'positive'),
        count(*) FILTER (polarity IN ('neutral', 'mixed')),
        count(*) FILTER (polarity = 'negative')
    ) AS net_sentiment,
    count(*) FILTER (polarity <> 'unknown') < 30 AS is_small_sample
FROM mentions
GROUP BY client_id, author_or_source;
COMMENT ON VIEW authors IS 'fr: Les auteurs, sous pseudonyme : combien, de qui et sur quel ton ils parlent. | en: Authors, pseudonymised: how much, of whom and in which tone they speak.';
COMMENT ON COLUMN authors.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN authors.author_or_source IS 'fr: L’auteur, sous pseudonyme ; à défaut, source: et la source. | en: The author, pseudonymised; else source: and the source.';
COMMENT ON COLUMN authors.author_key IS 'fr: Pseudonyme de l’auteur ; vide quand c’est la source. | en: The author’s pseudonym; empty when it is the source.';
COMMENT ON COLUMN authors.mention_count IS 'fr: Mentions. | en: Mentions.';
COMMENT ON COLUMN authors.story_count IS 'fr: Histoires distinctes. | en: Distinct stories.';
COMMENT ON COLUMN authors.source_count IS 'fr: Sources où il écrit. | en: Sources it writes in.';
COMMENT ON COLUMN authors.first_source_id IS 'fr: Source de sa première mention. | en: Source of its first mention.';
COMMENT ON COLUMN authors.first_mentioned_at IS 'fr: Première mention (UTC). | en: First mention (UTC).';
COMMENT ON COLUMN authors.last_mentioned_at IS 'fr: Dernière mention (UTC). | en: Last mention (UTC).';
COMMENT ON COLUMN authors.own_count IS 'fr: Mentions de nous. | en: Mentions of us.';
COMMENT ON COLUMN authors.competitor_count IS 'fr: Mentions de concurrents. | en: Mentions of competitors.';
COMMENT ON COLUMN authors.brand_ids IS 'fr: Marques nommées, triées. | en: Brands named, sorted.';
COMMENT ON COLUMN authors.positive_count IS 'fr: Mentions positives. | en: Positive mentions.';
COMMENT ON COLUMN authors.neutral_count IS 'fr: Mentions neutres, partagées comprises. | en: Neutral mentions, mixed ones included.';
COMMENT ON COLUMN authors.negative_count IS 'fr: Mentions négatives. | en: Negative mentions.';
COMMENT ON COLUMN authors.net_sentiment IS 'fr: Sentiment net, de -100 à +100, toutes marques ensemble. | en: Net sentiment, -100 to +100, all brands together.';
COMMENT ON COLUMN authors.is_small_sample IS 'fr: Vrai sous 30 mentions jugées. | en: True under 30 judged mentions.';
