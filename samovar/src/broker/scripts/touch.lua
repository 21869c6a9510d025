-- Keeps kombu's sweep away from what a living worker holds: moves its scores into the future again.
--
-- KEYS  1 samovar:held:<incarnation>  2 unacked_index
-- ARGV  1 seconds from now
-- Returns how many reservations were held.
local index = KEYS[2]
local score, ids = string.format('%.6f', now_us() / 1000000 + tonumber(ARGV[1])), {}
for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
    if id ~= 'batch' then ids[#ids + 1] = id end
end
redis.call('ZCARD', index)
for _, id in ipairs(ids) do redis.call('ZADD', index, 'XX', score, id) end
return #ids
