-- POST /orders with ten lines, a new external id each, among the goods and customers there are; the key comes in KEY.
local goods, customers = tonumber(os.getenv("GOODS") or "10"), tonumber(os.getenv("CUSTOMERS") or "1")
local days = tonumber(os.getenv("DAYS") or "1")
local run = os.time() .. "-" .. (os.getenv("RUN") or "0")
local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. (os.getenv("KEY") or "-") }
-- Made before the clock runs, so that the client costs the server little: what differs between requests is the external id.
local rest, at = {}, os.time() % goods
for n = 1, 2000 do
  local lines = {}
  for i = 1, 10 do
    at = (at + 7919) % goods -- goods come from everywhere, none twice in one order
    lines[i] = '{"sku":"B' .. at .. '","quantity":"' .. i .. '"}'
  end
  rest[n] = '","customer":"K' .. (n * 7) % customers .. '","delivery_date":"' .. os.date("%Y-%m-%d", os.time() + 172800 + n % days * 86400) ..
    '","lines":[' .. table.concat(lines, ",") .. ']}'
end
local n = 0
function request()
  n = n + 1
  return wrk.format("POST", "/api/v1/orders", headers, '{"channel":"online","external_id":"' .. run .. "-" .. n .. rest[n % #rest + 1])
end
dofile("test/bench/done.lua")
