-- Puts back one message that a Python worker reserved and left, by kombu's rules, and forgets the reservation.
--
-- KEYS  1 unacked  2 unacked_index  3 samovar:dead  4 samovar:dead:payload  5.. lists that get it
-- ARGV  1 delivery tag  2 its score when it was read: a renewed or new reservation stays
--       3 what the reservation held when it was read; "": it was gone and only its place in the index is left
--       4 envelope, marked as redelivered  5 meta without time, size and brace: to the dead letters instead
-- Returns 1 put back, 0 somebody else was faster, or there was nothing to put back.
local unacked, index, dead, dead_payload = unpack(KEYS, 1, 4)
local tag, score, reservation, envelope, meta = unpack(ARGV)
if tonumber(redis.call('ZSCORE', index, tag) or -1) ~= tonumber(score) then return 0 end
if (redis.call('HGET', unacked, tag) or '') ~= reservation then return 0 end
check_types({ dead_payload }, { dead })
for i = 5, #KEYS do
    if not is_list(KEYS[i]) then return 0 end
end
for i = 5, #KEYS do check_rights(KEYS[i], 'RPUSH') end
if meta ~= '' then
    check_rights(dead, 'ZADD')
    check_rights(dead_payload, 'HSET')
end
check_rights(index, 'ZREM')
write_at_maxmemory(unacked)
for i = 5, #KEYS do redis.call('RPUSH', KEYS[i], envelope) end
if meta ~= '' then
    local at = now_us()
    local member = 'foreign:' .. tag .. ':' .. score
    redis.call('ZADD', dead, integer(at), member)
    redis.call('HSET', dead_payload, member, meta .. meta_end(at, #reservation) .. '\n' .. reservation)
end
redis.call('HDEL', unacked, tag)
redis.call('ZREM', index, tag)
return #KEYS > 4 and 1 or 0
