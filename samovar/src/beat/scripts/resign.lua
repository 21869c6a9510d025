-- Gives up the leadership, so that another beat takes it at once.
--
-- KEYS  1 samovar:beat:<app>:leader
-- ARGV  1 the caller's token  2 channel of changes
-- Returns 1, or 0 when another leads.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], 'leader')
return 1
