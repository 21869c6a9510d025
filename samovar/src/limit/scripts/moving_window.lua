-- A list of the times of the hits, the newest first, one for each unit of cost, never longer than the amount. The
-- times are seconds with a fraction: Python's processes write their own clock's, we Redis's.
local time = redis.call('TIME')
local now = (tonumber(time[1]) * 1000000 + tonumber(time[2])) / 1000000

local function look() end

local function admits(counter, cost)
    if cost > counter.amount then return false end
    local entry = redis.call('LINDEX', counter.key, counter.amount - cost)
    return not entry or tonumber(entry) < now - counter.seconds
end

local function count(counter)
    if not admits(counter, counter.cost) then return false end
    local entries = {}
    for i = 1, counter.cost do entries[i] = now end
    for first = 1, counter.cost, 1000 do
        redis.call('LPUSH', counter.key, unpack(entries, first, math.min(first + 999, counter.cost)))
    end
    redis.call('LTRIM', counter.key, 0, counter.amount - 1)
    redis.call('EXPIRE', counter.key, counter.seconds)
    return true
end

-- The entries within the window come first: halving finds the last of them.
local function window(counter)
    local within, beyond, oldest = 0, redis.call('LLEN', counter.key) + 1, now
    while beyond - within > 1 do
        local middle = math.floor((within + beyond) / 2)
        local entry = tonumber(redis.call('LINDEX', counter.key, middle - 1))
        if entry >= now - counter.seconds then within, oldest = middle, entry else beyond = middle end
    end
    return math.max(0, counter.amount - within), math.max(0, oldest + counter.seconds - now) * 1000000
end
