-- POST /orders with ten lines, a new external id each; the key comes in KEY.
local n, lines = 0, {}
for i = 1, 10 do lines[i] = '{"sku":"B' .. i .. '","quantity":"' .. i .. '"}' end
local rest = ',"customer":"BENCH","delivery_date":"' .. os.date("%Y-%m-%d", os.time() + 172800) .. '","lines":[' .. table.concat(lines, ",") .. ']}'
local run = os.time() .. "-" .. (os.getenv("RUN") or "0")
function request()
  n = n + 1
  return wrk.format("POST", "/api/v1/orders", { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. (os.getenv("KEY") or "-") },
    '{"channel":"online","external_id":"' .. run .. "-" .. n .. '"' .. rest)
end
