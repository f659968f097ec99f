import { createHash } from 'node:crypto'
import { EVENT, ID_BYTES } from './events.js'
import { HEAD_BYTES } from './value.js'

export interface Script {
  name: string
  text: string
  sha: string
}

const script = (name: string, text: string): Script => ({
  name,
  text,
  sha: createHash('sha1').update(text).digest('hex'),
})

/** Arguments of one new base: which key, stamp and bytes of the value that was read, the new head and base, its ttl. */
const REBASE_ARGS = 5

/**
 * A new base for a value, made by whoever read it: in place of the head, base and events that he read, before those
 * that were appended since. Where the stamp is another one, somebody was faster or took an event out.
 */
const REBASE = `
local function rebase(values, from)
  local ttls
  for a = from, #ARGV, ${REBASE_ARGS} do
    local i, read = tonumber(ARGV[a]), tonumber(ARGV[a + 2])
    local value = values[i]
    if value and #value >= read and string.sub(value, 5, 8) == ARGV[a + 1] then
      values[i] = ARGV[a + 3] .. string.sub(value, read + 1)
      ttls = ttls or {}
      ttls[i] = ARGV[a + 4]
    end
  end
  return ttls
end`

/**
 * Appends events to the keys that have some, and answers with all values as they were before: whoever charges sees what
 * everybody before him charged, and nobody who comes after can fail to see his charge.
 * Arguments: three bytes a key (which event, 16 bits, and which TTL; from 1, 0 for none), head of new values, number of
 * TTLs, TTLs, number of events, events, new bases.
 */
export const TOUCH = script(
  'touch',
  `${REBASE}
local call, byte = redis.call, string.byte
local before = call('MGET', unpack(KEYS))
local plan, ttl0 = ARGV[1], 3
local event0 = ttl0 + ARGV[ttl0] + 1
local bases = event0 + ARGV[event0] + 1
local values, rebased = before, nil
if #ARGV >= bases then
  values = {}
  for i = 1, #KEYS do values[i] = before[i] end
  rebased = rebase(values, bases)
end
for i = 1, #KEYS do
  local low, high, t = byte(plan, 3 * i - 2, 3 * i)
  local event = low + 256 * high
  local ttl = rebased and rebased[i]
  if ttl then
    call('SET', KEYS[i], event > 0 and values[i] .. ARGV[event0 + event] or values[i], 'PX', ttl)
  elseif event > 0 then
    if values[i] then call('APPEND', KEYS[i], ARGV[event0 + event])
    else call('SET', KEYS[i], ARGV[2] .. ARGV[event0 + event], 'PX', ARGV[ttl0 + t]) end
  end
end
return before`,
)

/** A value beyond this has many writers: an event is not cut out of it, which would undo the new base of others. */
const CUT_UP_TO = 2_048

/**
 * Puts something else, or nothing, in the place of events that were appended before. An event that is in the base by
 * now is taken back by another one, but only where it is sure to have been made: taking back what never was would free
 * what others hold. For the same reason it is asked for once.
 * Arguments: what the events are found by, the new stamp, '1' where they are sure to have been made, then per key: the
 * event that was appended and what comes in its place ('' for nothing); new bases.
 */
export const ADJUST = script(
  'adjust',
  `${REBASE}
local call = redis.call
local values = call('MGET', unpack(KEYS))
local id, stamp, sure = ARGV[1], ARGV[2], ARGV[3] == '1'
rebase(values, 4 + 2 * #KEYS)
for i = 1, #KEYS do
  local held, instead = ARGV[2 + 2 * i], ARGV[3 + 2 * i]
  local value = values[i]
  local at = value and string.find(value, id, ${HEAD_BYTES + 1}, true)
  if not value or (not at and not sure) or (at and string.byte(value, at - 1) ~= ${EVENT.charge}) then
    -- it is gone, was adjusted before, or was never made: what is in flight ends by its age
  elseif at and #value <= ${CUT_UP_TO} then
    value = string.sub(value, 1, 4) .. stamp .. string.sub(value, 9, at - 2) .. instead .. string.sub(value, at - 1 + #held)
    if #value == ${HEAD_BYTES} then call('DEL', KEYS[i])
    else call('SET', KEYS[i], value, 'KEEPTTL') end
  else
    -- what signals counted of it stays: it was asked for
    local event = string.char(${EVENT.undo}) .. string.sub(held, 2)
    if string.byte(instead, 1) == ${EVENT.charge} then event = event .. instead end
    call('SET', KEYS[i], value .. event, 'KEEPTTL')
  end
end
return 1`,
)

/** Caps hold for a UTC day. */
const CAP_TTL_MS = 2 * 86_400_000

/**
 * Appends events that are known by their number: made twice it does nothing the second time. What caps grant is worked
 * out here, where nobody comes between: the smallest room of them, used up in each.
 * Arguments: number of entity keys n, head of new values, then per entity key: event, its ttl, how many caps, and where
 * there are some: earned, lost, whether what is beyond the first cap is lost (1), then index of each cap's key and its
 * maximum; new bases.
 */
export const SETTLE = script(
  'settle',
  `${REBASE}
local call = redis.call
local n, a = tonumber(ARGV[1]), 3
local values = call('MGET', unpack(KEYS))
local jobs = {}
for i = 1, n do
  local job = { event = ARGV[a], ttl = tonumber(ARGV[a + 1]), caps = tonumber(ARGV[a + 2]) }
  a = a + 3
  if job.caps > 0 then
    job.earned, job.lost, job.surplus, job.at = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), ARGV[a + 2] == '1', a + 3
    a = a + 3 + 2 * job.caps
  end
  jobs[i] = job
end
rebase(values, a)
for i = 1, n do
  local job, value = jobs[i], values[i]
  local event = job.event
  if not (value and string.find(value, string.sub(event, 2, ${1 + ID_BYTES}), ${HEAD_BYTES + 1}, true)) then
    if job.caps > 0 then
      local used, room = {}, job.earned
      for k = 1, job.caps do
        local b = job.at + 2 * k - 2
        used[k] = tonumber(call('GET', KEYS[tonumber(ARGV[b])]) or 0)
        local left = tonumber(ARGV[b + 1]) - used[k]
        if k == 1 and job.surplus then job.lost = job.lost + math.max(0, job.earned - left) end
        room = math.min(room, left)
      end
      room = math.max(0, room)
      for k = 1, room > 0 and job.caps or 0 do
        local key = KEYS[tonumber(ARGV[job.at + 2 * k - 2])]
        call('SET', key, string.format('%.17g', used[k] + room), 'PX', ${CAP_TTL_MS})
      end
      event = event .. struct.pack('<ff', room, job.lost)
    end
    local ttl = value and math.max(job.ttl, call('PTTL', KEYS[i])) or job.ttl
    call('SET', KEYS[i], (value or ARGV[2]) .. event, 'PX', string.format('%d', ttl))
  end
end
return 1`,
)

export const SCRIPTS: readonly Script[] = [TOUCH, ADJUST, SETTLE]
