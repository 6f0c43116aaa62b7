-- The things that facts are about: one row per thing. Rows are never removed when they leave the
-- configuration (facts point at them); they become inactive.

CREATE TABLE dim_clients (
    client_id VARCHAR PRIMARY KEY CHECK (client_id <> ''),
    name VARCHAR NOT NULL,
    language VARCHAR NOT NULL CHECK (language IN ('fr', 'en')),
    timezone VARCHAR NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE dim_clients IS 'fr: Le client de cette base ; une seule ligne, chaque client a son fichier. | en: The client of this database; a single row, each client has its own file.';
COMMENT ON COLUMN dim_clients.client_id IS 'fr: Identifiant lisible du client, nom de son dossier. | en: Readable id of the client, name of its folder.';
COMMENT ON COLUMN dim_clients.name IS 'fr: Nom affiché. | en: Displayed name.';
COMMENT ON COLUMN dim_clients.language IS 'fr: Langue des écrans et des courriels : fr ou en. | en: Language of screens and mails: fr or en.';
COMMENT ON COLUMN dim_clients.timezone IS 'fr: Fuseau horaire IANA qui découpe les jours et les heures. | en: IANA time zone in which days and hours are cut.';
COMMENT ON COLUMN dim_clients.updated_at IS 'fr: Dernier changement de cette ligne (UTC). | en: Last change of this row (UTC).';

CREATE TABLE dim_brands (
    brand_id VARCHAR PRIMARY KEY CHECK (brand_id <> ''),
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('own', 'competitor', 'sector', 'person')),
    terms VARCHAR[] NOT NULL,
    exact_terms VARCHAR[] NOT NULL,
    context_terms VARCHAR[] NOT NULL,
    excluded_terms VARCHAR[] NOT NULL,
    query_version VARCHAR NOT NULL,
    is_active BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE dim_brands IS 'fr: Les noms surveillés : nos marques, les concurrents, le secteur, des personnes. | en: The names on the watchlist: our brands, competitors, the sector, persons.';
COMMENT ON COLUMN dim_brands.brand_id IS 'fr: Identifiant lisible de la marque. | en: Readable id of the brand.';
COMMENT ON COLUMN dim_brands.name IS 'fr: Nom affiché. | en: Displayed name.';
COMMENT ON COLUMN dim_brands.role IS 'fr: Pourquoi ce nom est surveillé : own (à nous), competitor (concurrent), sector (secteur), person (personne). | en: Why this name is watched: own, competitor, sector, person.';
COMMENT ON COLUMN dim_brands.terms IS 'fr: Écritures cherchées sans tenir compte de la casse, des accents, des apostrophes ni des tirets. | en: Spellings searched for regardless of case, accents, apostrophes and hyphens.';
COMMENT ON COLUMN dim_brands.exact_terms IS 'fr: Écritures cherchées telles quelles. | en: Spellings searched for exactly as written.';
COMMENT ON COLUMN dim_brands.context_terms IS 'fr: Si la liste n’est pas vide, un de ces mots doit figurer dans le document. | en: When the list is not empty, one of these words must be in the document.';
COMMENT ON COLUMN dim_brands.excluded_terms IS 'fr: Un de ces mots près du nom signale un homonyme. | en: One of these words near the name marks a homonym.';
COMMENT ON COLUMN dim_brands.query_version IS 'fr: Empreinte de toutes les écritures ; change quand la requête change. | en: Digest of all spellings; changes when the query changes.';
COMMENT ON COLUMN dim_brands.is_active IS 'fr: Vrai tant que la marque est dans la configuration. | en: True while the brand is in the configuration.';
COMMENT ON COLUMN dim_brands.updated_at IS 'fr: Dernier changement de cette ligne (UTC). | en: Last change of this row (UTC).';

CREATE TABLE dim_sources (
    source_id VARCHAR PRIMARY KEY CHECK (source_id <> ''),
    kind VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    source_type VARCHAR NOT NULL
        CHECK (source_type IN ('press', 'blog', 'forum', 'review', 'social', 'search', 'own')),
    title VARCHAR NOT NULL,
    language VARCHAR,
    weight DOUBLE NOT NULL CHECK (weight BETWEEN 0 AND 10),
    poll_every INTERVAL NOT NULL,
    is_active BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE dim_sources IS 'fr: Les lieux où nous collectons : flux, blogs, forums. | en: The places we collect from: feeds, blogs, forums.';
COMMENT ON COLUMN dim_sources.source_id IS 'fr: Identifiant lisible de la source. | en: Readable id of the source.';
COMMENT ON COLUMN dim_sources.kind IS 'fr: Manière de la lire : feed… | en: How it is read: feed…';
COMMENT ON COLUMN dim_sources.url IS 'fr: Adresse lue. | en: Address that is read.';
COMMENT ON COLUMN dim_sources.source_type IS 'fr: Nature de la source : press (presse), blog, forum, review (avis), social, search (recherche), own (à nous). | en: What the source is: press, blog, forum, review, social, search, own.';
COMMENT ON COLUMN dim_sources.title IS 'fr: Nom affiché de la source. | en: Displayed name of the source.';
COMMENT ON COLUMN dim_sources.language IS 'fr: Langue annoncée (ISO 639-1) ; vide si elle est reconnue document par document. | en: Declared language (ISO 639-1); empty when found per document.';
COMMENT ON COLUMN dim_sources.weight IS 'fr: Poids éditorial, de 0 à 10. | en: Editorial weight, 0 to 10.';
COMMENT ON COLUMN dim_sources.poll_every IS 'fr: Délai le plus court entre deux visites. | en: Shortest time between two visits.';
COMMENT ON COLUMN dim_sources.is_active IS 'fr: Vrai tant que la source est dans la configuration. | en: True while the source is in the configuration.';
COMMENT ON COLUMN dim_sources.updated_at IS 'fr: Dernier changement de cette ligne (UTC). | en: Last change of this row (UTC).';

CREATE TABLE dim_authors (
    author_key VARCHAR PRIMARY KEY CHECK (author_key <> ''),
    first_seen_at TIMESTAMPTZ NOT NULL,
    display_name VARCHAR
);
COMMENT ON TABLE dim_authors IS 'fr: Les auteurs, sous pseudonyme. | en: Authors, pseudonymised.';
COMMENT ON COLUMN dim_authors.author_key IS 'fr: Empreinte du nom avec le sel secret du client ; le nom n’est pas gardé. | en: Hash of the name with the client’s secret salt; the name is not stored.';
COMMENT ON COLUMN dim_authors.first_seen_at IS 'fr: Première collecte d’un texte de cet auteur (UTC). | en: When a text by this author was first collected (UTC).';
COMMENT ON COLUMN dim_authors.display_name IS 'fr: Nom en clair, seulement pour une personnalité publique déclarée dans la configuration. | en: Plain name, only for a public figure declared in the configuration.';

CREATE TABLE dim_topics (
    topic_id VARCHAR PRIMARY KEY CHECK (topic_id <> ''),
    name_fr VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    terms VARCHAR[] NOT NULL,
    is_active BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE dim_topics IS 'fr: Les thèmes suivis : prix, accueil, livraison… | en: The topics followed: price, welcome, delivery…';
COMMENT ON COLUMN dim_topics.topic_id IS 'fr: Identifiant lisible du thème. | en: Readable id of the topic.';
COMMENT ON COLUMN dim_topics.name_fr IS 'fr: Nom en français. | en: Name in French.';
COMMENT ON COLUMN dim_topics.name_en IS 'fr: Nom en anglais. | en: Name in English.';
COMMENT ON COLUMN dim_topics.terms IS 'fr: Mots qui le signalent. | en: Words that mark it.';
COMMENT ON COLUMN dim_topics.is_active IS 'fr: Vrai tant que le thème est dans la configuration. | en: True while the topic is in the configuration.';
COMMENT ON COLUMN dim_topics.updated_at IS 'fr: Dernier changement de cette ligne (UTC). | en: Last change of this row (UTC).';

CREATE TABLE dim_alert_rules (
    rule_id VARCHAR PRIMARY KEY CHECK (rule_id <> ''),
    kind VARCHAR NOT NULL,
    severity VARCHAR NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
    brand_ids VARCHAR[] NOT NULL,
    definition JSON NOT NULL,
    is_active BOOLEAN NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE dim_alert_rules IS 'fr: Les règles d’alerte de la configuration. | en: The alert rules of the configuration.';
COMMENT ON COLUMN dim_alert_rules.rule_id IS 'fr: Identifiant lisible de la règle. | en: Readable id of the rule.';
COMMENT ON COLUMN dim_alert_rules.kind IS 'fr: Sorte de règle : negative_spike… | en: Kind of rule: negative_spike…';
COMMENT ON COLUMN dim_alert_rules.severity IS 'fr: Gravité : info, warning (à surveiller), critical (critique). | en: Severity: info, warning, critical.';
COMMENT ON COLUMN dim_alert_rules.brand_ids IS 'fr: Marques visées ; vide : toutes les nôtres. | en: Brands concerned; empty: all our own.';
COMMENT ON COLUMN dim_alert_rules.definition IS 'fr: La règle entière, telle que configurée. | en: The whole rule, as configured.';
COMMENT ON COLUMN dim_alert_rules.is_active IS 'fr: Vrai tant que la règle est dans la configuration. | en: True while the rule is in the configuration.';
COMMENT ON COLUMN dim_alert_rules.updated_at IS 'fr: Dernier changement de cette ligne (UTC). | en: Last change of this row (UTC).';

CREATE TABLE dim_dates (
    date_on DATE PRIMARY KEY,
    year SMALLINT NOT NULL,
    quarter SMALLINT NOT NULL,
    month SMALLINT NOT NULL,
    month_fr VARCHAR NOT NULL,
    month_en VARCHAR NOT NULL,
    iso_year SMALLINT NOT NULL,
    iso_week SMALLINT NOT NULL,
    week_starts_on DATE NOT NULL,
    weekday SMALLINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    weekday_fr VARCHAR NOT NULL,
    weekday_en VARCHAR NOT NULL,
    is_weekend BOOLEAN NOT NULL,
    is_public_holiday BOOLEAN NOT NULL,
    holiday_fr VARCHAR,
    holiday_en VARCHAR,
    client_event VARCHAR
);
COMMENT ON TABLE dim_dates IS 'fr: Le calendrier, de 2000 à 2049 : libellés français, semaines ISO, jours fériés de France métropolitaine. | en: The calendar, 2000 to 2049: French labels, ISO weeks, public holidays of metropolitan France.';
COMMENT ON COLUMN dim_dates.date_on IS 'fr: Le jour. | en: The day.';
COMMENT ON COLUMN dim_dates.year IS 'fr: Année. | en: Year.';
COMMENT ON COLUMN dim_dates.quarter IS 'fr: Trimestre, 1 à 4. | en: Quarter, 1 to 4.';
COMMENT ON COLUMN dim_dates.month IS 'fr: Mois, 1 à 12. | en: Month, 1 to 12.';
COMMENT ON COLUMN dim_dates.month_fr IS 'fr: Mois en français. | en: Month in French.';
COMMENT ON COLUMN dim_dates.month_en IS 'fr: Mois en anglais. | en: Month in English.';
COMMENT ON COLUMN dim_dates.iso_year IS 'fr: Année de la semaine ISO. | en: Year of the ISO week.';
COMMENT ON COLUMN dim_dates.iso_week IS 'fr: Semaine ISO, 1 à 53 ; commence le lundi. | en: ISO week, 1 to 53; starts on Monday.';
COMMENT ON COLUMN dim_dates.week_starts_on IS 'fr: Lundi de la semaine. | en: Monday of the week.';
COMMENT ON COLUMN dim_dates.weekday IS 'fr: Jour de la semaine : 1 lundi … 7 dimanche. | en: Day of the week: 1 Monday … 7 Sunday.';
COMMENT ON COLUMN dim_dates.weekday_fr IS 'fr: Jour de la semaine en français. | en: Day of the week in French.';
COMMENT ON COLUMN dim_dates.weekday_en IS 'fr: Jour de la semaine en anglais. | en: Day of the week in English.';
COMMENT ON COLUMN dim_dates.is_weekend IS 'fr: Vrai le samedi et le dimanche. | en: True on Saturday and Sunday.';
COMMENT ON COLUMN dim_dates.is_public_holiday IS 'fr: Vrai un jour férié. | en: True on a public holiday.';
COMMENT ON COLUMN dim_dates.holiday_fr IS 'fr: Nom du jour férié en français. | en: Name of the holiday in French.';
COMMENT ON COLUMN dim_dates.holiday_en IS 'fr: Nom du jour férié en anglais. | en: Name of the holiday in English.';
COMMENT ON COLUMN dim_dates.client_event IS 'fr: Évènement du client ce jour-là. | en: The client’s event on that day.';

-- Easter Sunday by the Gregorian computus of Meeus/Jones/Butcher; the movable feasts follow it.
INSERT INTO dim_dates BY NAME
WITH years AS (
    SELECT y, y % 19 AS a, y // 100 AS b, y % 100 AS c
    FROM range(2000, 2050) AS years(y)
),
moons AS (
    SELECT *, (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30 AS h
    FROM years
),
sundays AS (SELECT *, (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7 AS l FROM moons),
shifts AS (SELECT *, (a + 11 * h + 22 * l) // 451 AS m FROM sundays),
easters AS (
    SELECT
        y,
        make_date(y, (h + l - 7 * m + 114) // 31, (h + l - 7 * m + 114) % 31 + 1) AS easter_on
    FROM shifts
),
feasts AS (
    SELECT make_date(y, 1, 1) AS date_on, 'Jour de l’an' AS holiday_fr, 'New Year’s Day' AS holiday_en FROM easters
    UNION ALL SELECT easter_on + 1, 'Lundi de Pâques', 'Easter Monday' FROM easters
    UNION ALL SELECT make_date(y, 5, 1), 'Fête du Travail', 'Labour Day' FROM easters
    UNION ALL SELECT make_date(y, 5, 8), 'Victoire 1945', 'Victory in Europe Day' FROM easters
    UNION ALL SELECT easter_on + 39, 'Ascension', 'Ascension Day' FROM easters
    UNION ALL SELECT easter_on + 50, 'Lundi de Pentecôte', 'Whit Monday' FROM easters
    UNION ALL SELECT make_date(y, 7, 14), 'Fête nationale', 'Bastille Day' FROM easters
    UNION ALL SELECT make_date(y, 8, 15), 'Assomption', 'Assumption Day' FROM easters
    UNION ALL SELECT make_date(y, 11, 1), 'Toussaint', 'All Saints’ Day' FROM easters
    UNION ALL SELECT make_date(y, 11, 11), 'Armistice 1918', 'Armistice Day' FROM easters
    UNION ALL SELECT make_date(y, 12, 25), 'Noël', 'Christmas Day' FROM easters
),
holidays AS (
    SELECT
        date_on,
        string_agg(holiday_fr, ', ' ORDER BY holiday_fr) AS holiday_fr,
        string_agg(holiday_en, ', ' ORDER BY holiday_en) AS holiday_en
    FROM feasts
    GROUP BY date_on
),
days AS (
    SELECT CAST(unnest(generate_series(DATE '2000-01-01', DATE '2049-12-31', INTERVAL 1 DAY)) AS DATE) AS date_on
)
SELECT
    days.date_on,
    year(days.date_on) AS year,
    quarter(days.date_on) AS quarter,
    month(days.date_on) AS month,
    ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre',
     'octobre', 'novembre', 'décembre'][month(days.date_on)] AS month_fr,
    ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
     'October', 'November', 'December'][month(days.date_on)] AS month_en,
    isoyear(days.date_on) AS iso_year,
    weekofyear(days.date_on) AS iso_week,
    CAST(date_trunc('week', days.date_on) AS DATE) AS week_starts_on,
    isodow(days.date_on) AS weekday,
    ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi',
     'dimanche'][isodow(days.date_on)] AS weekday_fr,
    ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday',
     'Sunday'][isodow(days.date_on)] AS weekday_en,
    isodow(days.date_on) >= 6 AS is_weekend,
    holidays.date_on IS NOT NULL AS is_public_holiday,
    holidays.holiday_fr,
    holidays.holiday_en
FROM days
LEFT JOIN holidays USING (date_on)
ORDER BY days.date_on;
