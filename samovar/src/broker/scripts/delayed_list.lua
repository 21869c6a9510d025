-- Reads delayed messages, the earliest first.
--
-- KEYS  1 samovar:delayed  2 samovar:delayed:payload
-- ARGV  1 rank of the first  2 messages at most  3 bytes at most, unless a single message is larger
-- Returns how many ranks were looked at, then four for each message: member, due time in microseconds, list, envelope.
local delayed, payload = unpack(KEYS)
local first, max_items, max_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local reply, looked, bytes = { 0 }, 0, 0
local pairs_read = redis.call('ZRANGE', delayed, first, first + max_items - 1, 'WITHSCORES')
for i = 1, #pairs_read, 2 do
    local size = redis.call('HSTRLEN', payload, pairs_read[i])
    if looked > 0 and bytes + size > max_bytes then break end
    looked, bytes = looked + 1, bytes + size
    if size > 0 then
        local list, envelope = split(redis.call('HGET', payload, pairs_read[i]))
        local base = #reply
        reply[base + 1], reply[base + 2], reply[base + 3], reply[base + 4] = pairs_read[i], pairs_read[i + 1], list, envelope
    end
end
reply[1] = looked
return reply
