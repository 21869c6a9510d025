-- Put in front of each strategy's script; decide.lua follows behind.
--
-- KEYS   for each counter: its key, and with the sliding window the key of the window before
-- ARGV   1 "order", "all" or "test", then for each counter: amount, window in seconds, cost
-- Returns one flat array of integers: the position of the first counter that refused, or 0; then for each counter
--        that was looked at: what remains, and the microseconds until more fits in.
--
-- Keys, values and counts are those of Python's `limits` library, whose processes count in the same ones. A script
-- does not roll back: a call that fails in the middle has counted what came before, and has the next one repair what
-- it left (a counter without an end would refuse for ever).
local mode = ARGV[1]
local keys_each = 3 * #KEYS / (#ARGV - 1)

local counters = {}
for i = 1, #KEYS / keys_each do
    counters[i] = {
        key = KEYS[(i - 1) * keys_each + 1],
        previous_key = KEYS[i * keys_each],
        amount = tonumber(ARGV[3 * i - 1]),
        seconds = tonumber(ARGV[3 * i]),
        cost = tonumber(ARGV[3 * i + 1])
    }
end
