-- Grain: one row per author whose name may be shown (figures), or no longer may.
-- Read by: storage.figures.
UPDATE dim_authors SET display_name = wanted.display_name
FROM (
    SELECT author.author_key, figure.display_name
    FROM dim_authors AS author
    LEFT JOIN figures AS figure USING (author_key)
) AS wanted
WHERE wanted.author_key = dim_authors.author_key
    AND dim_authors.display_name IS DISTINCT FROM wanted.display_name;
