-- Put in front of the scripts that take reservations back: what a worker holds, and its way back.

-- In the order in which it was taken. The second value tells that an earlier call took a part of it away.
local function read_held(held)
    local entries, partial = {}, false
    for _, field in ipairs(redis.call('HKEYS', held)) do
        local _, batch, number = place_of(field)
        if batch then
            entries[#entries + 1] = { id = field, batch = batch, number = number }
        elseif field == 'reaping' then
            partial = true
        end
    end
    table.sort(entries, function(a, b)
        if a.batch ~= b.batch then return a.batch < b.batch end
        return a.number < b.number
    end)
    return entries, partial
end

-- Adds `mark` ("a" acknowledged early, "s" a suspect that started alone, "t" started) and a suspect's `fingerprint`.
local function add_marks(entries, marks)
    if redis.call('HLEN', marks) == 0 then return end
    for _, entry in ipairs(entries) do
        local mark = redis.call('HGET', marks, entry.id)
        if mark then
            entry.mark = string.sub(mark, 1, 1)
            if entry.mark == 's' then entry.fingerprint = string.sub(mark, 2) end
        end
    end
end

-- Reads the newest entries, newest first, up to the bounds, each with its `content`, `list` and `envelope`.
-- Returns {entries = , ids = , more = }.
local function read_newest(entries, held, max_items, max_bytes)
    local part, bytes = { entries = {}, ids = {}, more = false }, 0
    for i = #entries, 1, -1 do
        local entry = entries[i]
        local size = redis.call('HSTRLEN', held, entry.id)
        if #part.ids == max_items or (#part.ids > 0 and bytes + size > max_bytes) then
            part.more = true
            break
        end
        bytes = bytes + size
        part.ids[#part.ids + 1] = entry.id
        entry.content = redis.call('HGET', held, entry.id)
        entry.list, entry.envelope = split(entry.content)
        part.entries[#part.entries + 1] = entry
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
    redis.call('ZADD', dead, integer(at), entry.id)
    redis.call('HSET', dead_payload, entry.id, meta .. '\n' .. envelope)
end

local function check_rights_to_put_back(entries, dead, dead_payload)
    local asked = {}
    for _, entry in ipairs(entries) do
        if entry.dead_reason then
            check_rights(dead, 'ZADD')
            check_rights(dead_payload, 'HSET')
        elseif not asked[entry.list] then
            asked[entry.list] = true
            check_rights(entry.list, 'RPUSH')
        end
    end
end

-- To the consuming end, newest first, so that the oldest runs next; those with a `dead_reason` to the dead letters.
-- Returns how many went to their lists.
local function put_back(entries, dead, dead_payload, prefix_length)
    local lists, order, count = {}, {}, 0
    for _, entry in ipairs(entries) do
        if entry.dead_reason then
            bury(entry, dead, dead_payload, prefix_length)
        else
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

-- Those with that mark, and the others.
local function part_by_mark(entries, mark)
    local with, without = {}, {}
    for _, entry in ipairs(entries) do
        local into = entry.mark == mark and with or without
        into[#into + 1] = entry
    end
    return with, without
end

-- What was acknowledged had started, and is not put back; its worker, should it come back, still completes it.
local function set_aside(entries, aside, kept_seconds)
    local contents = {}
    for _, entry in ipairs(entries) do
        contents[#contents + 1] = entry.id
        contents[#contents + 1] = entry.content
    end
    call_many('HSET', aside, contents)
    if #contents > 0 then redis.call('EXPIRE', aside, kept_seconds) end
end

local function check_rights_to_set_aside(entries, aside)
    if #entries > 0 then check_rights(aside, 'HSET', 'EXPIRE') end
end

local function forget(part, held, marks)
    call_many('HDEL', held, part.ids)
    call_many('HDEL', marks, part.ids)
end

local function check_rights_to_take_away(register, held)
    check_rights(held, 'HSET', 'HDEL', 'DEL')
    check_rights(register, 'ZREM')
end

-- The end of the reservations of `part`, and of a worker that has no more of them.
local function take_away(part, incarnation, register, held, marks, lease)
    if part.more then
        redis.call('HSET', held, 'reaping', '1')
        forget(part, held, marks)
    else
        redis.call('DEL', held, marks, lease)
        redis.call('ZREM', register, incarnation)
    end
end
