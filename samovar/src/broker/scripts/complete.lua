-- Ends reservations: for each, its result, the messages it leads to, and its removal; all or none, and only
-- while the reservation still stands. A repeated call finds the reservations gone and changes nothing.
--
-- KEYS  1 unacked  2 unacked_index  3 samovar:held:<incarnation>  4 samovar:suspects
--       5 samovar:delayed  6 samovar:delayed:payload  7 samovar:dead  8 samovar:dead:payload
-- ARGV  1 broker's database  2 results' database  3 channel that wakes the promoter  4 completions, then for each:
--         reservation id, fingerprint of a suspect that is cleared or "",
--         result key or "", its time to live in seconds (0: none), its JSON,
--         number of moves, then for each move:
--           kind: "back" (end of a list), "front" (consuming end), "delay", "dead"
--           list, envelope ("" means the reserved one),
--           due time in microseconds and member for "delay"; open meta (no time, size and brace) and "" for "dead"; "" and "" for the others
-- Returns one number for each completion: 1 done, 0 the reservation was gone.
local unacked, index, held, suspects, delayed, payload, dead, dead_payload = unpack(KEYS)
local database, result_database, wake = ARGV[1], ARGV[2], ARGV[3]
local position = 4

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

local completions, answer, results_due = {}, {}, false
for i = 1, tonumber(ARGV[4]) do
    local c = { id = take(), fingerprint = take(), key = take(), ttl = tonumber(take()), json = take(), moves = take_moves() }
    c.reservation = redis.call('HGET', unacked, c.id)
    answer[i] = c.reservation and 1 or 0
    if c.reservation then
        completions[#completions + 1] = c
        results_due = results_due or c.key ~= ''
    end
end
if #completions == 0 then return answer end

check_types({ held, suspects, payload, dead_payload }, { index, delayed, dead })
local checked = {}
for _, c in ipairs(completions) do
    for _, move in ipairs(c.moves) do
        if move.kind ~= 'dead' and not checked[move.list] then
            redis.call('LLEN', move.list)
            checked[move.list] = true
        end
    end
end

local function store_results()
    if result_database ~= database then redis.call('SELECT', result_database) end
    -- A result that says SUCCESS stands: Celery never writes over one.
    for _, c in ipairs(completions) do
        c.keep = c.key == '' or redis.call('GETRANGE', c.key, 0, 20) == '{"status": "SUCCESS",'
    end
    for _, c in ipairs(completions) do
        if not c.keep then
            if c.ttl > 0 then redis.call('SETEX', c.key, c.ttl, c.json) else redis.call('SET', c.key, c.json) end
            redis.call('PUBLISH', c.key, c.json)
        end
    end
    if result_database ~= database then redis.call('SELECT', database) end
end

local function move_message(c, move)
    local envelope = move.envelope
    if envelope == '' then envelope = unwrap(c.reservation) end
    if move.kind == 'back' then
        redis.call('LPUSH', move.list, envelope)
    elseif move.kind == 'front' then
        redis.call('RPUSH', move.list, envelope)
    elseif move.kind == 'delay' then
        redis.call('HSET', payload, move.second, move.list .. '\n' .. envelope)
        redis.call('ZADD', delayed, move.first, move.second)
        if redis.call('ZRANGE', delayed, 0, 0)[1] == move.second then redis.call('PUBLISH', wake, move.first) end
    else
        local at = now_us()
        local meta = move.first .. meta_end(at, #envelope)
        redis.call('HSET', dead_payload, c.id, meta .. '\n' .. envelope)
        redis.call('ZADD', dead, integer(at), c.id)
    end
end

if results_due then store_results() end
local ids, fingerprints = {}, {}
for i, c in ipairs(completions) do
    for _, move in ipairs(c.moves) do move_message(c, move) end
    ids[i] = c.id
    if c.fingerprint ~= '' then fingerprints[#fingerprints + 1] = c.fingerprint end
end
call_many('HDEL', unacked, ids)
call_many('ZREM', index, ids)
call_many('HDEL', held, ids)
call_many('HDEL', suspects, fingerprints)
return answer
