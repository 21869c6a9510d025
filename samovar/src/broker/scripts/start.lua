-- Marks reservations whose handler is about to start: acknowledged early, or a suspect that starts alone.
--
-- KEYS  1 unacked  2 samovar:held:<incarnation>
-- ARGV    pairs: reservation id, then "a" (acknowledged: the reaper drops it) or "s" and the suspect's
--         fingerprint (a death of the worker from now on is blamed on it)
-- Returns one number for each pair: 1 marked, 0 the reservation was gone and the task must not start.
local unacked, held = KEYS[1], KEYS[2]
local answer, marks = {}, {}
for i = 1, #ARGV, 2 do
    local id, mark = ARGV[i], ARGV[i + 1]
    local state = redis.call('HEXISTS', unacked, id) == 1 and redis.call('HGET', held, id)
    answer[#answer + 1] = state and 1 or 0
    if state then
        local _, list = read_state(state)
        marks[#marks + 1] = id
        marks[#marks + 1] = mark .. list
    end
end
call_many('HSET', held, marks)
return answer
