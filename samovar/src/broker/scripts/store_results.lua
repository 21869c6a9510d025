-- Stores results that are not one unit with an acknowledgement: those of a server of their own, and of tasks
-- that were given up.
--
-- KEYS    result keys
-- ARGV  1 results' database  2 time to live in seconds (0: none), then the JSON document of each key
-- Returns how many were written: a result that says SUCCESS stands, as in Celery.
local results, ttl, written = {}, tonumber(ARGV[2]), 0
redis.call('SELECT', ARGV[1])
for i, key in ipairs(KEYS) do results[i] = { key = key, json = ARGV[2 + i] } end
keep_successes(results)
for _, result in ipairs(results) do
    if not result.keep then
        store(result, ttl)
        written = written + 1
    end
end
for _, result in ipairs(results) do
    if not result.keep then redis.call('PUBLISH', result.key, result.json) end
end
return written
