-- Put in front of the scripts that know limits: who holds places, and how what waits comes in.

-- Places are held by reservations, whose names have colons; the other fields have none.
local function holders_of(limit)
    local ids = {}
    for _, field in ipairs(redis.call('HKEYS', limit)) do
        if string.find(field, ':', 1, true) then ids[#ids + 1] = field end
    end
    return ids
end

-- Whether the reservation that holds a place stands. `held` is the prefix of the keys that hold them.
local function stands(held, id)
    local incarnation = place_of(id)
    return incarnation and redis.call('HEXISTS', held .. incarnation, id) == 1
end

-- Raises when a limit's key holds another type, before anything is written.
local function check_limit(limit)
    check_types({ limit }, { limit .. ':waiting', limit .. ':booked' })
end

local function check_rights_to_let_in(limit, delayed, payload)
    if redis.call('ZCARD', limit .. ':waiting') == 0 then return end
    check_rights(delayed, 'ZREM', 'ZADD')
    -- To which list is not known yet.
    check_rights(payload, 'HDEL', 'RPUSH')
end

-- The one that waits longest goes to the consuming end of its list: it had its turn there. Returns whether there was
-- one. Those that are no longer delayed (cancelled, or moved because the last worker left) are passed over.
local function let_in(limit, delayed, payload)
    local waiting = limit .. ':waiting'
    for _, member in ipairs(redis.call('ZRANGE', waiting, 0, 63)) do
        local content = redis.call('HGET', payload, member)
        if content then
            local list, envelope = split(content)
            if is_list(list) then
                redis.call('RPUSH', list, envelope)
                redis.call('ZREM', delayed, member)
                redis.call('HDEL', payload, member)
            else
                -- The promoter knows what to do with it.
                redis.call('ZADD', delayed, 'XX', 0, member)
            end
        end
        redis.call('ZREM', waiting, member)
        if content then return true end
    end
    return false
end

local function leave(limit, id, delayed, payload)
    redis.call('HDEL', limit, id)
    if #holders_of(limit) < tonumber(redis.call('HGET', limit, 'at_once') or 1) then let_in(limit, delayed, payload) end
end
