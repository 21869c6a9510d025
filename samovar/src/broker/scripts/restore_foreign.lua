-- Puts back one message that a Python worker reserved and left, by kombu's rules.
--
-- KEYS  1 unacked  2 unacked_index  3 list
-- ARGV  1 delivery tag  2 score in unacked_index when it was read: a renewed or new reservation stays
--       3 envelope, marked as redelivered
-- Returns 1 put back, 0 somebody else was faster.
local unacked, index, list = unpack(KEYS)
local tag, score, envelope = unpack(ARGV)
if redis.call('HEXISTS', unacked, tag) == 0 then return 0 end
if tonumber(redis.call('ZSCORE', index, tag) or -1) ~= tonumber(score) then return 0 end
redis.call('RPUSH', list, envelope)
redis.call('HDEL', unacked, tag)
redis.call('ZREM', index, tag)
return 1
