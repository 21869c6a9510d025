-- Notes the first slots of entries that have none.
--
-- KEYS  1 samovar:beat:<app>:leader  2 ...:entries  3 ...:due
-- ARGV  1 the caller's token, then for each entry: name, definition, due time in microseconds
-- Returns 1, or 0 when another leads.
local leader, entries, due = unpack(KEYS)
if redis.call('GET', leader) ~= ARGV[1] then return 0 end
check_types({ entries }, { due })
for i = 2, #ARGV, 3 do
    if redis.call('HGET', entries, ARGV[i]) == ARGV[i + 1] then redis.call('ZADD', due, 'NX', ARGV[i + 2], ARGV[i]) end
end
return 1
