-- Takes back what one dead worker held. Dead is who has no lease; whether the caller may judge is its own duty
-- (it has to have renewed its own lease without a gap for one full lease).
--
-- KEYS  1 samovar:workers  2 unacked  3 unacked_index  4 samovar:suspects  5 samovar:dead  6 samovar:dead:payload
-- ARGV  1 the caller's incarnation  2 lease keys without the incarnation  3 held keys without the incarnation
--       4 messages at most  5 deaths after which a message is given up  6 seconds for which suspects are remembered
--       7 "1": the caller itself leaves: what it holds goes back unsuspected
-- Returns {"lost"} when the caller is not registered, else {"ok", incarnation reaped or "", messages put back,
--       dropped (they were acknowledged), 1 when it held more, then the given-up ones in pairs: dead id, envelope}.
local workers, unacked, index, suspects, dead, dead_payload = unpack(KEYS)
local caller, lease_prefix, held_prefix = ARGV[1], ARGV[2], ARGV[3]
local max_items, max_deaths, memory, leaving = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7] == '1'
if not redis.call('ZSCORE', workers, caller) then return { 'lost' } end

local function find_dead()
    if leaving then return caller end
    -- Scores are the last renewals: the dead stand first.
    for _, incarnation in ipairs(redis.call('ZRANGE', workers, 0, 63)) do
        if redis.call('EXISTS', lease_prefix .. incarnation) == 0 then return incarnation end
    end
end

local incarnation = find_dead()
if not incarnation then return { 'ok', '', 0, 0, 0 } end
local held = held_prefix .. incarnation

-- Reservation ids end in batch and number: the order in which the messages were taken.
local function taken_before(a, b)
    if a.batch ~= b.batch then return a.batch < b.batch end
    return a.number < b.number
end

local entries, states = {}, redis.call('HGETALL', held)
for i = 1, #states, 2 do
    local batch, number = string.match(states[i], ':(%d+):(%d+)$')
    if batch then
        entries[#entries + 1] = { id = states[i], state = states[i + 1], batch = tonumber(batch), number = tonumber(number) }
    end
end
table.sort(entries, taken_before)
check_types({ unacked, suspects, dead_payload }, { index, dead })

local lone = #entries == 1
local more = #entries > max_items
local first = more and #entries - max_items + 1 or 1
local at, put_back, dropped, given_up, ids, checked = now_us(), 0, 0, {}, {}, {}

local function blame(entry, envelope)
    local mark, fingerprint = string.sub(entry.state, 1, 1), string.match(entry.state, '\n(%x+)$')
    local hash = fingerprint or redis.sha1hex(envelope)
    local deaths = tonumber(redis.call('HGET', suspects, hash) or 0)
    -- Only a death under the suspect's own mark counts, or one where it was all that the worker had.
    if mark == 's' or lone then deaths = deaths + 1 end
    return hash, deaths
end

local function give_up(entry, envelope, list, hash, deaths)
    local reason = 'its worker died ' .. deaths .. ' times while running it'
    local id, task = peek(envelope)
    local meta = dead_meta(id or entry.id, task, queue_of(list), reason, at, #envelope)
    redis.call('HSET', dead_payload, entry.id, meta .. '\n' .. envelope)
    redis.call('ZADD', dead, integer(at), entry.id)
    redis.call('HDEL', suspects, hash)
    given_up[#given_up + 1] = entry.id
    given_up[#given_up + 1] = envelope
end

local function take_back(entry, envelope)
    local list = string.match(entry.state, '^%l([^\n]*)')
    if not checked[list] then
        redis.call('LLEN', list)
        checked[list] = true
    end
    if not leaving then
        local hash, deaths = blame(entry, envelope)
        if deaths >= max_deaths then return give_up(entry, envelope, list, hash, deaths) end
        redis.call('HSET', suspects, hash, deaths)
        redis.call('EXPIRE', suspects, memory)
    end
    redis.call('RPUSH', list, envelope)
    put_back = put_back + 1
end

-- Newest first, so that the oldest ends up at the consuming end and runs next.
for i = #entries, first, -1 do
    local entry = entries[i]
    local reservation = redis.call('HGET', unacked, entry.id)
    if reservation and string.sub(entry.state, 1, 1) ~= 'a' then
        take_back(entry, unwrap(reservation))
    else
        dropped = dropped + 1
    end
    ids[#ids + 1] = entry.id
end
call_many('HDEL', unacked, ids)
call_many('ZREM', index, ids)
if more then
    call_many('HDEL', held, ids)
else
    redis.call('DEL', held, lease_prefix .. incarnation)
    redis.call('ZREM', workers, incarnation)
end
return { 'ok', incarnation, put_back, dropped, more and 1 or 0, unpack(given_up) }
