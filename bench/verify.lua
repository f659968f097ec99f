-- wrk: whole verifications. A code of our own goes out with every start, and comes back as soon as it was sent.
-- BENCH_PORTS: a thread for each gateway.
local ports = {}
for port in (os.getenv("BENCH_PORTS") or ""):gmatch("%d+") do ports[#ports + 1] = port end
local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
  thread.addr = wrk.lookup("127.0.0.1", ports[(#threads - 1) % #ports + 1])[1]
  thread:set("seed", #threads)
end

local headers = { ["content-type"] = "application/json", authorization = "Basic YmVuY2g6YmVuY2gtc2VjcmV0" }
local sent = {}
verified, refused = 0, 0

function init()
  -- streams of threads and of runs do not meet
  n = (tonumber(os.getenv("BENCH_SEED") or "1") * 7919 + seed * 104729) % 2147483647
end

function request()
  local id = table.remove(sent)
  if id ~= nil then
    return wrk.format("POST", "/v1/verifications/" .. id .. "/check", headers, '{"code":"271828"}')
  end
  n = (n * 16807) % 2147483647
  local i = n
  local body = string.format(
    '{"service":"signup","to":"+234803%07d","code":"271828","context":{"ip":"10.%d.%d.%d","deviceId":"device-%d","accountId":"account-%d","userAgent":"Mozilla/5.0"}}',
    i % 10000000, i % 200 + 10, math.floor(i / 256) % 256, math.floor(i / 65536) % 254 + 1, i, i)
  return wrk.format("POST", "/v1/verifications", headers, body)
end

function response(status, _, body)
  if status == 201 and body:find('"status":"sent"', 1, true) then
    sent[#sent + 1] = body:match('"id":"(ver_%x+)"')
  elseif status == 200 and body:find('"verified":true', 1, true) then
    verified = verified + 1
  else
    refused = refused + 1
    if refused == 1 then print("first refusal: " .. status .. " " .. (body:match('"reasons":%[.-%]') or body):sub(1, 400)) end
  end
end

function done()
  local all, no = 0, 0
  for _, thread in ipairs(threads) do
    all = all + thread:get("verified")
    no = no + thread:get("refused")
  end
  print("verified: " .. all)
  print("refused: " .. no)
end
