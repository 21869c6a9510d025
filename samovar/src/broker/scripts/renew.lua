-- Registers a worker or renews its lease, and settles who promotes delayed messages.
--
-- KEYS  1 samovar:worker:<incarnation>  2 samovar:workers  3 samovar:held:<incarnation>
--       4 samovar:promoter  5 samovar:delayed  6 unacked_index
-- ARGV  1 incarnation  2 lease in milliseconds  3 what the lease says about the worker (JSON)  4 "1" to register
-- Returns {"lost"} when the worker was registered before and has been reaped since, else
--       {"ok", Redis's time in microseconds, registered workers, messages held, 1 when this worker promotes,
--        due time of the next delayed message in microseconds or "", messages that Python workers hold}.
local lease, workers, held, promoter, delayed, index = unpack(KEYS)
local incarnation, milliseconds = ARGV[1], ARGV[2]
local registered = redis.call('ZSCORE', workers, incarnation)
if not registered and ARGV[4] ~= '1' then return { 'lost' } end

local holding = redis.call('HLEN', held)
for _, field in ipairs({ 'about', 'batch', 'reaping' }) do holding = holding - redis.call('HEXISTS', held, field) end
local head = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
local holder = redis.call('GET', promoter)
local at = now_us()
-- Ours are scored a day ahead and theirs with the time of their taking, give or take the difference of the clocks.
local foreign = redis.call('ZCOUNT', index, '-inf', integer(at / 1000000 + 3600))

-- A value beyond 64 bytes makes Redis keep the hash as a table. As a list, which it prefers up to 512 fields, it would
-- be searched for each message that is reserved and completed: half of what such a task costs at 500 held.
if not registered then redis.call('HSET', held, 'about', ARGV[3] .. string.rep(' ', 65)) end
redis.call('ZADD', workers, integer(at), incarnation)
redis.call('SET', lease, ARGV[3], 'PX', milliseconds)
if not holder or holder == incarnation then
    redis.call('SET', promoter, incarnation, 'PX', milliseconds)
    holder = incarnation
end
return { 'ok', integer(at), redis.call('ZCARD', workers), holding, holder == incarnation and 1 or 0,
         head[2] or '', foreign }
