-- Puts back, unsuspected, what a leaving worker still holds, and takes it off the register.
--
-- KEYS  1 samovar:register  2 samovar:held:<incarnation>  3 samovar:marks:<incarnation>
--       4 samovar:worker:<incarnation>  5 samovar:promoter  6 samovar:delayed  7 samovar:dead  8 samovar:dead:payload
-- ARGV  1 incarnation  2 messages at most  3 bytes at most, unless a single message is larger
--       4 length of the key prefix  5 milliseconds for which it is made the promoter at least, if it is the last
--       worker
--       6 channel that tells its successor as promoter
-- Returns {"lost"} when it is not registered (any more), else {"ok", incarnation, messages put back,
--       dropped (they were acknowledged), what is left: 0 nothing, it is off the register; 1 it holds more;
--       2 it is the last worker and messages are delayed: it was made their promoter and has to move them first}.
local register, held, marks, lease, promoter, delayed, dead, dead_payload = unpack(KEYS)
local incarnation, max_items, max_bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local prefix_length, milliseconds, handover = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
if not redis.call('ZSCORE', register, incarnation) then return { 'lost' } end

-- The first by name of those that live, and for how many milliseconds its lease does. One that died and was not
-- reaped is none.
local function find_other()
    local leases, found, left = string.sub(lease, 1, #lease - #incarnation), nil, nil
    for _, other in ipairs(redis.call('ZREVRANGE', register, 0, 63)) do
        local milliseconds_left = redis.call('PTTL', leases .. other)
        if other ~= incarnation and milliseconds_left > 0 and (not found or other < found) then
            found, left = other, milliseconds_left
        end
    end
    return found, left
end

local part = read_newest(read_held(held), held, max_items, max_bytes)
add_marks(part.entries, marks)
check_types({ dead_payload }, { dead })
check_lists(part.entries)
local acknowledged, others = part_by_mark(part.entries, 'a')
local waiting = redis.call('ZCARD', delayed) > 0
local promotes = redis.call('GET', promoter) == incarnation
local successor, lease_left
if waiting or promotes then successor, lease_left = find_other() end
local last = waiting and not successor

check_rights_to_put_back(others, dead, dead_payload)
check_rights_to_take_away(register, held)
check_rights(promoter, 'SET', 'DEL')
write_at_maxmemory(held)
local returned = put_back(others, dead, dead_payload, prefix_length)
forget(part, held, marks)
if part.more then return { 'ok', incarnation, returned, #acknowledged, 1 } end
if last then
    redis.call('SET', promoter, incarnation, 'PX', integer(math.max(milliseconds, redis.call('PTTL', lease))))
    return { 'ok', incarnation, returned, #acknowledged, 2 }
end
if promotes and successor then
    redis.call('SET', promoter, successor, 'PX', integer(lease_left))
elseif promotes then
    redis.call('DEL', promoter)
end
redis.call('DEL', held, marks, lease)
redis.call('ZREM', register, incarnation)
if promotes and successor then redis.pcall('PUBLISH', handover, successor) end
return { 'ok', incarnation, returned, #acknowledged, 0 }
