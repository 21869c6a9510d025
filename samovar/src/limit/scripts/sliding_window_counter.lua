-- Two numbers. The current one lives for two window lengths; when the first of them has passed it becomes the previous
-- one, which counts by the share of its second length that is left.
local function look(counter)
    local length = counter.seconds * 1000
    counter.length = length
    counter.left = redis.call('PTTL', counter.key)
    if counter.left > 0 and counter.left < length then
        redis.call('RENAME', counter.key, counter.previous_key)
        redis.call('SET', counter.key, 0, 'PX', counter.left + length)
        counter.left = counter.left + length
    end
    counter.count = tonumber(redis.call('GET', counter.key) or 0)
    counter.previous = tonumber(redis.call('GET', counter.previous_key) or 0)
    counter.previous_left = counter.previous > 0 and math.max(0, redis.call('PTTL', counter.previous_key)) or 0
end

local function weighted(counter)
    return math.floor(counter.previous * counter.previous_left / counter.length) + counter.count
end

local function admits(counter, cost) return weighted(counter) + cost <= counter.amount end

local function count(counter)
    look(counter)
    if not admits(counter, counter.cost) then return false end
    if counter.left >= 0 then
        redis.call('INCRBY', counter.key, counter.cost)
    else
        redis.call('SET', counter.key, counter.cost, 'PX', counter.length * 2)
        counter.count, counter.left = 0, counter.length * 2
    end
    counter.count = counter.count + counter.cost
    return true
end

local function window(counter)
    local reset = math.huge
    if counter.previous > 0 then reset = counter.previous_left % (counter.length / counter.previous) end
    if counter.count > 0 then reset = math.min(reset, math.max(0, counter.left - counter.length)) end
    if reset == math.huge then reset = 0 end
    return math.max(0, counter.amount - weighted(counter)), reset * 1000
end
