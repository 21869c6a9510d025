-- Becomes or stays the leader, when nobody else is; and notes that a beat is watching.
--
-- KEYS  1 samovar:beat:<app>:leader  2 ...:term  3 ...:watch  4 ...:entries
-- ARGV  1 the caller's token, "" when it does not lead  2 its incarnation  3 lease in milliseconds
--       4 microseconds without any beat after which nobody was watching  5 the highest term that the caller knows of
-- Returns {"leads", token, Redis's time in microseconds, watched without a gap since, the highest term that was
--         known here, number of entries} or
--         {"follows", milliseconds until the leader's lease ends, ...}.
local leader, term, watch, entries = unpack(KEYS)
local holder = redis.call('GET', leader)
local seen = redis.call('HMGET', watch, 'since', 'last')
local terms = tonumber(redis.call('GET', term) or 0)
local known = redis.call('HLEN', entries)
local at = now_us()

local since = tonumber(seen[1])
-- A step of Redis's clock into the past would otherwise look like a watch that has not begun.
if not since or at - tonumber(seen[2]) > tonumber(ARGV[4]) or since > at then since = at end

if not holder then
    -- Where the record was lost, no token is given out again.
    local new = math.max(terms, tonumber(ARGV[5])) + 1
    holder = integer(new) .. ':' .. ARGV[2]
    redis.call('SET', term, integer(new))
    redis.call('SET', leader, holder, 'PX', ARGV[3])
elseif holder == ARGV[1] then
    redis.call('PEXPIRE', leader, ARGV[3])
end
redis.call('HSET', watch, 'since', integer(since), 'last', integer(at))
-- The incarnation is the caller's alone: a repeated call whose first reply was lost finds itself.
if holder == ARGV[1] or string.match(holder, ':(.*)$') == ARGV[2] then
    return { 'leads', holder, integer(at), integer(since), terms, known }
end
return { 'follows', redis.call('PTTL', leader), integer(at), integer(since), terms, known }
