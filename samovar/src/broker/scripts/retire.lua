-- Puts back, unsuspected, what a leaving worker still holds, and takes it off the register.
--
-- KEYS  1 samovar:workers  2 unacked  3 unacked_index  4 samovar:held:<incarnation>  5 samovar:worker:<incarnation>
--       6 samovar:promoter  7 samovar:delayed  8 samovar:dead  9 samovar:dead:payload
-- ARGV  1 incarnation  2 messages at most  3 bytes at most, unless a single message is larger
--       4 length of the key prefix  5 milliseconds for which it is made the promoter, if it is the last worker
-- Returns {"lost"} when it is not registered (any more), else {"ok", incarnation, messages put back,
--       dropped (they were acknowledged), what is left: 0 nothing, it is off the register; 1 it holds more;
--       2 it is the last worker and messages are delayed: it was made their promoter and has to move them first}.
local workers, unacked, index, held, lease, promoter, delayed, dead, dead_payload = unpack(KEYS)
local incarnation, max_items, max_bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local prefix_length, milliseconds = tonumber(ARGV[4]), ARGV[5]
if not redis.call('ZSCORE', workers, incarnation) then return { 'lost' } end

-- One that died and was not reaped is no other.
local function others_live()
    local leases = string.sub(lease, 1, #lease - #incarnation)
    for _, other in ipairs(redis.call('ZREVRANGE', workers, 0, 63)) do
        if other ~= incarnation and redis.call('EXISTS', leases .. other) == 1 then return true end
    end
    return false
end

local part = read_newest(read_held(held), unacked, max_items, max_bytes)
check_types({ unacked, dead_payload }, { index, dead })
check_lists(part.entries)
local waiting = redis.call('ZCARD', delayed) > 0
local last = waiting and not others_live()
local promotes = redis.call('GET', promoter) == incarnation

for _, entry in ipairs(part.entries) do
    if entry.dead_reason then bury(entry, dead, dead_payload, prefix_length) end
end
local returned = put_back(part.entries)
forget(part, unacked, index)
call_many('HDEL', held, part.ids)
if part.more then return { 'ok', incarnation, returned, part.dropped, 1 } end
if last then
    redis.call('SET', promoter, incarnation, 'PX', milliseconds)
    return { 'ok', incarnation, returned, part.dropped, 2 }
end
-- Another worker takes this over with its next renewal; until then what is published for later is queued at once.
if promotes then redis.call('DEL', promoter) end
redis.call('DEL', held, lease)
redis.call('ZREM', workers, incarnation)
return { 'ok', incarnation, returned, part.dropped, 0 }
