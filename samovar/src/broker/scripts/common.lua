-- Put in front of every script of this folder when it is loaded.
--
-- Rules that all of them keep: a script does not roll back, so whatever can fail is read (and so type-checked)
-- before the first write, and a message is copied to its new place before it is removed from the old one.
-- Envelopes pass through byte for byte: cjson would turn [] into {} and cut long numbers.

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

local function unwrap(reservation)
    return string.match(reservation, '^%[(.*),"[^"]*","[^"]*"%]$')
end

local function quote(text)
    return '"' .. string.gsub(text, '[%c"\\]', function(c) return string.format('\\u%04x', string.byte(c)) end) .. '"'
end

-- A dead letter is {its meta as JSON} newline {the original bytes}.
local function meta_end(at_us, size)
    return ',"at":' .. string.format('%.6f', at_us / 1000000) .. ',"size":' .. integer(size) .. '}'
end

local function dead_meta(id, task, queue, reason, at_us, size)
    return '{"id":' .. quote(id) .. ',"task":' .. (task and quote(task) or 'null') .. ',"queue":' .. quote(queue) ..
        ',"reason":' .. quote(reason) .. meta_end(at_us, size)
end

-- Id and task of a message that only Lua looks at. Good enough for a dead letter's label: the body, which
-- comes before, is base64 or has its quotes escaped.
local function peek(envelope)
    return string.match(envelope, '"id"%s*:%s*"([^"\\]+)"'), string.match(envelope, '"task"%s*:%s*"([^"\\]+)"')
end

-- Raises when one of the bookkeeping keys holds another type, before anything is written.
local function check_types(hashes, zsets)
    for _, key in ipairs(hashes) do redis.call('HLEN', key) end
    for _, key in ipairs(zsets) do redis.call('ZCARD', key) end
end

-- Calls a variadic command in pieces that stay below Lua's stack limit.
local function call_many(command, key, arguments)
    for first = 1, #arguments, 1000 do
        redis.call(command, key, unpack(arguments, first, math.min(first + 999, #arguments)))
    end
end

-- The list without its priority suffix: the queue's name.
local function queue_of(list)
    return (string.match(list, '^(.-)\6\22%d+$')) or list
end
