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
 * Arguments: the new stamp, number of events, then per event: index of its key, the event that was appended, what comes
 * in its place ('' for nothing), '1' where it is sure to have been made; new bases.
 */
export const ADJUST = script(
  'adjust',
  `${REBASE}
local call, sub, byte = redis.call, string.sub, string.byte
local values = call('MGET', unpack(KEYS))
local stamp, last = ARGV[1], 2 + 4 * ARGV[2]
rebase(values, last + 1)
local changed = {}
for a = 3, last, 4 do
  local i, held, instead = tonumber(ARGV[a]), ARGV[a + 1], ARGV[a + 2]
  local value = values[i]
  local at = value and string.find(value, sub(held, 2, ${1 + ID_BYTES}), ${HEAD_BYTES + 1}, true)
  if not value or (not at and ARGV[a + 3] ~= '1') or (at and byte(value, at - 1) ~= ${EVENT.charge}) then
    -- it is gone, was adjusted before, or was never made: what is in flight ends by its age
  elseif at and #value <= ${CUT_UP_TO} then
    values[i] = sub(value, 1, 4) .. stamp .. sub(value, 9, at - 2) .. instead .. sub(value, at - 1 + #held)
    changed[i] = true
  else
    -- what signals counted of it stays: it was asked for
    local event = string.char(${EVENT.undo}) .. sub(held, 2)
    if byte(instead, 1) == ${EVENT.charge} then event = event .. instead end
    values[i] = value .. event
    changed[i] = true
  end
end
for i in pairs(changed) do
  if #values[i] == ${HEAD_BYTES} then call('DEL', KEYS[i])
  else call('SET', KEYS[i], values[i], 'KEEPTTL') end
end
return 1`,
)

/** Caps hold for a UTC day. */
const CAP_TTL_MS = 2 * 86_400_000

/**
 * Appends events that are known by their number: made twice it does nothing the second time. What caps grant is worked
 * out here, where nobody comes between: the smallest room of them, used up in each.
 * Arguments: number of keys that hold values (those of caps follow), head of new values, number of events, then per
 * event: index of its key, the event, its TTL, how many caps, and where there are some: earned, lost, whether what is
 * beyond the first cap is lost (1), then index of each cap's key and its maximum; new bases.
 */
export const SETTLE = script(
  'settle',
  `${REBASE}
local call = redis.call
local values = call('MGET', unpack(KEYS))
local jobs, a = {}, 4
for j = 1, tonumber(ARGV[3]) do
  local job = { key = tonumber(ARGV[a]), event = ARGV[a + 1], ttl = tonumber(ARGV[a + 2]), caps = tonumber(ARGV[a + 3]) }
  a = a + 4
  if job.caps > 0 then
    job.earned, job.lost, job.surplus, job.at = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), ARGV[a + 2] == '1', a + 3
    a = a + 3 + 2 * job.caps
  end
  jobs[j] = job
end
rebase(values, a)
local ttls, isNew, capped = {}, {}, {}
for _, job in ipairs(jobs) do
  local i, event = job.key, job.event
  local value = values[i]
  if not (value and string.find(value, string.sub(event, 2, ${1 + ID_BYTES}), ${HEAD_BYTES + 1}, true)) then
    if job.caps > 0 then
      local used, room = {}, job.earned
      for k = 1, job.caps do
        local b = job.at + 2 * k - 2
        used[k] = tonumber(values[tonumber(ARGV[b])] or 0)
        local left = tonumber(ARGV[b + 1]) - used[k]
        if k == 1 and job.surplus then job.lost = job.lost + math.max(0, job.earned - left) end
        room = math.min(room, left)
      end
      room = math.max(0, room)
      for k = 1, room > 0 and job.caps or 0 do
        local c = tonumber(ARGV[job.at + 2 * k - 2])
        values[c] = string.format('%.17g', used[k] + room)
        capped[c] = true
      end
      event = event .. struct.pack('<ff', room, job.lost)
    end
    if not value then isNew[i] = true end
    values[i] = (value or ARGV[2]) .. event
    ttls[i] = math.max(ttls[i] or 0, job.ttl)
  end
end
for i, ttl in pairs(ttls) do
  if not isNew[i] then ttl = math.max(ttl, call('PTTL', KEYS[i])) end
  call('SET', KEYS[i], values[i], 'PX', string.format('%d', ttl))
end
for c in pairs(capped) do call('SET', KEYS[c], values[c], 'PX', ${CAP_TTL_MS}) end
return 1`,
)

export const SCRIPTS: readonly Script[] = [TOUCH, ADJUST, SETTLE]
