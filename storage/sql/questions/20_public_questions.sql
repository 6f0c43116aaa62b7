-- fr: Quelles questions le public pose-t-il ?
-- en: Which questions does the public ask?
-- Grain: one row per mention of ours that asks, the newest first. Read by: analysts, `vigie questions 20`.
-- $client = client | fr: identifiant du client | en: the client's id
-- $from_on = -29 | fr: premier jour | en: first day
-- $to_on = +1 | fr: premier jour après la période | en: first day after the period
-- Example: mentioned_at_local | question | status | source_title | url
-- Example: 2026-11-20 12:10 | Est-ce ouvert le lundi ? | new | Le forum des Pentes | https://…
SELECT
    mentioned_at_local,
    coalesce(
        nullif(trim(regexp_extract("text", '[^.!?…\n]*\?')), ''),
        nullif(trim(regexp_extract(title, '[^.!?…\n]*\?')), ''),
        title
    ) AS question,
    status,
    source_title,
    url
FROM inbox
WHERE client_id = $client
    AND mentioned_at >= timezone('UTC', CAST($from_on AS TIMESTAMP) - INTERVAL 2 DAY)
    AND mentioned_on >= $from_on
    AND mentioned_on < $to_on
    AND list_contains(reasons, 'question')
ORDER BY mentioned_at_local DESC, question
LIMIT 200;
