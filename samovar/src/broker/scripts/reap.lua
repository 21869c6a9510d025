-- Takes back what one dead worker held. Dead is who has no lease; whether the caller may judge is its own duty
-- (it has to have renewed its own lease without a gap for one full lease).
--
-- KEYS  1 samovar:workers  2 unacked  3 unacked_index  4 samovar:suspects  5 samovar:dead  6 samovar:dead:payload
-- ARGV  1 the caller's incarnation  2 lease keys without the incarnation  3 held keys without the incarnation
--       4 messages at most  5 bytes at most, unless a single message is larger
--       6 deaths after which a message is given up  7 seconds for which suspects are remembered
--       8 length of the key prefix
-- Returns {"lost"} when the caller is not registered, else {"ok", incarnation reaped or "", messages put back,
--       dropped (they were acknowledged), 1 when it held more, then the given-up ones in pairs: dead id, envelope}.
local workers, unacked, index, suspects, dead, dead_payload = unpack(KEYS)
local caller, lease_prefix, held_prefix = ARGV[1], ARGV[2], ARGV[3]
local max_items, max_bytes, max_deaths = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local memory, prefix_length = ARGV[7], tonumber(ARGV[8])
if not redis.call('ZSCORE', workers, caller) then return { 'lost' } end

local function find_dead()
    -- Scores are the last renewals: the dead stand first.
    for _, incarnation in ipairs(redis.call('ZRANGE', workers, 0, 63)) do
        if redis.call('EXISTS', lease_prefix .. incarnation) == 0 then return incarnation end
    end
end

local incarnation = find_dead()
if not incarnation then return { 'ok', '', 0, 0, 0 } end
local held = held_prefix .. incarnation
local entries, partial = read_held(held)
local alone = #entries == 1 and not partial
local part = read_newest(entries, unacked, max_items, max_bytes)
check_types({ unacked, suspects, dead_payload }, { index, dead })
check_lists(part.entries)

local blamed, cleared, given_up = {}, {}, {}
for _, entry in ipairs(part.entries) do
    local fingerprint = entry.fingerprint or redis.sha1hex(entry.envelope)
    local deaths = tonumber(redis.call('HGET', suspects, fingerprint) or 0)
    -- Only a death under the suspect's own mark counts, or one where it was all that the worker had.
    if entry.mark == 's' or alone then deaths = deaths + 1 end
    if deaths >= max_deaths and not entry.dead_reason then
        entry.dead_reason = 'its worker died ' .. deaths .. ' times while running it'
        given_up[#given_up + 1] = entry.id
        given_up[#given_up + 1] = entry.envelope
    end
    if entry.dead_reason then
        cleared[#cleared + 1] = fingerprint
    else
        blamed[#blamed + 1] = fingerprint
        blamed[#blamed + 1] = deaths
    end
end

for _, entry in ipairs(part.entries) do
    if entry.dead_reason then bury(entry, dead, dead_payload, prefix_length) end
end
local returned = put_back(part.entries)
forget(part, unacked, index)
if part.more then
    redis.call('HSET', held, 'reaping', '1')
    call_many('HDEL', held, part.ids)
else
    redis.call('DEL', held, lease_prefix .. incarnation)
    redis.call('ZREM', workers, incarnation)
end
-- Last, so that nobody can be blamed twice for one death.
call_many('HDEL', suspects, cleared)
if #blamed > 0 then
    call_many('HSET', suspects, blamed)
    redis.call('EXPIRE', suspects, memory)
end
return { 'ok', incarnation, returned, part.dropped, part.more and 1 or 0, unpack(given_up) }
