-- Publishes one message at a time to come, or once only, or both.
--
-- KEYS  1 list  2 samovar:delayed  3 samovar:delayed:payload  4 samovar:promoter  5 samovar:sent:<id>  6 _kombu.binding.<queue>
-- ARGV  1 envelope  2 due time in microseconds or ""  3 member  4 channel that wakes the promoter
--       5 seconds for which the id stays marked as sent; 0: unmarked  6 member of the binding
-- Returns 1 published, 0 this id was published before.
local list, delayed, payload, promoter, sent, binding = unpack(KEYS)
local envelope, due, member, wake, mark, queue = unpack(ARGV)
if mark ~= '0' and redis.call('EXISTS', sent) == 1 then return 0 end

redis.call('LLEN', list)
redis.call('SCARD', binding)
check_types({ payload }, { delayed })
redis.call('SADD', binding, queue)
-- Without a live promoter nobody would bring the message back: it is queued with its eta, as Celery does.
if due ~= '' and tonumber(due) > now_us() and redis.call('EXISTS', promoter) == 1 then
    redis.call('HSET', payload, member, list .. '\n' .. envelope)
    redis.call('ZADD', delayed, due, member)
    if redis.call('ZRANGE', delayed, 0, 0)[1] == member then redis.call('PUBLISH', wake, due) end
else
    redis.call('LPUSH', list, envelope)
end
if mark ~= '0' then redis.call('SET', sent, '1', 'EX', mark) end
return 1
