-- Lists dead letters without their messages, oldest first.
--
-- KEYS  1 samovar:dead  2 samovar:dead:payload
-- ARGV  1 rank of the first  2 letters at most  3 bytes to read at most, unless a single letter is larger
-- Returns how many ranks were looked at, then pairs: member, meta.
local dead, dead_payload = KEYS[1], KEYS[2]
local first, max_items, max_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local reply, looked, bytes = { 0 }, 0, 0
for _, member in ipairs(redis.call('ZRANGE', dead, first, first + max_items - 1)) do
    local size = redis.call('HSTRLEN', dead_payload, member)
    if looked > 0 and bytes + size > max_bytes then break end
    looked, bytes = looked + 1, bytes + size
    local content = redis.call('HGET', dead_payload, member)
    if content then
        reply[#reply + 1] = member
        reply[#reply + 1] = string.sub(content, 1, (string.find(content, '\n', 1, true) or #content + 1) - 1)
    end
end
reply[1] = looked
return reply
