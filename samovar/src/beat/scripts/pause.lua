-- Has the slots of an entry pass, or not any more. What passed in the meantime was not missed: it begins anew.
--
-- KEYS  1 samovar:beat:<app>:entries  2 ...:paused  3 ...:due
-- ARGV  1 name  2 "1" to pause, "0" to resume  3 channel of changes
-- Returns "paused", "resumed", or "unknown".
local entries, paused, due = unpack(KEYS)
local name, pausing = ARGV[1], ARGV[2] == '1'
if redis.call('HEXISTS', entries, name) == 0 then return 'unknown' end
local was_paused = redis.call('SISMEMBER', paused, name) == 1
check_types({}, { due })
if pausing ~= was_paused then
    redis.call('ZREM', due, name)
    redis.call(pausing and 'SADD' or 'SREM', paused, name)
    redis.call('PUBLISH', ARGV[3], name)
end
return pausing and 'paused' or 'resumed'
