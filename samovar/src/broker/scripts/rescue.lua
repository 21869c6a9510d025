-- Puts back what one registered worker held, where none of them lives any more, and takes it off the register. Nobody
-- is blamed: who will not come back need not have died of what it did.
--
-- KEYS  1 samovar:register  2 samovar:workers, the register of the layout before this one  3 samovar:dead
--       4 samovar:dead:payload
-- ARGV  1 the last renewal that the caller knows of, in microseconds: a later one is a sign of life
--       2 lease keys, 3 held keys, 4 marks keys, 5 aside keys, each without the incarnation
--       6 messages at most  7 bytes at most, unless a single message is larger
--       8 seconds for which is kept what a dead worker had acknowledged  9 length of the key prefix
-- Returns {"alive", what a worker that lives says of itself (JSON) or ""}, else {"ok", messages put back,
--       set aside (they were acknowledged), to the dead letters, 1 when there is more}.
local register, old_register, dead, dead_payload = unpack(KEYS)
local known = tonumber(ARGV[1])
local leases, helds, marks_of, asides = unpack(ARGV, 2, 5)
local max_items, max_bytes, kept, prefix_length = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9])

local function find_living()
    for _, names in ipairs({ register, old_register }) do
        for _, incarnation in ipairs(redis.call('ZREVRANGE', names, 0, 63)) do
            local says = redis.call('GET', leases .. incarnation)
            if says then return says end
            if tonumber(redis.call('ZSCORE', names, incarnation)) > known then
                return redis.call('HGET', helds .. incarnation, 'about') or ''
            end
        end
    end
end

local living = find_living()
if living then return { 'alive', living } end
local incarnation = redis.call('ZRANGE', register, 0, 0)[1]
if not incarnation then return { 'ok', 0, 0, 0, 0 } end
local held, marks, aside = helds .. incarnation, marks_of .. incarnation, asides .. incarnation
local others_left = redis.call('ZCARD', register) > 1
local part = read_newest(read_held(held), held, max_items, max_bytes)
add_marks(part.entries, marks)
check_types({ aside, dead_payload }, { dead })
check_lists(part.entries)
local acknowledged, others = part_by_mark(part.entries, 'a')

check_rights_to_set_aside(acknowledged, aside)
check_rights_to_put_back(others, dead, dead_payload)
check_rights_to_take_away(register, held)
write_at_maxmemory(held)
set_aside(acknowledged, aside, kept)
local returned = put_back(others, dead, dead_payload, prefix_length)
take_away(part, incarnation, register, held, marks, leases .. incarnation)
return { 'ok', returned, #acknowledged, #others - returned, (part.more or others_left) and 1 or 0 }
