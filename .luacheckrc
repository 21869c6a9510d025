-- Lua 5.1 as Redis runs it.
std = { read_globals = { "KEYS", "ARGV", "redis", "cjson", "ipairs", "math", "next", "pairs", "string", "table",
                         "tonumber", "tostring", "type", "unpack" } }
-- Comments that list KEYS and ARGV are wider than code.
max_line_length = 125

-- Redis is given several files joined to one script, so each sees what those in front of it define. They are read
-- here, as luacheck knows single files only.
local scripts = "samovar/src/"

local function defined_in(...)
    local names = {}
    for _, path in ipairs({ ... }) do
        for line in io.lines(scripts .. path .. ".lua") do
            names[#names + 1] = line:match("^local function ([%w_]+)") or line:match("^local ([%w_]+) =")
        end
    end
    return names
end

local function joined(parts, ...)
    for _, part in ipairs(parts) do
        files[scripts .. part .. ".lua"].read_globals = defined_in(...)
    end
end

local common = "broker/scripts/common"
joined({ "beat/scripts/*", "broker/scripts/*", "control/scripts/*" }, common)
joined({ "broker/scripts/complete", "broker/scripts/start", "broker/scripts/let_waiting_in" }, "broker/scripts/limits")
joined({ "broker/scripts/reap", "broker/scripts/renew", "broker/scripts/rescue", "broker/scripts/retire",
    "broker/scripts/take_over" }, "broker/scripts/taking_back")
joined({ "limit/scripts/*_window*" }, "limit/scripts/counters")
joined({ "limit/scripts/decide" }, "limit/scripts/counters", "limit/scripts/fixed_window")

-- What these define is used behind them (a function or variable without use, a table only written to).
for _, part in ipairs({ common, "broker/scripts/limits", "broker/scripts/taking_back", "limit/scripts/*" }) do
    files[scripts .. part .. ".lua"].ignore = { "211", "241" }
end
