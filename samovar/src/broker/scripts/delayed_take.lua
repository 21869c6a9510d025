-- Ends one delayed message's wait: moves it to the consuming end of its list, or removes it and stores its result.
--
-- KEYS  1 samovar:delayed  2 samovar:delayed:payload
-- ARGV  1 member  2 "run" or "cancel"
--       3 broker's database  4 results' database  5 result key or ""  6 its JSON  7 its time to live in seconds (0: none)
--       8 a unique task's claim or ""  9 the task's id  10 the envelope to run instead of the delayed one, or ""
-- Returns 1 done, 0 it is not there.
local delayed, payload = unpack(KEYS)
local member, mode, database, result_database, key, json, ttl, claim, id, instead = unpack(ARGV)
local content = redis.call('HGET', payload, member)
if not content then return 0 end
redis.call('ZCARD', delayed)
local list, envelope = split(content)
local owned = claim ~= '' and redis.call('GET', claim) == id
local result = { key = key, json = json }
if mode == 'run' then check_rights(list, 'RPUSH') end
if owned then check_rights(claim, 'DEL') end
if key ~= '' then check_rights(key, tonumber(ttl) > 0 and 'SETEX' or 'SET') end
check_rights(delayed, 'ZREM')
write_at_maxmemory(payload)
if mode == 'run' then redis.call('RPUSH', list, instead ~= '' and instead or envelope) end
if key ~= '' then
    redis.call('SELECT', result_database)
    keep_successes({ result })
    if not result.keep then store(result, tonumber(ttl)) end
    redis.call('SELECT', database)
end
if owned then redis.call('DEL', claim) end
redis.call('ZREM', delayed, member)
redis.call('HDEL', payload, member)
if key ~= '' and not result.keep then redis.call('PUBLISH', key, json) end
return 1
