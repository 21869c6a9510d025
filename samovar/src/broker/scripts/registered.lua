-- Who is on the registers, dead or alive.
--
-- KEYS  1 samovar:register  2 samovar:workers, the register of the layout before this one  3 samovar:layout
-- ARGV  1 lease keys, 2 held keys, each without the incarnation
-- Returns {Redis's time in microseconds, number of the layout, workers, the last renewal of any of them in
--       microseconds, the longest of their leases in milliseconds, what the one that renewed last says of itself (JSON)
--       or ""}.
local leases, helds = ARGV[1], ARGV[2]
local layout = tonumber(redis.call('GET', KEYS[3]) or 0)
local workers, last, longest, about = 0, 0, 0, ''
for i = 1, 2 do
    workers = workers + redis.call('ZCARD', KEYS[i])
    -- Scores are the last renewals.
    for _, incarnation in ipairs(redis.call('ZREVRANGE', KEYS[i], 0, 499)) do
        local renewed = tonumber(redis.call('ZSCORE', KEYS[i], incarnation))
        -- Layout 1 did not keep it: its default.
        local lease = tonumber(redis.call('HGET', helds .. incarnation, 'lease') or (i == 2 and 10000 or 0))
        longest = math.max(longest, lease, redis.call('PTTL', leases .. incarnation))
        if renewed > last then
            last = renewed
            about = redis.call('GET', leases .. incarnation) or redis.call('HGET', helds .. incarnation, 'about') or ''
        end
    end
end
return { integer(now_us()), layout, workers, integer(last), longest, about }
