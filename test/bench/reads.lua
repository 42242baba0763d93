-- GET one path after the other, those in PATHS (a line each); HEADERS as "Name: value" lines.
local paths, headers, n = {}, {}, 0
for line in (os.getenv("PATHS") or "/"):gmatch("[^\n]+") do paths[#paths + 1] = line end
for name, value in (os.getenv("HEADERS") or ""):gmatch("([^:\n]+): ([^\n]+)") do headers[name] = value end
function request()
  n = n % #paths + 1
  return wrk.format("GET", paths[n], headers)
end
dofile("test/bench/done.lua")
