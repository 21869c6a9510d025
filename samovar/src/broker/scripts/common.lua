-- Put in front of every script of this folder when it is loaded.
--
-- Rules that all of them keep: a script does not roll back, so whatever can fail is read (and so type-checked)
-- before the first write, and a message is copied to its new place before it is removed from the old one.
-- Envelopes pass through byte for byte: cjson would turn [] into {} and cut long numbers. Nothing walks an
-- envelope with a pattern, which costs 5 ns a byte and would block Redis over a large one.

-- Redis's clock, the only one that decides about messages, in microseconds since 1970.
local function now_us()
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function integer(number)
    return string.format('%.0f', number)
end

-- kombu keeps [envelope, exchange, routing key] for each reservation, and restores by it.
local function wrap(envelope, quoted_queue)
    return '[' .. envelope .. ',"",' .. quoted_queue .. ']'
end

-- The envelope ends before the last `,"","`: the queue's name behind it has its quotes escaped. What is no
-- reservation of ours comes back whole rather than not at all.
local function unwrap(reservation)
    local separator, window = ',"","', 256
    repeat
        local found
        local at = string.find(reservation, separator, math.max(1, #reservation - window), true)
        while at do
            found, at = at, string.find(reservation, separator, at + 1, true)
        end
        if found then return string.sub(reservation, 2, found - 1) end
        window = window * 16
    until window > 16 * #reservation
    return reservation
end

-- A reservation's state: "r" (reserved) or "a" (acknowledged early) and the list it came from, or "s" (a suspect
-- that started alone), its fingerprint of 40 digits, and the list.
local function read_state(state)
    local mark = string.sub(state, 1, 1)
    if mark == 's' then return mark, string.sub(state, 42), string.sub(state, 2, 41) end
    return mark, string.sub(state, 2)
end

-- What waits is kept as {length of the list's name}:{list}{envelope}, with an "f" in front when it goes to the
-- consuming end: it had its turn in the queue before.
local function join_delayed(list, envelope)
    return #list .. ':' .. list .. envelope
end

local function split_delayed(content)
    local front = string.sub(content, 1, 1) == 'f'
    local colon = string.find(content, ':', 1, true)
    local cut = colon + tonumber(string.sub(content, front and 2 or 1, colon - 1))
    return string.sub(content, colon + 1, cut), string.sub(content, cut + 1), front
end

local function quote(text)
    return '"' .. string.gsub(text, '[%c"\\]', function(c) return string.format('\\u%04x', string.byte(c)) end) .. '"'
end

-- A dead letter is {its meta as JSON} newline {the original bytes}. The meta has no newline.
local function meta_end(at_us, size)
    return ',"at":' .. string.format('%.6f', at_us / 1000000) .. ',"size":' .. integer(size) .. '}'
end

local function dead_meta(id, task, queue, reason, at_us, size)
    return '{"id":' .. quote(id) .. ',"task":' .. (task and quote(task) or 'null') .. ',"queue":' .. quote(queue) ..
        ',"reason":' .. quote(reason) .. meta_end(at_us, size)
end

-- The text of the first member of that name, for a dead letter's label, in a message that only Lua looks at. A body,
-- which comes before, does not disturb: it is base64 or has its quotes escaped. Only ASCII: it may not even be UTF-8.
local function label(envelope, name)
    local quoted = '"' .. name .. '"'
    local at = string.find(envelope, quoted, 1, true)
    for _ = 1, 8 do
        if not at then return nil end
        local behind = string.sub(envelope, at + #quoted, at + #quoted + 300)
        local text = string.match(behind, '^%s*:%s*"([^%c"\\\128-\255]+)"')
        if text then return text end
        at = string.find(envelope, quoted, at + 1, true)
    end
end

-- Raises when one of the bookkeeping keys holds another type, before anything is written.
local function check_types(hashes, zsets)
    for _, key in ipairs(hashes) do redis.call('HLEN', key) end
    for _, key in ipairs(zsets) do redis.call('ZCARD', key) end
end

-- Whether messages can be pushed there. A name that another type occupies must not hold up all the others.
local function is_list(key)
    local kind = redis.call('TYPE', key).ok
    return kind == 'list' or kind == 'none'
end
local occupied = 'the queue\'s key holds another type'

-- Calls a variadic command in pieces that stay below Lua's stack limit; even, for pairs.
local function call_many(command, key, arguments)
    for first = 1, #arguments, 1000 do
        redis.call(command, key, unpack(arguments, first, math.min(first + 999, #arguments)))
    end
end

-- The list without the key prefix and its priority suffix: the queue's name.
local function queue_of(list, prefix_length)
    local name = string.sub(list, prefix_length + 1)
    return (string.match(name, '^(.-)\6\22%d+$')) or name
end

-- Celery never writes over a result that says SUCCESS.
local success = '{"status": "SUCCESS",'
local function says_success(document) return string.sub(document, 1, #success) == success end

-- Marks the writes that would go over a SUCCESS, whether it is stored or comes earlier among them, with `keep`.
-- Each write is a table with `key` and `json`. The database has to be the results'.
local function keep_successes(writes)
    local names, succeeded = {}, {}
    for i, write in ipairs(writes) do names[i] = write.key end
    local stored = 0
    for first = 1, #names, 1000 do
        stored = stored + redis.call('EXISTS', unpack(names, first, math.min(first + 999, #names)))
    end
    for _, write in ipairs(writes) do
        write.keep = succeeded[write.key] or (stored > 0 and redis.call('GETRANGE', write.key, 0, #success - 1) == success)
        if not write.keep and says_success(write.json) then succeeded[write.key] = true end
    end
end

local function store(write, ttl)
    if ttl > 0 then redis.call('SETEX', write.key, ttl, write.json) else redis.call('SET', write.key, write.json) end
end
