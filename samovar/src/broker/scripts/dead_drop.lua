-- Removes dead letters for good.
--
-- KEYS  1 samovar:dead  2 samovar:dead:payload
-- ARGV  1 "members" and then members, or "older", a time in microseconds and a number: those that died before it, so
--       many at most
-- Returns how many were removed.
local dead, dead_payload = KEYS[1], KEYS[2]
local members = {}
if ARGV[1] == 'members' then
    for i = 2, #ARGV do members[i - 1] = ARGV[i] end
else
    members = redis.call('ZRANGEBYSCORE', dead, '-inf', '(' .. ARGV[2], 'LIMIT', 0, ARGV[3])
end
check_types({ dead_payload }, { dead })
check_rights(dead, 'ZREM')
local removed = 0
for first = 1, #members, 1000 do
    local last = math.min(first + 999, #members)
    redis.call('HDEL', dead_payload, unpack(members, first, last))
    removed = removed + redis.call('ZREM', dead, unpack(members, first, last))
end
return removed
