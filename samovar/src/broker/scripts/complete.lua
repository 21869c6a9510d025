-- Ends reservations: for each, its result, the messages it leads to, and its removal; all or none, and only
-- while the reservation still stands. A repeated call finds the reservations gone and changes nothing.
--
-- KEYS  1 samovar:held:<incarnation>  2 samovar:marks:<incarnation>  3 samovar:aside:<incarnation>
--       4 samovar:suspects  5 samovar:delayed  6 samovar:delayed:payload  7 samovar:dead  8 samovar:dead:payload
-- ARGV  1 broker's database  2 results' database  3 channel that wakes the promoter
--       4 a result's time to live in seconds (0: none)
--       5 the place (batch x 1000 + number) up to which reservations may start from now on; 0: no more than before
--       6 completions, then for each:
--         reservation id, fingerprint of a suspect that is cleared or "",
--         result key or "", its JSON,
--         number of moves, then for each move:
--           kind: "back" (end of a list), "front" (consuming end), "delay", "dead", "leave" (a limit),
--             "unclaim" (ends a unique task's claim)
--           list, limit or claim, envelope ("" means the reserved one), then
--           for "delay": due time in microseconds and member; for "dead": meta without time, size and brace, and
--           ""; for "unclaim": the task's id and ""; for the others: "" and ""
--         and for each of what starts in their stead: reservation id and mark, as in start.lua
-- Returns one number for each completion: 1 done, 0 the reservation was gone, 2 a list that it goes to is none: it is
--       to be ended in another way; then one for each start: 1 go, 0 the reservation was gone.
local held, marks, aside, suspects, delayed, payload, dead, dead_payload = unpack(KEYS)
local database, result_database, wake, ttl = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local position = 6

local function take()
    position = position + 1
    return ARGV[position]
end

local function take_moves()
    local moves = {}
    for i = 1, tonumber(take()) do
        moves[i] = { kind = take(), list = take(), envelope = take(), first = take(), second = take() }
    end
    return moves
end

local listed = { back = true, front = true, delay = true }
local completions, results, ids, fingerprints, answer = {}, {}, {}, {}, {}
local usable, seen = {}, {}

local function leads_to_lists(c)
    for _, move in ipairs(c.moves) do
        if listed[move.kind] then
            if usable[move.list] == nil then usable[move.list] = is_list(move.list) end
            if not usable[move.list] then return false end
        end
    end
    return true
end

-- The list, limit or claim of a move of each kind.
local kinds = {}

-- What a completion needs, before anything is written.
local function prepare(c, from)
    for _, move in ipairs(c.moves) do
        kinds[move.kind] = move.list
        if move.kind == 'leave' then
            check_limit(move.list)
            check_rights_to_let_in(move.list, delayed, payload)
        elseif move.kind == 'unclaim' then
            move.owned = redis.call('GET', move.list) == move.first
        elseif move.envelope == '' then
            local _, envelope = split(redis.call('HGET', from, c.id))
            move.envelope = envelope
        end
    end
    completions[#completions + 1] = c
    ids[#ids + 1] = c.id
    if c.key ~= '' then results[#results + 1] = c end
    if c.fingerprint ~= '' then fingerprints[#fingerprints + 1] = c.fingerprint end
end

-- Where a reservation is kept; nil: it is gone. A worker that was taken for dead finds in `aside` what it had
-- acknowledged early.
local any_aside
local function find(id)
    -- HEXISTS, since HGET would copy an envelope that is not needed: 1.1 us of the 3 that a completion may cost.
    if redis.call('HEXISTS', held, id) == 1 then return held end
    if any_aside == nil then any_aside = redis.call('HLEN', aside) > 0 end
    return any_aside and redis.call('HEXISTS', aside, id) == 1 and aside or nil
end

local from_aside = {}
for i = 1, tonumber(ARGV[6]) do
    local c = { id = take(), fingerprint = take(), key = take(), json = take(), moves = take_moves() }
    local from = not seen[c.id] and find(c.id)
    seen[c.id] = true
    if not from then
        answer[i] = 0
    elseif not leads_to_lists(c) then
        answer[i] = 2
    else
        answer[i] = 1
        prepare(c, from)
        if from == aside then from_aside[#from_aside + 1] = c.id end
    end
end

local marked = {}
for number = tonumber(ARGV[6]) + 1, tonumber(ARGV[6]) + (#ARGV - position) / 2 do
    local id, mark = take(), take()
    local from = not seen[id] and find(id)
    answer[number] = from and 1 or 0
    if from == held then
        marked[#marked + 1] = id
        marked[#marked + 1] = mark
    end
end

-- Each reservation of a worker on the register has left the field there: no other's is made anew.
local may_start = redis.call('HGET', held, 'may_start')
local more_may_start = may_start and tonumber(ARGV[5]) > tonumber(may_start)
if #completions + #marked == 0 and not more_may_start then return answer end
local any_marks = redis.call('HLEN', marks) > 0
check_types({ suspects, payload, dead_payload }, { delayed, dead })
if kinds.back then check_rights(kinds.back, 'LPUSH') end
if kinds.front then check_rights(kinds.front, 'RPUSH') end
if kinds.unclaim then check_rights(kinds.unclaim, 'DEL') end
if kinds.delay then
    check_rights(delayed, 'ZADD')
    check_rights(payload, 'HSET')
end
if kinds.dead then
    check_rights(dead, 'ZADD')
    check_rights(dead_payload, 'HSET')
end

write_at_maxmemory(held)
if #results > 0 then
    if result_database ~= database then redis.call('SELECT', result_database) end
    keep_successes(results)
    for _, result in ipairs(results) do
        if not result.keep then store(result, ttl) end
    end
    if result_database ~= database then redis.call('SELECT', database) end
end
-- Before anything is moved: that is for those alone who may do all of it.
call_many('HSET', marks, marked)
if more_may_start then redis.call('HSET', held, 'may_start', ARGV[5]) end

local waiting, left = {}, {}
local function move_message(c, number, move)
    if move.kind == 'back' then
        redis.call('LPUSH', move.list, move.envelope)
    elseif move.kind == 'front' then
        redis.call('RPUSH', move.list, move.envelope)
    elseif move.kind == 'leave' then
        left[#left + 1] = { limit = move.list, id = c.id }
    elseif move.kind == 'unclaim' then
        if move.owned then redis.call('DEL', move.list) end
    elseif move.kind == 'delay' then
        redis.call('ZADD', delayed, move.first, move.second)
        redis.call('HSET', payload, move.second, join('', move.list, move.envelope))
        waiting[move.second] = move.first
    else
        local at = now_us()
        local member = number == 1 and c.id or c.id .. ':' .. number
        redis.call('ZADD', dead, integer(at), member)
        redis.call('HSET', dead_payload, member, move.first .. meta_end(at, #move.envelope) .. '\n' .. move.envelope)
    end
end

for _, c in ipairs(completions) do
    for number, move in ipairs(c.moves) do move_message(c, number, move) end
end
for _, place in ipairs(left) do leave(place.limit, place.id, delayed, payload) end
call_many('HDEL', held, ids)
if any_marks then call_many('HDEL', marks, ids) end
call_many('HDEL', aside, from_aside)
call_many('HDEL', suspects, fingerprints)

-- Announcements come last: a user whose rules forbid a channel has lost nothing but them. A promoter that is not
-- woken looks again soon.
if next(waiting) then
    local head = redis.call('ZRANGE', delayed, 0, 0)[1]
    if waiting[head] then redis.pcall('PUBLISH', wake, waiting[head]) end
end
for _, result in ipairs(results) do
    if not result.keep then redis.call('PUBLISH', result.key, result.json) end
end
return answer
