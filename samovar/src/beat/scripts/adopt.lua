-- Makes the entries that come from code those of the leader's program. One that is new or changed begins anew.
--
-- KEYS  1 samovar:beat:<app>:leader  2 ...:entries  3 ...:due  4 ...:last  5 ...:paused  6 ...:code
-- ARGV  1 the caller's token, then for each entry: name, definition
-- Returns 1, or 0 when another leads.
local leader, entries, due, last, paused, code = unpack(KEYS)
if redis.call('GET', leader) ~= ARGV[1] then return 0 end
check_types({ entries, last }, { due })
redis.call('SCARD', paused)
local before = redis.call('SMEMBERS', code)

local mine = {}
for i = 2, #ARGV, 2 do
    local name, definition = ARGV[i], ARGV[i + 1]
    mine[name] = true
    if redis.call('HGET', entries, name) ~= definition then
        -- In this order: a call that is repeated finds that there is something left to do.
        redis.call('ZREM', due, name)
        redis.call('HSET', entries, name, definition)
    end
    redis.call('SADD', code, name)
end
for _, name in ipairs(before) do
    if not mine[name] then
        redis.call('ZREM', due, name)
        redis.call('HDEL', last, name)
        redis.call('SREM', paused, name)
        redis.call('HDEL', entries, name)
        redis.call('SREM', code, name)
    end
end
return 1
