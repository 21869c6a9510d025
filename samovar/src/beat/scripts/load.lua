-- Everything about all entries, at one moment.
--
-- KEYS  1 samovar:beat:<app>:entries  2 ...:due  3 ...:paused  4 ...:code  5 ...:last
-- Returns {name, definition, ...}, {name, due time in microseconds, ...}, {paused names}, {names from code},
--         {name, record of the last slot, ...}, Redis's time in microseconds.
local entries, due, paused, code, last = unpack(KEYS)
return { redis.call('HGETALL', entries), redis.call('ZRANGE', due, 0, -1, 'WITHSCORES'),
         redis.call('SMEMBERS', paused), redis.call('SMEMBERS', code), redis.call('HGETALL', last), integer(now_us()) }
