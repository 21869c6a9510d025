-- Publishes messages at a time to come, once only, or if nothing that stands for the same has been.
--
-- KEYS  1 samovar:delayed  2 samovar:delayed:payload  3 samovar:promoter, then four for each message:
--         list, _kombu.binding.<queue>, samovar:sent:<id>, samovar:unique:<key> or ""
-- ARGV  1 channel that wakes the promoter  2 seconds for which an id stays marked as sent, then for each message:
--         envelope, due time in microseconds or "", member, member of the binding, "1" to publish it only once,
--         the task's id, milliseconds for which it has the claim
-- Returns for each message 1 published, 0 its id was published before, or the id of the task that has the claim.
local delayed, payload, promoter = unpack(KEYS, 1, 3)
local wake, remembered = ARGV[1], ARGV[2]

local messages, answer, sent_now = {}, {}, {}
for i = 1, (#KEYS - 3) / 4 do
    local k, a = 4 * i - 1, 7 * i - 5
    local m = { list = KEYS[k + 1], binding = KEYS[k + 2], sent = KEYS[k + 3], claim = KEYS[k + 4],
                envelope = ARGV[a + 1], due = tonumber(ARGV[a + 2]), member = ARGV[a + 3],
                queue = ARGV[a + 4], once = ARGV[a + 5] == '1', id = ARGV[a + 6], life = ARGV[a + 7] }
    local known = m.once and (sent_now[m.sent] or redis.call('EXISTS', m.sent) == 1)
    if m.once then sent_now[m.sent] = true end
    answer[i] = known and 0 or 1
    local first = m.claim ~= '' and not known and redis.call('GET', m.claim)
    -- Its own claim stands in nobody's way: the message may be sent a second time because its answer was lost.
    if first and first ~= m.id then
        answer[i] = first
        known = true
    end
    if not known then
        redis.call('LLEN', m.list)
        redis.call('SCARD', m.binding)
        messages[#messages + 1] = m
    end
end
if #messages == 0 then return answer end
check_types({ payload }, { delayed })
local at = now_us()
-- Without a live promoter nobody would bring a message back: it is queued with its eta, as Celery does.
local promoted = redis.call('EXISTS', promoter) == 1

local function waits(m) return promoted and m.due and m.due > at end
local asked
for _, m in ipairs(messages) do
    if waits(m) then
        check_rights(payload, 'HSET')
        if #messages > 1 then check_rights(delayed, 'ZADD') end
    elseif #messages > 1 and asked ~= m.list then
        asked = m.list
        check_rights(m.list, 'LPUSH')
    end
    if m.claim ~= '' then check_rights(m.claim, 'SET') end
    if m.once then check_rights(m.sent, 'SET') end
end

local waiting, bound = {}, {}
for _, m in ipairs(messages) do
    if not bound[m.binding] then redis.call('SADD', m.binding, m.queue) end
    bound[m.binding] = true
    if waits(m) then
        redis.call('ZADD', delayed, integer(m.due), m.member)
        redis.call('HSET', payload, m.member, join('', m.list, m.envelope))
        waiting[m.member] = m.due
    else
        redis.call('LPUSH', m.list, m.envelope)
    end
    if m.claim ~= '' then redis.call('SET', m.claim, m.id, 'PX', m.life) end
    if m.once then redis.call('SET', m.sent, '1', 'EX', remembered) end
end
if next(waiting) then
    local head = redis.call('ZRANGE', delayed, 0, 0)[1]
    -- A promoter that is not woken looks again soon.
    if waiting[head] then redis.pcall('PUBLISH', wake, integer(waiting[head])) end
end
return answer
