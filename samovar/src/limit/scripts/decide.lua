-- Behind each strategy's functions: in order up to the first refusal, all or none, or only looking.
local answer = { 0 }
local function report(counter)
    local remaining, reset = window(counter)
    answer[#answer + 1] = remaining
    answer[#answer + 1] = math.ceil(reset)
end

if mode == 'order' then
    for i, counter in ipairs(counters) do
        local counted = count(counter)
        report(counter)
        if not counted then
            answer[1] = i
            break
        end
    end
    return answer
end

-- A counter that is named twice has to hold both costs.
local planned = {}
for i, counter in ipairs(counters) do
    look(counter)
    local cost = counter.cost + (planned[counter.key] or 0)
    planned[counter.key] = cost
    if answer[1] == 0 and not admits(counter, cost) then answer[1] = i end
end
for _, counter in ipairs(counters) do
    if mode == 'all' and answer[1] == 0 then count(counter) end
    report(counter)
end
return answer
