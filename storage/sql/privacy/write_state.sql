-- Grain: one source, whose memory lost what is gone. Read by: storage.forgetting.
UPDATE source_states SET
    seen = map_from_entries($seen::STRUCT(k VARCHAR, v VARCHAR)[]),
    shared_urls = $shared_urls,
    memory = map_from_entries($memory::STRUCT(k VARCHAR, v VARCHAR)[]),
    listed = $listed,
    missing = map_from_entries($missing::STRUCT(k VARCHAR, v VARCHAR)[])
WHERE source_id = $source_id;
