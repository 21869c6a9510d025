-- Keeps kombu's sweep away from what a living worker holds: moves its scores into the future again.
--
-- KEYS  1 samovar:held:<incarnation>  2 unacked_index
-- ARGV  1 seconds from now
-- Returns how many reservations were held.
local index, held = KEYS[2], 0
local score, scored = integer(math.floor(now_us() / 1000000) + tonumber(ARGV[1])), {}
for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.find(id, ':', 1, true) then
        held = held + 1
        scored[2 * held - 1], scored[2 * held] = score, id
    end
end
redis.call('ZCARD', index)
for first = 1, #scored, 1000 do
    redis.call('ZADD', index, 'XX', unpack(scored, first, math.min(first + 999, #scored)))
end
return held
