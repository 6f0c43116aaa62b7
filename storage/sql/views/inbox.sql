-- inbox: what somebody should look at, and who did.
-- Grain: one row per mention of an own brand that is negative, or carries a complaint, a question or
-- an insult. Read by: response_times, analysts, reports.
-- Handled: somebody set a status other than new, took it over or wrote a note. Correcting a label is
-- not handling. Who sets it back to new, or gives it up, takes back what was done before: a slip would
-- hide a mention for good. waited is counted up to the first of these, else up to what the warehouse
-- knows.
CREATE OR REPLACE VIEW inbox AS
WITH said AS (
    SELECT
        *,
        acted_at >= coalesce(
            max(acted_at) FILTER (kind = 'status' AND value = 'new') OVER mention, acted_at
        ) AND (kind <> 'owner' OR acted_at >= coalesce(
            max(acted_at) FILTER (kind = 'owner' AND value IS NULL) OVER mention, acted_at
        )) AS counts
    FROM fct_mention_actions
    WINDOW mention AS (PARTITION BY document_id, brand_id)
),
deeds AS (
    SELECT
        document_id,
        brand_id,
        min(acted_at) FILTER (
            counts AND value IS NOT NULL
            AND (kind IN ('owner', 'note') OR (kind = 'status' AND value <> 'new'))
        ) AS first_handled_at,
        min(acted_at) FILTER (counts AND kind = 'status' AND value IN ('answered', 'satisfied'))
            AS first_answered_at,
        arg_max(value, (acted_at, action_id)) FILTER (kind = 'status') AS status,
        arg_max({'value': value}, (acted_at, action_id)) FILTER (kind = 'owner') AS owner,
        count(*) FILTER (kind = 'note') AS note_count
    FROM said
    GROUP BY document_id, brand_id
)
SELECT
    mention.client_id,
    mention.document_id,
    mention.brand_id,
    mention.brand_name,
    mention.mentioned_at,
    mention.mentioned_at_local,
    mention.mentioned_on,
    mention.polarity,
    list_filter(
        ['insult', 'complaint', 'question'], lambda flag: list_contains(mention.flags, flag)
    ) AS reasons,
    mention.title,
    mention.text,
    mention.url,
    mention.source_id,
    mention.source_title,
    mention.source_type,
    mention.author_or_source,
    mention.story_id,
    coalesce(deeds.status, 'new') AS status,
    deeds.owner.value AS owner,
    coalesce(deeds.note_count, 0) AS note_count,
    deeds.first_handled_at,
    deeds.first_answered_at,
    deeds.first_handled_at IS NOT NULL AS is_handled,
    date_diff(
        'second', mention.mentioned_at, greatest(mention.mentioned_at, coalesce(deeds.first_handled_at, until.at))
    ) / 3600 AS waited_hours
FROM mentions AS mention
CROSS JOIN known_until AS until
LEFT JOIN deeds ON deeds.document_id = mention.document_id AND deeds.brand_id = mention.brand_id
WHERE mention.brand_role = 'own'
    AND (
        mention.polarity = 'negative'
        OR list_has_any(mention.flags, ['insult', 'complaint', 'question'])
    );
COMMENT ON VIEW inbox IS 'fr: À regarder : nos mentions négatives, réclamations, questions et insultes, et ce qui en a été fait. | en: To look at: our negative mentions, complaints, questions and insults, and what was done about them.';
COMMENT ON COLUMN inbox.client_id IS 'fr: Le client. | en: The client.';
COMMENT ON COLUMN inbox.document_id IS 'fr: Le document. | en: The document.';
COMMENT ON COLUMN inbox.brand_id IS 'fr: La marque. | en: The brand.';
COMMENT ON COLUMN inbox.brand_name IS 'fr: Son nom. | en: Its name.';
COMMENT ON COLUMN inbox.mentioned_at IS 'fr: Instant de la mention (UTC). | en: Instant of the mention (UTC).';
COMMENT ON COLUMN inbox.mentioned_at_local IS 'fr: Le même instant à l’heure du client. | en: The same instant in the client’s time.';
COMMENT ON COLUMN inbox.mentioned_on IS 'fr: Le jour, à l’heure du client. | en: The day, in the client’s time.';
COMMENT ON COLUMN inbox.polarity IS 'fr: Ton envers la marque, corrigé par une personne s’il y a lieu. | en: Tone toward the brand, a person’s correction first.';
COMMENT ON COLUMN inbox.reasons IS 'fr: Autres raisons d’être là : insult (insulte), complaint (réclamation), question. | en: Other reasons to be here: insult, complaint, question.';
COMMENT ON COLUMN inbox.title IS 'fr: Titre du document. | en: Title of the document.';
COMMENT ON COLUMN inbox.text IS 'fr: Texte du document. | en: Text of the document.';
COMMENT ON COLUMN inbox.url IS 'fr: Son adresse. | en: Its address.';
COMMENT ON COLUMN inbox.source_id IS 'fr: La source montrée. | en: The source shown.';
COMMENT ON COLUMN inbox.source_title IS 'fr: Son nom. | en: Its name.';
COMMENT ON COLUMN inbox.source_type IS 'fr: press (presse), blog, forum, review (avis), social, search (recherche), own (à nous). | en: press, blog, forum, review, social, search, own.';
COMMENT ON COLUMN inbox.author_or_source IS 'fr: L’auteur, sous pseudonyme ; à défaut, la source. | en: The author, pseudonymised, else the source.';
COMMENT ON COLUMN inbox.story_id IS 'fr: L’histoire. | en: The story.';
COMMENT ON COLUMN inbox.status IS 'fr: new (à traiter), in_progress (en cours), answered (répondu), ignored (sans suite), satisfied (satisfait). | en: new, in_progress, answered, ignored, satisfied.';
COMMENT ON COLUMN inbox.owner IS 'fr: Qui s’en occupe. | en: Who looks after it.';
COMMENT ON COLUMN inbox.note_count IS 'fr: Notes écrites. | en: Notes written.';
COMMENT ON COLUMN inbox.first_handled_at IS 'fr: Première prise en charge : statut autre que new, responsable ou note, depuis le dernier retour à new (UTC). | en: First handling: a status other than new, an owner or a note, since it was last set back to new (UTC).';
COMMENT ON COLUMN inbox.first_answered_at IS 'fr: Première fois au statut répondu ou satisfait, depuis le dernier retour à new (UTC). | en: First time answered or satisfied, since it was last set back to new (UTC).';
COMMENT ON COLUMN inbox.is_handled IS 'fr: Vrai dès la première prise en charge, jusqu’à un retour à new. | en: True from the first handling on, until it is set back to new.';
COMMENT ON COLUMN inbox.waited_hours IS 'fr: Heures entre la mention et sa prise en charge ; à défaut, jusqu’à la dernière visite à une source. | en: Hours from the mention to its handling; without one, up to the last visit to a source.';
