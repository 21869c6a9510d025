-- Puts an answer into the list of whoever asked, if they still wait for it.
--
-- KEYS  1 _kombu.binding.<exchange>  2 the list
-- ARGV  1 the member of the binding by which they are found  2 the answer
--       3 seconds after which it is gone when nobody takes it
-- Returns 1, or 0 when nobody waits.
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('LPUSH', KEYS[2], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 1
