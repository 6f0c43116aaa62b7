-- fr: Le modèle est-il d'accord avec les personnes ?
-- en: Does the model agree with people?
-- Grain: one row of all labels (language empty), and one per language. Read by: analysts, `vigie questions 17`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -365 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: language | labelled | agreed | percent | low | high | is_small_sample
-- Example:  | 40 | 34 | 85 | 70.9 | 92.9 | false
SELECT
    language,
    labelled_count AS labelled,
    agreed_count AS agreed,
    round(100 * accuracy, 1) AS percent,
    round(100 * accuracy_low, 1) AS low,
    round(100 * accuracy_high, 1) AS high,
    is_small_sample
FROM sentiment_accuracy($client, $from_on, $to_on)
ORDER BY language NULLS FIRST;
