-- Stores results that are not one unit with an acknowledgement: those of a server of their own, and of tasks
-- that were given up.
--
-- KEYS    result keys
-- ARGV  1 results' database  2 time to live in seconds (0: none), then the JSON document of each key
-- Returns how many were written: a result that says SUCCESS stands, as in Celery.
local written, ttl = 0, tonumber(ARGV[2])
redis.call('SELECT', ARGV[1])
for i, key in ipairs(KEYS) do
    if redis.call('GETRANGE', key, 0, 20) ~= '{"status": "SUCCESS",' then
        if ttl > 0 then redis.call('SETEX', key, ttl, ARGV[2 + i]) else redis.call('SET', key, ARGV[2 + i]) end
        redis.call('PUBLISH', key, ARGV[2 + i])
        written = written + 1
    end
end
return written
