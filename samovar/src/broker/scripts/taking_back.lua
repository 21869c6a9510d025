-- Put in front of reap.lua and retire.lua: what a worker holds, and its way back.

-- In the order in which it was taken: reservation ids end in batch and number. The second value tells that an
-- earlier call took a part of it away.
local function read_held(held)
    local entries, partial, fields = {}, false, redis.call('HGETALL', held)
    for i = 1, #fields, 2 do
        local batch, number = string.match(fields[i], ':(%d+):(%d+)$')
        if batch then
            local mark, list, fingerprint = read_state(fields[i + 1])
            entries[#entries + 1] = { id = fields[i], mark = mark, list = list, fingerprint = fingerprint,
                                      batch = tonumber(batch), number = tonumber(number) }
        end
        partial = partial or fields[i] == 'reaping'
    end
    table.sort(entries, function(a, b)
        if a.batch ~= b.batch then return a.batch < b.batch end
        return a.number < b.number
    end)
    return entries, partial
end

-- Reads the newest entries, newest first, up to the bounds, each with its `envelope` if it has to go back:
-- not when it was acknowledged early, nor when kombu has restored it.
-- Returns {entries = , ids = , dropped = , more = }.
local function read_newest(entries, unacked, max_items, max_bytes)
    local part, bytes = { entries = {}, ids = {}, dropped = 0, more = false }, 0
    for i = #entries, 1, -1 do
        local entry = entries[i]
        local size = entry.mark == 'a' and 0 or redis.call('HSTRLEN', unacked, entry.id)
        if #part.ids == max_items or (#part.ids > 0 and bytes + size > max_bytes) then
            part.more = true
            break
        end
        bytes = bytes + size
        part.ids[#part.ids + 1] = entry.id
        if size > 0 then
            entry.envelope = unwrap(redis.call('HGET', unacked, entry.id))
            part.entries[#part.entries + 1] = entry
        else
            part.dropped = part.dropped + 1
        end
    end
    return part
end

-- Gives `dead_reason` to entries whose list is none.
local function check_lists(entries)
    local usable = {}
    for _, entry in ipairs(entries) do
        if usable[entry.list] == nil then usable[entry.list] = is_list(entry.list) end
        if not usable[entry.list] then entry.dead_reason = occupied end
    end
end

local function bury(entry, dead, dead_payload, prefix_length)
    local envelope, at = entry.envelope, now_us()
    local id = label(envelope, 'id') or entry.id
    local queue = queue_of(entry.list, prefix_length)
    local meta = dead_meta(id, label(envelope, 'task'), queue, entry.dead_reason, at, #envelope)
    redis.call('HSET', dead_payload, entry.id, meta .. '\n' .. envelope)
    redis.call('ZADD', dead, integer(at), entry.id)
end

-- To the consuming end, newest first, so that the oldest runs next. Returns how many.
local function put_back(entries)
    local lists, order, count = {}, {}, 0
    for _, entry in ipairs(entries) do
        if not entry.dead_reason then
            if not lists[entry.list] then
                lists[entry.list] = {}
                order[#order + 1] = entry.list
            end
            table.insert(lists[entry.list], entry.envelope)
            count = count + 1
        end
    end
    for _, list in ipairs(order) do call_many('RPUSH', list, lists[list]) end
    return count
end

local function forget(part, unacked, index)
    call_many('HDEL', unacked, part.ids)
    call_many('ZREM', index, part.ids)
end
