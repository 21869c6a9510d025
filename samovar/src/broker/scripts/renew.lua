-- Registers a worker or renews its lease, settles who promotes delayed messages, and puts back what the store holds
-- for the worker and the worker does not know: Redis may have gone back in time.
--
-- KEYS  1 samovar:worker:<incarnation>  2 samovar:register  3 samovar:held:<incarnation>
--       4 samovar:marks:<incarnation>  5 samovar:promoter  6 samovar:delayed  7 samovar:dead  8 samovar:dead:payload
--       9 samovar:layout  10 samovar:suspects  11 samovar:blamed:<the incarnation that it had before>
--      12 samovar:workers, the register of the layout before this one
-- ARGV  1 incarnation  2 lease in milliseconds  3 what it says of itself (JSON)  4 "1" to register
--       5 number of this layout  6 lease keys without the incarnation
--       7 messages at most  8 bytes at most, unless a single message is larger  9 length of the key prefix
--      10 the last batch whose reply the worker has; 0: none, nothing is put back
--      11.. reservations of batches up to that one that it still has
-- Returns {"lost"} when the worker was registered before and has been reaped since;
--       {"layout", number} when the store has a newer layout; {"older", what it says of itself} when a worker of the
--       layout before this one lives; else
--       {"ok", Redis's time in microseconds, registered workers, messages held, 1 when this worker promotes,
--        due time of the next delayed message in microseconds or "", messages put back, 1 when there are more,
--        messages dropped, which were acknowledged}.
local lease, register, held, marks, promoter, delayed, dead, dead_payload, layout, suspects, blame, old_register =
    unpack(KEYS)
local incarnation, milliseconds, about, first = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'
local layout_number, leases = tonumber(ARGV[5]), ARGV[6]
local max_items, max_bytes, prefix_length = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local last_batch = tonumber(ARGV[10])

local stored_layout = tonumber(redis.call('GET', layout) or 0)
if stored_layout > layout_number then return { 'layout', stored_layout } end
local registered = redis.call('ZSCORE', register, incarnation)
if not registered and not first then return { 'lost' } end
if first and not registered then
    for _, other in ipairs(redis.call('ZREVRANGE', old_register, 0, 63)) do
        local says = redis.call('GET', leases .. other)
        if says then return { 'older', says } end
    end
end

-- Nothing of a batch whose reply may still be on its way, and nothing that the worker named.
local function unknown_to_the_worker(all)
    local entries, open = {}, {}
    for i = 11, #ARGV do open[ARGV[i]] = true end
    for _, entry in ipairs(all) do
        if entry.batch <= last_batch and not open[entry.id] then entries[#entries + 1] = entry end
    end
    return entries
end

local all = read_held(held)
local entries = unknown_to_the_worker(all)
local part = read_newest(entries, held, max_items, max_bytes)
add_marks(part.entries, marks)
check_types({ held, marks, dead_payload, suspects, blame }, { dead })
check_lists(part.entries)
local head = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
local holder = redis.call('GET', promoter)
local at = now_us()
-- What is marked as acknowledged had started, and is not to run again.
local acknowledged, again = part_by_mark(part.entries, 'a')

-- A worker that comes back takes back the blame that its absence laid on its messages.
local excused, restored = {}, {}
if first then
    local blames = redis.call('HGETALL', blame)
    for i = 1, #blames, 2 do
        local before, now = string.match(blames[i + 1], '^(%d*):(%d+)$')
        local deaths = tonumber(redis.call('HGET', suspects, blames[i]) or -1)
        local left = deaths - (tonumber(now) - tonumber(before == '' and 0 or before))
        if deaths >= 0 and left <= 0 and before == '' then
            excused[#excused + 1] = blames[i]
        elseif deaths >= 0 then
            restored[#restored + 1] = blames[i]
            restored[#restored + 1] = math.max(left, 0)
        end
    end
end

check_rights_to_put_back(again, dead, dead_payload)
if #part.ids > 0 or first then
    check_rights(held, 'HSET')
    check_rights(register, 'ZADD')
    check_rights(lease, 'SET')
end
if #excused + #restored > 0 then
    check_rights(suspects, 'HSET', 'HDEL')
    check_rights(blame, 'DEL')
end
write_at_maxmemory(held)
if stored_layout < layout_number then redis.call('SET', layout, layout_number) end
local put_back_now = put_back(again, dead, dead_payload, prefix_length)
forget(part, held, marks)
redis.call('HSET', held, 'about', about, 'lease', milliseconds)
redis.call('ZADD', register, integer(at), incarnation)
redis.call('SET', lease, about, 'PX', milliseconds)
if not holder or holder == incarnation then
    redis.call('SET', promoter, incarnation, 'PX', milliseconds)
    holder = incarnation
end
call_many('HDEL', suspects, excused)
call_many('HSET', suspects, restored)
if #excused + #restored > 0 then redis.call('DEL', blame) end
return { 'ok', integer(at), redis.call('ZCARD', register), #all - #part.ids, holder == incarnation and 1 or 0,
         head[2] or '', put_back_now, part.more and 1 or 0, #acknowledged }
