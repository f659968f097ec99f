-- wrk: new numbers, addresses and devices for nearly every request, as in real traffic.
local n = tonumber(os.getenv("BENCH_SEED") or "1")
local auth = "Basic YmVuY2g6YmVuY2gtc2VjcmV0"
request = function()
  -- Park-Miller: its low digits are as good as its high ones
  n = (n * 16807) % 2147483647
  local i = n
  local body = string.format(
    '{"service":"signup","to":"+234803%07d","context":{"ip":"105.%d.%d.%d","deviceId":"device-%d","accountId":"account-%d","userAgent":"Mozilla/5.0"}}',
    i % 10000000, i % 200 + 10, math.floor(i / 256) % 256, math.floor(i / 65536) % 254 + 1, i % 300000, i % 500000)
  return wrk.format("POST", "/v1/decisions", { ["content-type"] = "application/json", authorization = auth }, body)
end
