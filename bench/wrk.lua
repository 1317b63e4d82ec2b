-- Replays the requests of a file, one a line: method, path, cookie, origin and body, with tabs between them.
-- Arguments: the file, the line to begin with, and "once" when no line may be sent twice.

local lines = {}
local count = 0
local at = 1
local isOnce = false
issued = 0
exhausted = 0
ticksBefore = 0

-- Processor time of this process in hundredths of a second: own time in user and system mode.
local function ticks()
  local file = io.open('/proc/self/stat', 'r')
  if not file then return -1 end
  local fields = file:read('*a'):match('%) (.*)')
  file:close()
  local values = {}
  for value in fields:gmatch('%S+') do values[#values + 1] = tonumber(value) end
  return values[12] + values[13]
end

local function requestOf(line)
  local method, path, cookie, origin, body = line:match('^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$')
  local headers = { ['Cookie'] = cookie }
  if body == '' then return wrk.format(method, path, headers) end
  headers['Origin'] = origin
  headers['Content-Type'] = 'application/json'
  return wrk.format(method, path, headers, body)
end

local threads = {}
function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  for line in io.lines(args[1]) do
    count = count + 1
    lines[count] = requestOf(line)
  end
  at = tonumber(args[2]) % count + 1
  isOnce = args[3] == 'once'
  -- The requests are ready: no collection of rubbish while they are sent.
  collectgarbage()
  ticksBefore = ticks()
end

function request()
  local line = lines[at]
  issued = issued + 1
  if isOnce and issued > count then exhausted = 1 end
  at = at % count + 1
  return line
end

function done(summary, latency)
  local thread = threads[1]
  local cpu = ticks()
  if cpu >= 0 then cpu = (cpu - thread:get('ticksBefore')) * 10 end
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"ms":%d,"bytes":%d,"failed":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f,"issued":%d,"isExhausted":%s,"cpuMs":%s}\n',
    summary.requests,
    summary.duration / 1000,
    summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000,
    latency:percentile(95) / 1000,
    latency:percentile(99) / 1000,
    thread:get('issued'),
    thread:get('exhausted') == 1 and 'true' or 'false',
    cpu >= 0 and tostring(cpu) or 'null'
  ))
end
