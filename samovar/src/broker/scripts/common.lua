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

-- What is reserved or waits is kept with its list as {letter or none}{length of the list's name}:{list}{envelope}.
-- The letters: "f" waits and goes to the consuming end, since it had its turn in the queue before.
local function join(letter, list, envelope)
    return letter .. #list .. ':' .. list .. envelope
end

local function split(content)
    local letter, length = string.match(content, '^(%l?)(%d+):')
    local from = #letter + #length + 2
    local cut = from + tonumber(length)
    return string.sub(content, from, cut - 1), string.sub(content, cut), letter
end

-- A reservation's name is {incarnation}:{batch}:{number}.
local function place_of(id)
    local incarnation, batch, number = string.match(id, '^(.*):(%d+):(%d+)$')
    return incarnation, tonumber(batch), tonumber(number)
end

-- Redis refuses a script's first write at maxmemory if that may take memory, and lets through whatever follows one
-- that may not. What is moved or completed takes none in the end, and is to be moved just then.
local function write_at_maxmemory(hash)
    redis.call('HDEL', hash, '')
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

-- Raises what would be raised in the middle of the script for a user whose rights were cut down: half of a move would
-- be made, and again with each try. Not for the first write of a script, which raises it by itself, and whose command
-- need not be asked for again. Before Redis 7 nobody can ask.
local also_needs = { HSET = { '', '' }, ZADD = { '0', '' }, HINCRBY = { '', '1' }, LTRIM = { '0', '-1' },
                     ZREMRANGEBYSCORE = { '0', '0' }, SETEX = { '1', '' }, DEL = {} }
local function check_rights(key, ...)
    if not redis.acl_check_cmd then return end
    for _, command in ipairs({ ... }) do
        local needs = also_needs[command] or { '' }
        -- The call is refused, too, and raises what Redis says to that.
        if not redis.acl_check_cmd(command, key, unpack(needs)) then redis.call(command, key, unpack(needs)) end
    end
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

-- "2026-11-29T08:15:00.000042+00:00". Lua has no calendar here; this one counts in eras of 400 years from March.
local function iso_time(us)
    local seconds = math.floor(us / 1000000)
    local days = math.floor(seconds / 86400) + 719468
    local of_day, era = seconds % 86400, math.floor(days / 146097)
    local of_era = days - era * 146097
    local leap_days = math.floor(of_era / 1460) - math.floor(of_era / 36524) + math.floor(of_era / 146096)
    local year = math.floor((of_era - leap_days) / 365)
    local of_year = of_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
    local month = math.floor((5 * of_year + 2) / 153)
    local day = of_year - math.floor((153 * month + 2) / 5) + 1
    month = month < 10 and month + 3 or month - 9
    year = year + era * 400 + (month <= 2 and 1 or 0)
    return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00', year, month, day, math.floor(of_day / 3600),
        math.floor(of_day % 3600 / 60), of_day % 60, us % 1000000)
end

-- FAILURE of tasks that end as dead letters without having been run, written by the script that buries them.
-- `to` is {broker's database, results' database, "" when results are not to be written, time to live in seconds,
-- result key without the id, document with "\u0001" where the reason, "\u0002" where the id, "\u0003" where the date
-- stands}.
local function failure_of(to, id, envelope, reason, at_us)
    local at = string.find(envelope, '"ignore_result"', 1, true)
    if not id or (at and string.find(envelope, '^"ignore_result"%s*:%s*true', at)) then return nil end
    local parts = { ['1'] = quote(reason), ['2'] = quote(id), ['3'] = quote(iso_time(at_us)) }
    return { key = to[4] .. id, json = (string.gsub(to[5], '"\\u000([123])"', parts)) }
end

local function check_rights_to_fail(to, failures)
    if to[2] ~= '' and #failures > 0 then
        check_rights(failures[1].key, tonumber(to[3]) > 0 and 'SETEX' or 'SET')
    end
end

local function store_failures(to, failures)
    if to[2] == '' or #failures == 0 then return end
    if to[1] ~= to[2] then redis.call('SELECT', to[2]) end
    keep_successes(failures)
    for _, failure in ipairs(failures) do
        if not failure.keep then store(failure, tonumber(to[3])) end
    end
    if to[1] ~= to[2] then redis.call('SELECT', to[1]) end
end

-- Last of all, as every announcement.
local function announce_failures(to, failures)
    if to[2] == '' then return end
    for _, failure in ipairs(failures) do
        if not failure.keep then redis.call('PUBLISH', failure.key, failure.json) end
    end
end
