-- Moves messages from the queues' lists into the hands of one worker.
--
-- KEYS    the lists, in the order in which they are to be served. Only these: Redis 7.0 tracks every declared
--         key of a script for CLIENT TRACKING, and an idle worker is to be woken by its queues alone.
-- ARGV  1 samovar:workers    2 samovar:held:<incarnation>  3 unacked  4 unacked_index
--       5 samovar:suspects   6 samovar:dead  7 samovar:dead:payload
--       8 incarnation        9 batch number, one higher for each new call; a repeated number is answered with
--                              what its first call took (its reply was lost), a lower one with nothing: it was
--                              on its way for so long that its caller has gone on
--      10 messages at most  11 bytes at most, unless a single message is larger
--      12 bytes a single message may have  13 seconds by which kombu's sweep is put off
--      14.. the queue of each list, as a JSON string
-- Returns {"lost"} when the worker is not registered (any more), else {"ok", Redis's time in microseconds} and then
--       four for each message:
--       number of its list (or the list, where a repeated call does not name it), deaths blamed on it so far
--       (-1: not a suspect), its fingerprint or "", envelope;
--       for one that went to the dead letters: number of its list, -2, its id or "", its meta;
--       for one that a repeated call finds gone: 0, -3, "", "".
local workers, held, unacked, index, suspects, dead, dead_payload = unpack(ARGV, 1, 7)
local incarnation, batch = ARGV[8], ARGV[9]
local max_items, max_bytes, max_size = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local put_off = tonumber(ARGV[13])

if not redis.call('ZSCORE', workers, incarnation) then return { 'lost' } end

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
        local reservation, state = redis.call('HGET', unacked, id), redis.call('HGET', held, id)
        if reservation and state then
            local _, list = read_state(state)
            answer_message(number_of[list] or list, unwrap(reservation))
        else
            answer(0, -3, '', '')
        end
    end
    return reply
end

local last = redis.call('HGET', held, 'batch')
if last then
    local number, count = string.match(last, '^(%d+):(%d+)$')
    if tonumber(number) > tonumber(batch) then return reply end
    if number == batch then
        any_suspects = redis.call('EXISTS', suspects) == 1
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

check_types({ unacked, dead_payload, held }, { index, dead })
any_suspects = redis.call('EXISTS', suspects) == 1
-- Whole seconds: the 17 digits of a fraction would cost Redis 0.5 us for each entry to read.
local score = integer(math.floor(at / 1000000) + put_off)
local new_unacked, new_index, new_held, new_dead, new_payload, states, n = {}, {}, {}, {}, {}, {}, 0
for i, list in ipairs(KEYS) do states[i] = 'r' .. list end

local function refuse(list_number, envelope, reason)
    local id, task = label(envelope, 'id'), label(envelope, 'task')
    local dead_id = incarnation .. ':' .. batch .. ':x' .. (#new_dead / 2 + 1)
    local meta = '{"id":' .. quote(id or dead_id) .. ',"task":' .. (task and quote(task) or 'null') .. ',"queue":' ..
        ARGV[13 + list_number] .. ',"reason":' .. quote(reason) .. meta_end(at, #envelope)
    new_dead[#new_dead + 1], new_dead[#new_dead + 2] = integer(at), dead_id
    new_payload[#new_payload + 1], new_payload[#new_payload + 2] = dead_id, meta .. '\n' .. envelope
    answer(list_number, -2, id or '', meta)
end

for _, item in ipairs(items) do
    local list_number, envelope = item[1], item[2]
    if #envelope > max_size then
        refuse(list_number, envelope, 'message of ' .. #envelope .. ' bytes is over the limit of ' .. max_size .. ' bytes')
    elseif string.sub(envelope, 1, 1) ~= '{' or string.sub(envelope, -1) ~= '}' then
        -- A value that is no JSON would break every later sweep of kombu.
        refuse(list_number, envelope, 'not a JSON object')
    else
        n = n + 1
        local id = reservation_id(n)
        new_unacked[2 * n - 1], new_unacked[2 * n] = id, wrap(envelope, ARGV[13 + list_number])
        new_index[2 * n - 1], new_index[2 * n] = score, id
        new_held[2 * n - 1], new_held[2 * n] = id, states[list_number]
        answer_message(list_number, envelope)
    end
end

call_many('HSET', unacked, new_unacked)
call_many('ZADD', index, new_index)
call_many('HSET', held, new_held)
call_many('HSET', dead_payload, new_payload)
call_many('ZADD', dead, new_dead)
-- From here on a repeated call is answered; before, it would make the same copies again, under the same names.
redis.call('HSET', held, 'batch', batch .. ':' .. n)
for i, amount in ipairs(amounts) do
    if amount > 0 then redis.call('LTRIM', KEYS[i], 0, -(amount + 1)) end
end
return reply
