-- Grain: one row per document of sightings, as fct_documents shall show it.
-- Read by: storage.loading. Owner: a source of the address's own site before any stranger, so that
-- nobody puts words into another site's mouth; then the first bringer, unless a later one's text is
-- at least 1.2 times longer (a full text beats an excerpt, and nothing flaps between two of about one
-- length). A source is of the site whose host, or the host above it, it is read from:
-- source_hosts says which, by source_id.
CREATE OR REPLACE TEMP TABLE chosen_documents AS
WITH known AS (
    SELECT
        sightings.*,
        site_of(sightings.canonical_url) AS document_host,
        coalesce(
            source_hosts.host <> '' AND (
                document_host = source_hosts.host
                OR ends_with(document_host, '.' || source_hosts.host)
            ),
            false
        ) AS is_own
    FROM sightings
    LEFT JOIN source_hosts USING (source_id)
),
owners AS (
    SELECT
        document_id,
        min(first_seen_at) AS first_seen_at,
        list(source_id ORDER BY first_seen_at, source_id) AS source_ids,
        list_reduce(
            list(
                {'source_id': source_id, 'length': text_length, 'is_own': is_own}
                ORDER BY first_seen_at, source_id
            ),
            lambda kept, other: CASE
                WHEN other.is_own <> kept.is_own THEN CASE WHEN other.is_own THEN other ELSE kept END
                WHEN other.length > kept.length AND 5 * other.length >= 6 * kept.length THEN other
                ELSE kept
            END
        ).source_id AS source_id
    FROM known
    GROUP BY document_id
),
dates AS (
    SELECT sightings.document_id, sightings.published_at, sightings.published_at_quality
    FROM known AS sightings
    JOIN owners ON owners.document_id = sightings.document_id
    QUALIFY row_number() OVER (
        PARTITION BY sightings.document_id
        ORDER BY
            sightings.published_at IS NULL,
            NOT sightings.is_own,
            CASE sightings.published_at_quality
                WHEN 'given' THEN 1 WHEN 'inferred' THEN 2 ELSE 3
            END,
            sightings.source_id = owners.source_id DESC,
            sightings.published_at,
            sightings.source_id
    ) = 1
)
SELECT
    owner.document_id,
    owner.source_id,
    owners.source_ids,
    owner.kind,
    owner.url,
    owner.canonical_url,
    owner.title,
    owner.text,
    owner.author_key,
    owner.language,
    dates.published_at,
    dates.published_at_quality,
    CASE
        WHEN dates.published_at_quality = 'collected' THEN owners.first_seen_at
        ELSE coalesce(dates.published_at, owners.first_seen_at)
    END AS mentioned_at,
    owners.first_seen_at,
    owner.fetched_at,
    owner.content_hash,
    owner.guid,
    owner.in_reply_to,
    owner.story_id
FROM owners
JOIN sightings AS owner USING (document_id, source_id)
JOIN dates USING (document_id);
