-- Sends the message of a slot and notes the next one: all or none, by the leader alone, and once.
--
-- KEYS  1 samovar:beat:<app>:leader  2 ...:entries  3 ...:due  4 ...:last  5 ...:paused
--       6 list  7 _kombu.binding.<queue>  8 samovar:delayed  9 samovar:delayed:payload  10 samovar:promoter
--       11 samovar:unique:<key>, when one message of several is enough
-- ARGV  1 the caller's token  2 name  3 the definition it went by  4 the slot and  5 the next one, microseconds
--       6 record of the slot, unlike any other; "": the slot passes without a message, and what follows is left out
--       7 envelope  8 member of the binding  9 time of a message to be delayed in microseconds, or ""
--       10 member of samovar:delayed  11 channel that wakes the promoter  12 the task's id
--       13 milliseconds for which it has the claim
-- Returns {"fired"}; {"stands", id of the task that has the claim}: the slot passed; or, with nothing changed,
--         {"lost"} when another leads, {"changed"} when the entry is not what or where the caller believed,
--         {"early", Redis's time in microseconds}.
local leader, entries, due, last, paused, list, binding, delayed, payload, promoter, claim = unpack(KEYS)
local token, name, definition, slot, next_slot, record, envelope, queue, later, member, wake, id, life = unpack(ARGV)
if redis.call('GET', leader) ~= token then return { 'lost' } end
local planned = redis.call('ZSCORE', due, name)
local is_planned = planned and tonumber(planned) == tonumber(slot)
-- The reply to an earlier call was lost.
if record ~= '' and redis.call('HGET', last, name) == record then
    if is_planned then redis.call('ZADD', due, next_slot, name) end
    return { 'fired' }
end
if not is_planned or redis.call('HGET', entries, name) ~= definition or
    redis.call('SISMEMBER', paused, name) == 1 then
    return { 'changed' }
end
local at = now_us()
if tonumber(slot) > at then return { 'early', integer(at) } end

local first = claim and redis.call('GET', claim)
if first then
    redis.call('ZADD', due, next_slot, name)
    return { 'stands', first }
end
if record ~= '' then
    redis.call('LLEN', list)
    redis.call('SCARD', binding)
    check_types({ last, payload }, { delayed })
    -- Without a live promoter nobody would bring a message back: it is queued with its eta, as Celery does.
    local waits = later ~= '' and tonumber(later) > at and redis.call('EXISTS', promoter) == 1
    if waits then
        check_rights(delayed, 'ZADD')
        check_rights(payload, 'HSET')
    else
        check_rights(list, 'LPUSH')
    end
    if claim then check_rights(claim, 'SET') end
    check_rights(last, 'HSET')
    check_rights(due, 'ZADD')
    redis.call('SADD', binding, queue)
    if waits then
        redis.call('ZADD', delayed, later, member)
        redis.call('HSET', payload, member, join('', list, envelope))
        -- A promoter that is not woken looks again soon.
        if redis.call('ZRANGE', delayed, 0, 0)[1] == member then redis.pcall('PUBLISH', wake, later) end
    else
        redis.call('LPUSH', list, envelope)
    end
    if claim then redis.call('SET', claim, id, 'PX', life) end
    redis.call('HSET', last, name, record)
end
redis.call('ZADD', due, next_slot, name)
return { 'fired' }
