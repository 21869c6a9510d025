-- Settles whether handlers may start, and marks the reservations of those that may.
--
-- KEYS  1 samovar:held:<incarnation>  2 samovar:marks:<incarnation>  3 samovar:aside:<incarnation>,
--       and when any of them has limits:  4 samovar:delayed  5 samovar:delayed:payload  6 samovar:limits
-- ARGV  1 held keys without the incarnation, then
--       for each: reservation id; its mark: "a" (acknowledged: no other worker gets it), "s" and the suspect's
--       fingerprint (a death of the worker from now on is blamed on it), or "t" (it may have started); the number of
--       its limits.
--       With limits: the task's id, a member for samovar:delayed, then for each limit: its key, runs at a time
--       (0: any number), microseconds between starts (0: none), "1" to take no room for an answer instead of waiting.
-- Returns two numbers for each: 1 go, 0 the reservation was gone and the task must not start, 2 there is no room,
--       3 it waits among the delayed; then the fencing number of the first limit with places, or 0.
local held, marks, aside, delayed, payload, limited = unpack(KEYS)
local held_prefix = ARGV[1]
local answer, marked, position = {}, {}, 1
local function take()
    position = position + 1
    return ARGV[position]
end

local function go(number, id, mark, fence)
    answer[2 * number - 1], answer[2 * number] = 1, fence
    marked[#marked + 1] = id
    marked[#marked + 1] = mark
end

-- It was marked as acknowledged, its worker was taken for dead before it heard of it, and nobody else runs it. One
-- with limits has lost its places, so it is not started but goes back to its queue.
local function return_from_aside(number, id, limits)
    local content = redis.call('HGET', aside, id)
    if not content then return end
    if limits == '0' then
        answer[2 * number - 1] = 1
        return
    end
    local list, envelope = split(content)
    if not is_list(list) then return end
    redis.call('RPUSH', list, envelope)
    redis.call('HDEL', aside, id)
end

-- Most ask for no limit: they are settled at once, and nothing is made for them.
local asking, missing, number = {}, {}, 0
while position < #ARGV do
    local id, mark, count = take(), take(), take()
    number = number + 1
    answer[2 * number - 1], answer[2 * number] = 0, 0
    if redis.call('HEXISTS', held, id) == 0 then
        missing[#missing + 1] = { number, id, count }
        for _ = 1, count == '0' and 0 or 2 + 4 * tonumber(count) do take() end
    elseif count == '0' then
        go(number, id, mark, 0)
    else
        local s = { number = number, id = id, mark = mark, task = take(), member = take(), limits = {} }
        for i = 1, tonumber(count) do
            s.limits[i] = { key = take(), at_once = tonumber(take()), spacing = tonumber(take()), skip = take() == '1' }
            check_limit(s.limits[i].key)
        end
        asking[#asking + 1] = s
    end
end
local at, hour = 0, 3600 * 1000000
check_types({ held, marks }, {})
if #asking > 0 then
    check_types({ payload }, { delayed })
    redis.call('SCARD', limited)
    at = now_us()
end
-- What is reserved has to start, or no memory is ever freed.
if #asking + #marked + #missing > 0 then write_at_maxmemory(held) end

-- Whether there is a place for it. A holder whose reservation does not stand any more holds none.
local function has_room(limit, id)
    if limit.at_once == 0 or redis.call('HEXISTS', limit.key, id) == 1 then return true end
    local holders, gone = holders_of(limit.key), 0
    if #holders < limit.at_once then return true end
    for _, holder in ipairs(holders) do
        if not stands(held_prefix, holder) then
            redis.call('HDEL', limit.key, holder)
            gone = gone + 1
        end
    end
    return #holders - gone < limit.at_once
end

-- When it may start. A time that was given once stands for an hour after it has come.
local function book(limit, task)
    local booked = limit.key .. ':booked'
    local time = tonumber(redis.call('ZSCORE', booked, task))
    if time and time > at - hour then return time end
    time = math.max(at, tonumber(redis.call('HGET', limit.key, 'next') or 0))
    check_rights(booked, 'ZREMRANGEBYSCORE', 'ZADD', 'PEXPIREAT')
    redis.call('HSET', limit.key, 'next', integer(time + limit.spacing))
    redis.call('ZREMRANGEBYSCORE', booked, '-inf', integer(at - hour))
    redis.call('ZADD', booked, integer(time), task)
    redis.call('PEXPIREAT', booked, integer((time + hour) / 1000))
    return time
end

local function put_off(s, due)
    local list, envelope = split(redis.call('HGET', held, s.id))
    redis.call('ZADD', delayed, integer(due), s.member)
    redis.call('HSET', payload, s.member, join('f', list, envelope))
    redis.call('HDEL', held, s.id)
    redis.call('HDEL', marks, s.id)
    return 3
end

-- A place is let to whoever waits when it is free; looking again after an hour is for what cannot be thought of.
local function wait_for(s, limit)
    redis.call('HSET', limit.key, 'at_once', limit.at_once)
    redis.call('SADD', limited, limit.key)
    redis.call('ZADD', limit.key .. ':waiting', integer(at), s.member)
    return put_off(s, at + hour)
end

local function enter(s)
    local fence = 0
    for _, limit in ipairs(s.limits) do
        if limit.spacing > 0 then redis.call('ZREM', limit.key .. ':booked', s.task) end
        if limit.at_once > 0 then
            local token = redis.call('HGET', limit.key, s.id)
            if not token then
                token = redis.call('HINCRBY', limit.key, 'fence', 1)
                redis.call('HSET', limit.key, 'at_once', limit.at_once, s.id, token)
            end
            if fence == 0 then fence = tonumber(token) end
        end
    end
    return 1, fence
end

local function admit(s)
    for _, limit in ipairs(s.limits) do
        if not has_room(limit, s.id) then
            if limit.skip then return 2, 0 end
            return wait_for(s, limit), 0
        end
    end
    local time = at
    for _, limit in ipairs(s.limits) do
        if limit.spacing > 0 then time = math.max(time, book(limit, s.task)) end
    end
    if time > at then return put_off(s, time), 0 end
    return enter(s)
end

for _, s in ipairs(asking) do
    -- One that asks twice in a call was put off by the first.
    if redis.call('HEXISTS', held, s.id) == 1 then
        local result, fence = admit(s)
        answer[2 * s.number - 1] = result
        if result == 1 then go(s.number, s.id, s.mark, fence) end
    end
end
call_many('HSET', marks, marked)
for _, one in ipairs(missing) do return_from_aside(unpack(one)) end
return answer
