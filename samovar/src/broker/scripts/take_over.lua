-- Takes back what a dead worker of the layout before this one held: its reservations stood in kombu's `unacked`, and
-- their lists and marks in samovar:held:<incarnation>.
--
-- KEYS  1 samovar:workers  2 unacked  3 unacked_index  4 samovar:dead  5 samovar:dead:payload
-- ARGV  1..3 what the caller saw of the store, as for reap.lua  4 lease keys, 5 held keys, each without the incarnation
--       6 messages at most  7 bytes at most, unless a single message is larger  8 length of the key prefix
-- Returns {incarnation or "", messages put back, dropped (they were acknowledged), 1 when it held more}.
local register, unacked, index, dead, dead_payload = unpack(KEYS)
local seen, good_for, clear_for = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local leases, helds = ARGV[4], ARGV[5]
local max_items, max_bytes, prefix_length = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local now = now_us()

local function find_dead()
    if now - seen > good_for or now < seen or clear_for == 0 then return nil end
    for _, incarnation in ipairs(redis.call('ZRANGE', register, 0, 63)) do
        if redis.call('EXISTS', leases .. incarnation) == 0 then return incarnation end
    end
end

-- A reservation was [envelope,"",queue]; the envelope ends before the last `,"","`, since the quotes of the queue's
-- name are escaped.
local function unwrap(reservation)
    local separator, window = ',"","', 256
    repeat
        local found
        local at = string.find(reservation, separator, math.max(1, #reservation - window), true)
        while at do
            found, at = at, string.find(reservation, separator, at + 1, true)
        end
        if found then return string.sub(reservation, 2, found - 1) end
        window = window * 16
    until window > 16 * #reservation
    return reservation
end

local incarnation = find_dead()
if not incarnation then return { '', 0, 0, 0 } end
local held = helds .. incarnation
local entries, ids, dropped, bytes, more = {}, {}, 0, 0, false
local all = read_held(held)
for i = #all, 1, -1 do
    local entry = all[i]
    local size = redis.call('HSTRLEN', unacked, entry.id)
    more = #ids == max_items or (#ids > 0 and bytes + size > max_bytes)
    if more then break end
    bytes = bytes + size
    ids[#ids + 1] = entry.id
    local state = redis.call('HGET', held, entry.id)
    local mark = string.sub(state, 1, 1)
    if mark == 'a' or size == 0 then
        dropped = dropped + 1
    else
        entry.list = string.sub(state, mark == 's' and 42 or 2)
        entry.envelope = unwrap(redis.call('HGET', unacked, entry.id))
        entries[#entries + 1] = entry
    end
end
check_types({ unacked, dead_payload }, { index, dead })
check_lists(entries)

check_rights_to_put_back(entries, dead, dead_payload)
check_rights_to_take_away(register, held)
check_rights(index, 'ZREM')
write_at_maxmemory(held)
local returned = put_back(entries, dead, dead_payload, prefix_length)
call_many('HDEL', unacked, ids)
call_many('ZREM', index, ids)
call_many('HDEL', held, ids)
if not more then
    redis.call('DEL', held, leases .. incarnation)
    redis.call('ZREM', register, incarnation)
end
return { incarnation, returned, dropped, more and 1 or 0 }
