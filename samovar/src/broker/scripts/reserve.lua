-- Moves messages from the queues' lists into the hands of one worker.
--
-- KEYS    the lists, in the order in which they are to be served. Only these: Redis 7.0 tracks every declared
--         key of a script for CLIENT TRACKING, and an idle worker is to be woken by its queues alone.
-- ARGV  1 samovar:register  2 samovar:held:<incarnation>  3 samovar:marks:<incarnation>
--       4 samovar:suspects   5 samovar:dead  6 samovar:dead:payload
--       7 incarnation        8 batch number, one higher for each new call; a repeated number is answered with
--                              what its first call took (its reply was lost), a lower one with nothing: it was
--                              on its way for so long that its caller has gone on
--       9 messages at most  10 bytes at most, unless a single message is larger
--      11 bytes a single message may have
--      12 the place (batch x 1000 + number) up to which reservations may start from now on; 0: no more than before
--      13..17 where FAILURE of refused messages goes: see failure_of
--      18.. the queue of each list, as a JSON string
-- Returns {"lost"} when the worker is not registered (any more), else {"ok", Redis's time in microseconds} and then
--       four for each message:
--       number of its list (or the list, where a repeated call does not name it), deaths blamed on it so far
--       (-1: not a suspect), its fingerprint or "", envelope;
--       for one that went to the dead letters: number of its list, -2, its id or "", its meta;
--       for one that a repeated call finds gone: 0, -3, "", "".
local register, held, marks, suspects, dead, dead_payload = unpack(ARGV, 1, 6)
local incarnation, batch = ARGV[7], ARGV[8]
local max_items, max_bytes, max_size = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local may_start = ARGV[12]
local failures_to, queues_from = { unpack(ARGV, 13, 17) }, 17

if not redis.call('ZSCORE', register, incarnation) then return { 'lost' } end

local at = now_us()
local reply, any_suspects = { 'ok', integer(at) }, nil
local function answer(list, deaths, text, content)
    local base = #reply
    reply[base + 1], reply[base + 2], reply[base + 3], reply[base + 4] = list, deaths, text, content
end

local function reservation_id(n) return incarnation .. ':' .. batch .. ':' .. n end

local function answer_message(list, envelope)
    if any_suspects then
        local fingerprint = redis.sha1hex(envelope)
        local deaths = redis.call('HGET', suspects, fingerprint)
        if deaths then return answer(list, tonumber(deaths), fingerprint, envelope) end
    end
    answer(list, -1, '', envelope)
end

local function answer_again(count)
    local number_of = {}
    for i, list in ipairs(KEYS) do number_of[list] = i end
    for n = 1, count do
        local id = reservation_id(n)
        local reservation = redis.call('HGET', held, id)
        if reservation then
            local list, envelope = split(reservation)
            answer_message(number_of[list] or list, envelope)
        else
            answer(0, -3, '', '')
        end
    end
    return reply
end

local last, may_start_before = unpack(redis.call('HMGET', held, 'batch', 'may_start'))
if may_start_before and tonumber(may_start_before) > tonumber(may_start) then may_start = may_start_before end
if last then
    local number, count = string.match(last, '^(%d+):(%d+)$')
    if tonumber(number) > tonumber(batch) then return reply end
    if number == batch then
        any_suspects = redis.call('EXISTS', suspects) == 1
        redis.call('HSET', held, 'may_start', may_start)
        return answer_again(tonumber(count))
    end
end

-- Reads from the consuming end without knowing sizes: one element first, then as many as the average so far
-- suggests, 16 at most, so that a few large ones behind many small ones cost little.
local taken, items, bytes, amounts, full = 0, {}, 0, {}, false
for i, list in ipairs(KEYS) do
    local amount, chunk, drained = 0, 1, false
    while not full and not drained do
        local read = redis.call('LRANGE', list, -(amount + chunk), -(amount + 1))
        for j = #read, 1, -1 do
            full = taken > 0 and bytes + #read[j] > max_bytes
            if full then break end
            taken, amount, bytes = taken + 1, amount + 1, bytes + #read[j]
            items[taken] = { i, read[j] }
        end
        drained = #read < chunk
        full = full or taken >= max_items
        local average = math.max(bytes / math.max(taken, 1), 64)
        chunk = math.max(1, math.min(16, max_items - taken, math.floor((max_bytes - bytes) / average)))
    end
    amounts[i] = amount
end
if taken == 0 then
    -- Remembered, so that a call that comes late takes nothing. Not vital: Redis may be out of memory.
    redis.pcall('HSET', held, 'batch', batch .. ':0')
    return reply
end

check_types({ held, marks, dead_payload }, { dead })
any_suspects = redis.call('EXISTS', suspects) == 1
local new_held, new_dead, new_payload, failures, places, n = {}, {}, {}, {}, {}, 0
for i, list in ipairs(KEYS) do places[i] = #list .. ':' .. list end

local function refuse(list_number, envelope, reason)
    local id, task = label(envelope, 'id'), label(envelope, 'task')
    local dead_id = incarnation .. ':' .. batch .. ':x' .. (#new_dead / 2 + 1)
    local meta = '{"id":' .. quote(id or dead_id) .. ',"task":' .. (task and quote(task) or 'null') .. ',"queue":' ..
        ARGV[queues_from + list_number] .. ',"reason":' .. quote(reason) .. meta_end(at, #envelope)
    new_dead[#new_dead + 1], new_dead[#new_dead + 2] = integer(at), dead_id
    new_payload[#new_payload + 1], new_payload[#new_payload + 2] = dead_id, meta .. '\n' .. envelope
    failures[#failures + 1] = failure_of(failures_to, id, envelope, reason, at)
    answer(list_number, -2, id or '', meta)
end

for _, item in ipairs(items) do
    local list_number, envelope = item[1], item[2]
    if #envelope > max_size then
        refuse(list_number, envelope, 'message of ' .. #envelope .. ' bytes is over the limit of ' .. max_size .. ' bytes')
    elseif string.sub(envelope, 1, 1) ~= '{' or string.sub(envelope, -1) ~= '}' then
        refuse(list_number, envelope, 'not a JSON object')
    else
        n = n + 1
        new_held[2 * n - 1], new_held[2 * n] = reservation_id(n), places[list_number] .. envelope
        answer_message(list_number, envelope)
    end
end

for i, amount in ipairs(amounts) do
    if amount > 0 then check_rights(KEYS[i], 'LTRIM') end
end
if #new_dead > 0 then
    check_rights(dead, 'ZADD')
    check_rights_to_fail(failures_to, failures)
end
write_at_maxmemory(held)
call_many('HSET', held, new_held)
call_many('ZADD', dead, new_dead)
call_many('HSET', dead_payload, new_payload)
store_failures(failures_to, failures)
-- From here on a repeated call is answered; before, it would make the same copies again, under the same names.
redis.call('HSET', held, 'batch', batch .. ':' .. n, 'may_start', may_start)
for i, amount in ipairs(amounts) do
    if amount > 0 then redis.call('LTRIM', KEYS[i], 0, -(amount + 1)) end
end
announce_failures(failures_to, failures)
return reply
