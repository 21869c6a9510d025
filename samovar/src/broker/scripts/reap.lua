-- Takes back what one dead worker held. Dead is who has no lease and could have renewed it: the caller has to have
-- seen the store answer promptly, without a gap, for as long as that worker's lease is.
--
-- KEYS  1 samovar:register  2 samovar:suspects  3 samovar:dead  4 samovar:dead:payload  5 samovar:workers, the
--       register of the layout before this one  6 samovar:layout  7 samovar:look:<who looks>
-- ARGV  1 Redis's time when the caller last saw the store, in microseconds; 0: never
--       2 microseconds for which that is good: a call that was under way while the store was stopped judges nobody
--       3 milliseconds for which the caller has seen it answer
--       4 lease keys, 5 held keys, 6 marks keys, 7 aside keys, 8 blamed keys, each without the incarnation
--       9 messages at most  10 bytes at most, unless a single message is larger
--      11 deaths after which a message is given up  12 seconds for which suspects are remembered
--      13 seconds for which is kept what a dead worker had acknowledged, and what it was blamed for
--      14 length of the key prefix  15 number of this layout: beside a newer one nobody is judged
--      16 what the caller's last look answered as Redis's time; "": that failed, or there was none
--      17..21 where FAILURE of what is given up goes: see failure_of
-- Returns {Redis's time in microseconds, 1 when the old register exists, 2 beside a newer layout, incarnation reaped
--       or "", what it said of itself (JSON) or "", messages put back, set aside (they were acknowledged), given up,
--       1 when it held more}, then, when results are elsewhere, the envelopes of those given up. An error when the
--       store does not have what the last look wrote: it has gone back in time, and the leases of those who live with
--       it.
local register, suspects, dead, dead_payload, old_register, layout, look = unpack(KEYS)
local seen, good_for, clear_for = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local leases, helds, marks_of, asides, blames = unpack(ARGV, 4, 8)
local max_items, max_bytes, max_deaths = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local memory, kept, prefix_length = ARGV[12], ARGV[13], tonumber(ARGV[14])
local failures_to = { unpack(ARGV, 17, 21) }
local now = now_us()

local function find_dead()
    if now - seen > good_for or now < seen then return nil end
    -- Scores are the last renewals: the dead stand first.
    for _, incarnation in ipairs(redis.call('ZRANGE', register, 0, 63)) do
        if redis.call('EXISTS', leases .. incarnation) == 0 then
            local lease = tonumber(redis.call('HGET', helds .. incarnation, 'lease') or 0)
            if clear_for >= lease then return incarnation end
        end
    end
end

-- Writes as a renewal does: while the store refuses that nobody can renew, and whoever looks is to notice it.
local function leave_look()
    write_at_maxmemory(look)
    redis.call('SET', leases, '', 'XX', 'PX', 1)
    redis.call('ZADD', register, 'XX', 0, '')
    redis.call('HSET', look, 'at', integer(now))
    redis.call('EXPIRE', look, kept)
end

if ARGV[16] ~= '' and redis.call('HGET', look, 'at') ~= ARGV[16] then
    return redis.error_reply('GONEBACK the store does not have what the last look wrote: it has gone back in time')
end
local newer = tonumber(redis.call('GET', layout) or 0) > tonumber(ARGV[15])
local old = newer and 2 or redis.call('EXISTS', old_register)
local incarnation = not newer and find_dead()
if not incarnation then
    leave_look()
    return { integer(now), old, '', '', 0, 0, 0, 0 }
end
local held, marks, aside, blame = helds .. incarnation, marks_of .. incarnation, asides .. incarnation, blames .. incarnation
local about = redis.call('HGET', held, 'about') or ''
local entries, partial = read_held(held)
local alone = #entries == 1 and not partial
local part = read_newest(entries, held, max_items, max_bytes)
add_marks(part.entries, marks)
check_types({ suspects, dead_payload, aside, blame }, { dead })
check_lists(part.entries)
local acknowledged, others = part_by_mark(part.entries, 'a')

local blamed, blames_now, cleared, given_up, failures = {}, {}, {}, {}, {}
local function judge(entry)
    local fingerprint = entry.fingerprint or redis.sha1hex(entry.envelope)
    local before = redis.call('HGET', suspects, fingerprint)
    local deaths = tonumber(before or 0)
    -- Only a death under the suspect's own mark counts, or one where it was all that the worker had.
    if entry.mark == 's' or alone then deaths = deaths + 1 end
    if deaths >= max_deaths and not entry.dead_reason then
        entry.dead_reason = 'its worker died ' .. deaths .. ' times while running it'
        given_up[#given_up + 1] = entry.envelope
        failures[#failures + 1] = failure_of(failures_to, label(entry.envelope, 'id'), entry.envelope,
            entry.dead_reason, now)
    end
    if entry.dead_reason then
        cleared[#cleared + 1] = fingerprint
    else
        blamed[#blamed + 1] = fingerprint
        blamed[#blamed + 1] = deaths
        blames_now[#blames_now + 1] = fingerprint
        blames_now[#blames_now + 1] = (before or '') .. ':' .. deaths
    end
end
-- What had not started is not at fault.
local may_start = tonumber(redis.call('HGET', held, 'may_start') or math.huge)
for _, entry in ipairs(others) do
    if entry.mark or entry.batch * 1000 + entry.number <= may_start then judge(entry) end
end

check_rights_to_set_aside(acknowledged, aside)
check_rights_to_put_back(others, dead, dead_payload)
check_rights_to_fail(failures_to, failures)
check_rights_to_take_away(register, held)
check_rights(blame, 'HSET', 'EXPIRE')
leave_look()
set_aside(acknowledged, aside, kept)
local returned = put_back(others, dead, dead_payload, prefix_length)
store_failures(failures_to, failures)
take_away(part, incarnation, register, held, marks, leases .. incarnation)
-- Last, so that nobody can be blamed twice for one death.
call_many('HDEL', suspects, cleared)
if #blamed > 0 then
    call_many('HSET', suspects, blamed)
    redis.call('EXPIRE', suspects, memory)
    call_many('HSET', blame, blames_now)
    redis.call('EXPIRE', blame, kept)
end
announce_failures(failures_to, failures)
local answer = { integer(now), old, incarnation, about, returned, #acknowledged, #given_up, part.more and 1 or 0 }
if failures_to[2] == '' then
    for _, envelope in ipairs(given_up) do answer[#answer + 1] = envelope end
end
return answer
