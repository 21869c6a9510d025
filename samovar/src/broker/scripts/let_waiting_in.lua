-- Frees the places of those that hold no reservation any more, and lets in what waits for places.
--
-- KEYS  1 samovar:limits  2 samovar:delayed  3 samovar:delayed:payload
-- ARGV  1 messages at most  2 held keys without the incarnation
-- Returns how many were let in.
local limits, delayed, payload = unpack(KEYS)
local max_items, held, let = tonumber(ARGV[1]), ARGV[2], 0
local names = redis.call('SMEMBERS', limits)
for _, limit in ipairs(names) do
    check_limit(limit)
    check_rights_to_let_in(limit, delayed, payload)
end
if #names > 0 then
    check_rights(limits, 'SREM')
    write_at_maxmemory(payload)
end
check_types({ payload }, { delayed })

for _, limit in ipairs(names) do
    local free = tonumber(redis.call('HGET', limit, 'at_once') or 1)
    for _, id in ipairs(holders_of(limit)) do
        if stands(held, id) then free = free - 1 else redis.call('HDEL', limit, id) end
    end
    while free > 0 and let < max_items and let_in(limit, delayed, payload) do
        free, let = free - 1, let + 1
    end
    if redis.call('ZCARD', limit .. ':waiting') == 0 then redis.call('SREM', limits, limit) end
end
return let
