-- sentiment_accuracy(client, from_on, to_on): the model's tone against the people's, on what people
-- labelled.
-- Grain: one row per language, and one of all (language NULL). Read by: analysts, reports.
-- People rather label what is wrong, so that this is a floor more than an average.
CREATE OR REPLACE MACRO sentiment_accuracy(client, from_on, to_on) AS TABLE
SELECT
    language,
    count(*) AS labelled_count,
    count(*) FILTER (model_polarity = polarity) AS agreed_count,
    count(*) FILTER (model_polarity = polarity) / nullif(count(*), 0) AS accuracy,
    wilson_low(count(*) FILTER (model_polarity = polarity), count(*)) AS accuracy_low,
    wilson_high(count(*) FILTER (model_polarity = polarity), count(*)) AS accuracy_high,
    count(*) < 30 AS is_small_sample
FROM mentions_between(client, from_on, to_on)
WHERE is_human_labelled
GROUP BY GROUPING SETS ((language), ())
ORDER BY language NULLS FIRST;
COMMENT ON MACRO TABLE sentiment_accuracy IS 'fr: Ton du modèle contre celui des personnes, sur ce qu’elles ont étiqueté : exactitude, n, intervalle de Wilson à 95 % ; par langue, et en tout (langue vide). | en: The model’s tone against people’s, on what they labelled: accuracy, n, 95 % Wilson interval; per language, and of all (empty language).';
