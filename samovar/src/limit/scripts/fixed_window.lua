-- A number that ends with its window, which the first hit begins. Refused hits are added, too.
local function look(counter)
    counter.count = tonumber(redis.call('GET', counter.key) or 0)
    counter.left = redis.call('PTTL', counter.key)
end

local function admits(counter, cost) return counter.count + cost <= counter.amount end

local function count(counter)
    counter.count = redis.call('INCRBY', counter.key, counter.cost)
    counter.left = redis.call('PTTL', counter.key)
    if counter.count == counter.cost or counter.left < 0 then
        redis.call('EXPIRE', counter.key, counter.seconds)
        counter.left = counter.seconds * 1000
    end
    return counter.count <= counter.amount
end

local function window(counter)
    return math.max(0, counter.amount - counter.count), math.max(0, counter.left) * 1000
end
