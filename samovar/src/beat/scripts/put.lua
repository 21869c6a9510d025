-- Adds an entry, or replaces one of that name, which begins anew if it is another.
--
-- KEYS  1 samovar:beat:<app>:entries  2 ...:due  3 ...:code
-- ARGV  1 name  2 definition  3 channel of changes
-- Returns "added", "replaced", or "code" when the entry comes from the program's code and stays as it is.
local entries, due, code = unpack(KEYS)
local name, definition = ARGV[1], ARGV[2]
if redis.call('SISMEMBER', code, name) == 1 then return 'code' end
check_types({}, { due })
local before = redis.call('HGET', entries, name)
if before ~= definition then
    redis.call('ZREM', due, name)
    redis.call('HSET', entries, name, definition)
    redis.call('PUBLISH', ARGV[3], name)
end
return before and 'replaced' or 'added'
