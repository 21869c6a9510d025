-- Removes an entry with all that is known of it.
--
-- KEYS  1 samovar:beat:<app>:entries  2 ...:due  3 ...:last  4 ...:paused  5 ...:code
-- ARGV  1 name  2 channel of changes
-- Returns "removed", "unknown", or "code" when the entry comes from the program's code and stays as it is.
local entries, due, last, paused, code = unpack(KEYS)
local name = ARGV[1]
if redis.call('SISMEMBER', code, name) == 1 then return 'code' end
if redis.call('HEXISTS', entries, name) == 0 then return 'unknown' end
check_types({ last }, { due })
redis.call('SCARD', paused)
redis.call('ZREM', due, name)
redis.call('HDEL', last, name)
redis.call('SREM', paused, name)
redis.call('HDEL', entries, name)
redis.call('PUBLISH', ARGV[2], name)
return 'removed'
