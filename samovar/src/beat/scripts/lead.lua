-- Becomes or stays the leader, when nobody else is; and notes that a beat is watching.
--
-- KEYS  1 samovar:beat:<app>:leader  2 ...:term  3 ...:watch
-- ARGV  1 the caller's token, "" when it does not lead  2 its incarnation  3 lease in milliseconds
--       4 microseconds without any beat after which nobody was watching
-- Returns {"leads", token, Redis's time in microseconds, watched without a gap since} or
--         {"follows", milliseconds until the leader's lease ends, Redis's time, watched since}.
local leader, term, watch = unpack(KEYS)
local holder = redis.call('GET', leader)
local seen = redis.call('HMGET', watch, 'since', 'last')
local terms = tonumber(redis.call('GET', term) or 0)
local at = now_us()

local since = tonumber(seen[1])
-- A step of Redis's clock into the past would otherwise look like a watch that has not begun.
if not since or at - tonumber(seen[2]) > tonumber(ARGV[4]) or since > at then since = at end

if not holder then
    holder = integer(terms + 1) .. ':' .. ARGV[2]
    redis.call('SET', term, integer(terms + 1))
    redis.call('SET', leader, holder, 'PX', ARGV[3])
elseif holder == ARGV[1] then
    redis.call('PEXPIRE', leader, ARGV[3])
end
redis.call('HSET', watch, 'since', integer(since), 'last', integer(at))
-- The incarnation is the caller's alone: a repeated call whose first reply was lost finds itself.
if holder == ARGV[1] or string.match(holder, ':(.*)$') == ARGV[2] then
    return { 'leads', holder, integer(at), integer(since) }
end
return { 'follows', redis.call('PTTL', leader), integer(at), integer(since) }
