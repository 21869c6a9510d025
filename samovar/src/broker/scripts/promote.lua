-- Moves delayed messages that are due to the end of their lists, earliest first, or to the consuming end those
-- that had been there.
--
-- KEYS  1 samovar:delayed  2 samovar:delayed:payload  3 samovar:promoter  4 samovar:dead  5 samovar:dead:payload
-- ARGV  1 incarnation  2 messages at most  3 bytes at most, unless a single message is larger
--       4 "1": also those that are not due (the last worker leaves, or none is left), unless another one promotes
--       5 length of the key prefix
--       6 microseconds by which the first one is overdue when whoever promotes seems to be dead: then anybody moves
--         what is due
-- Returns {"ok", messages moved, due time of the next one in microseconds or "", Redis's time in microseconds}, with
--       "lost" in the place of "ok" where another worker promotes, or none.
local delayed, payload, promoter, dead, dead_payload = unpack(KEYS)
local max_items, max_bytes, prefix_length = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])
local leader = redis.call('GET', promoter)
local leads = leader == ARGV[1]
local all = ARGV[4] == '1' and (leads or not leader)

local at = now_us()
local first = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
if not leads and not all and not (first and at - tonumber(first) >= tonumber(ARGV[6])) then
    return { 'lost', 0, first or '', integer(at) }
end
local up_to = all and '+inf' or integer(at)
local members = redis.call('ZRANGEBYSCORE', delayed, '-inf', up_to, 'LIMIT', 0, max_items)
check_types({ payload, dead_payload }, { dead })

local lists, order, refused, moved, bytes = {}, {}, {}, {}, 0
local function add(member, content)
    local list, envelope, letter = split(content)
    local front = letter == 'f'
    if not lists[list] then
        lists[list] = { usable = is_list(list), back = {}, front = {} }
        order[#order + 1] = list
    end
    if lists[list].usable and front then
        -- The last one pushed is the first one taken.
        table.insert(lists[list].front, 1, envelope)
    elseif lists[list].usable then
        table.insert(lists[list].back, envelope)
    else
        refused[#refused + 1] = { member, list, envelope }
    end
end

for _, member in ipairs(members) do
    local size = redis.call('HSTRLEN', payload, member)
    if #moved > 0 and bytes + size > max_bytes then break end
    bytes = bytes + size
    if size > 0 then add(member, redis.call('HGET', payload, member)) end
    moved[#moved + 1] = member
end

for _, list in ipairs(order) do
    if lists[list].usable then check_rights(list, 'LPUSH', 'RPUSH') end
end
if #refused > 0 then
    check_rights(dead, 'ZADD')
    check_rights(dead_payload, 'HSET')
end
if #moved > 0 then
    check_rights(delayed, 'ZREM')
    write_at_maxmemory(payload)
end
for _, list in ipairs(order) do
    call_many('LPUSH', list, lists[list].back)
    call_many('RPUSH', list, lists[list].front)
end
for _, entry in ipairs(refused) do
    local member, list, envelope = unpack(entry)
    local id = label(envelope, 'id') or member
    local meta = dead_meta(id, label(envelope, 'task'), queue_of(list, prefix_length), occupied, at, #envelope)
    redis.call('ZADD', dead, integer(at), member)
    redis.call('HSET', dead_payload, member, meta .. '\n' .. envelope)
end
call_many('ZREM', delayed, moved)
call_many('HDEL', payload, moved)
local head = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')
return { leads and 'ok' or 'lost', #moved, head[2] or '', integer(at) }
