-- Removes dead letters for good.
--
-- KEYS  1 samovar:dead  2 samovar:dead:payload
-- ARGV  1 "members" and then members, or "older" and a time in microseconds: those that died before it
-- Returns how many were removed.
local dead, dead_payload = KEYS[1], KEYS[2]
local members = {}
if ARGV[1] == 'members' then
    for i = 2, #ARGV do members[i - 1] = ARGV[i] end
else
    members = redis.call('ZRANGEBYSCORE', dead, '-inf', '(' .. ARGV[2], 'LIMIT', 0, 500)
end
check_types({ dead_payload }, {})
local removed = 0
for _, member in ipairs(members) do
    removed = removed + redis.call('ZREM', dead, member)
    redis.call('HDEL', dead_payload, member)
end
return removed
