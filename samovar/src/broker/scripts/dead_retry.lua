-- Puts one dead letter back into a list, byte for byte as it came.
--
-- KEYS  1 samovar:dead  2 samovar:dead:payload  3 list  4 samovar:suspects
-- ARGV  1 member
-- Returns 1 put back, 0 there is no such dead letter.
local dead, dead_payload, list, suspects = unpack(KEYS)
local content = redis.call('HGET', dead_payload, ARGV[1])
if not content then
    redis.call('ZREM', dead, ARGV[1])
    return 0
end
local envelope = string.sub(content, (string.find(content, '\n', 1, true) or 0) + 1)
redis.call('LLEN', list)
check_types({ suspects }, { dead })
check_rights(dead, 'ZREM')
write_at_maxmemory(dead_payload)
redis.call('LPUSH', list, envelope)
redis.call('HDEL', dead_payload, ARGV[1])
redis.call('ZREM', dead, ARGV[1])
redis.call('HDEL', suspects, redis.sha1hex(envelope))
return 1
