-- Moves delayed messages that are due to the end of their lists, earliest first.
--
-- KEYS  1 samovar:delayed  2 samovar:delayed:payload  3 samovar:promoter  4 samovar:dead  5 samovar:dead:payload
-- ARGV  1 incarnation  2 messages at most  3 bytes at most  4 "1": also those that are not due (the last worker leaves)
-- Returns {"lost"} when another worker promotes, else
--       {"ok", messages moved, due time of the next one in microseconds or "", Redis's time in microseconds}.
local delayed, payload, promoter, dead, dead_payload = unpack(KEYS)
local max_items, max_bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
if redis.call('GET', promoter) ~= ARGV[1] then return { 'lost' } end

local at = now_us()
local upto = ARGV[4] == '1' and '+inf' or integer(at)
local members = redis.call('ZRANGEBYSCORE', delayed, '-inf', upto, 'LIMIT', 0, max_items)
check_types({ payload, dead_payload }, { dead })

local lists, order, refused, moved, bytes = {}, {}, {}, {}, 0
local function add(member, content)
    local list, envelope = string.match(content, '^([^\n]*)\n(.*)$')
    if not lists[list] then
        -- A list whose name another type occupies must not stop all the others.
        local answer = redis.pcall('LLEN', list)
        lists[list] = { usable = type(answer) == 'number', envelopes = {} }
        order[#order + 1] = list
    end
    if lists[list].usable then
        table.insert(lists[list].envelopes, envelope)
    else
        refused[#refused + 1] = { member, list, envelope }
    end
end

for _, member in ipairs(members) do
    local content = redis.call('HGET', payload, member)
    if content then
        if #moved > 0 and bytes + #content > max_bytes then break end
        bytes = bytes + #content
        add(member, content)
    end
    moved[#moved + 1] = member
end

for _, list in ipairs(order) do call_many('LPUSH', list, lists[list].envelopes) end
for _, entry in ipairs(refused) do
    local id, task = peek(entry[3])
    local meta = dead_meta(id or entry[1], task, queue_of(entry[2]), 'the queue\'s key holds another type', at, #entry[3])
    redis.call('HSET', dead_payload, entry[1], meta .. '\n' .. entry[3])
    redis.call('ZADD', dead, integer(at), entry[1])
end
call_many('ZREM', delayed, moved)
call_many('HDEL', payload, moved)
local head = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
return { 'ok', #moved, head[2] or '', integer(at) }
