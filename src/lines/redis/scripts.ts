import { createHash } from 'node:crypto'
import { EVENT, ID_BYTES } from './events.js'
import { HEAD_BYTES } from './value.js'

export interface Script {
  name: string
  text: string
  sha: string
}

/** Bytes of the plan of a settling script for an event: its key (2), which event (2), which TTL (1). */
export const SETTLED_BYTES = 5

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
 * out here, where nobody comes between: the smallest room of them, used up in each. The caps of a move count in a hash.
 * Arguments: five bytes an event (its key and which event, 16 bits each, and which TTL; from 1), head of new values,
 * number of keys that hold values (those of caps follow), number of TTLs, TTLs (below zero: also where the value is
 * there), number of events, events, number of arguments for caps, and those: of which event in the plan, key of the hash,
 * earned, lost, whether what is beyond the first cap is lost (1), how many, each with its field and maximum; new bases.
 */
export const SETTLE = script(
  'settle',
  `${REBASE}
local call, byte, find, sub = redis.call, string.byte, string.find, string.sub
local plan, head, n, ttl0 = ARGV[1], ARGV[2], tonumber(ARGV[3]), 4
local event0 = ttl0 + ARGV[ttl0] + 1
local cap0 = event0 + ARGV[event0] + 1
local bases = cap0 + ARGV[cap0] + 1
local values = call('MGET', unpack(KEYS, 1, n))

local function granted(a)
  local key, earned, lost = KEYS[tonumber(ARGV[a + 1])], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local surplus, caps = ARGV[a + 4] == '1', tonumber(ARGV[a + 5])
  local fields = {}
  for k = 1, caps do fields[k] = ARGV[a + 4 + 2 * k] end
  local used = call('HMGET', key, unpack(fields))
  local isNew, room = true, earned
  for k = 1, caps do
    if used[k] then isNew = false end
    local left = tonumber(ARGV[a + 5 + 2 * k]) - tonumber(used[k] or 0)
    if k == 1 and surplus then lost = lost + math.max(0, earned - left) end
    room = math.min(room, left)
  end
  room = math.max(0, room)
  if room > 0 then
    local counted = {}
    for k = 1, caps do
      counted[2 * k - 1] = fields[k]
      counted[2 * k] = string.format('%.17g', tonumber(used[k] or 0) + room)
    end
    call('HSET', key, unpack(counted))
    if isNew then call('PEXPIRE', key, ${CAP_TTL_MS}) end
  end
  return struct.pack('<ff', room, lost)
end

local rebased = rebase(values, bases)
local added, ttls, renewed, cap = {}, {}, {}, cap0 + 1
for p = 1, #plan, ${SETTLED_BYTES} do
  local key0, key1, which0, which1, t = byte(plan, p, p + ${SETTLED_BYTES - 1})
  local i, event = key0 + 256 * key1, ARGV[event0 + which0 + 256 * which1]
  local value = values[i]
  local a
  if cap < bases and tonumber(ARGV[cap]) == (p - 1) / ${SETTLED_BYTES} + 1 then
    a = cap
    cap = cap + 6 + 2 * ARGV[cap + 5]
  end
  if not (value and find(value, sub(event, 2, ${1 + ID_BYTES}), ${HEAD_BYTES + 1}, true)) then
    if a then event = event .. granted(a) end
    local ttl = tonumber(ARGV[ttl0 + t])
    if ttl < 0 then
      ttl = -ttl
      renewed[i] = ttl
    end
    added[i] = (added[i] or '') .. event
    ttls[i] = math.max(ttls[i] or 0, ttl)
  end
end
for i, events in pairs(added) do
  if not values[i] then call('SET', KEYS[i], head .. events, 'PX', ttls[i])
  elseif rebased and rebased[i] then
    call('SET', KEYS[i], values[i] .. events, 'PX', math.max(tonumber(rebased[i]), renewed[i] or 0))
  else
    -- appending leaves room for as much again, which few values ever need
    if #values[i] > ${CUT_UP_TO} then call('APPEND', KEYS[i], events)
    else call('SET', KEYS[i], values[i] .. events, 'KEEPTTL') end
    if renewed[i] and renewed[i] > call('PTTL', KEYS[i]) then call('PEXPIRE', KEYS[i], renewed[i]) end
  end
end
return 1`,
)

export const SCRIPTS: readonly Script[] = [TOUCH, ADJUST, SETTLE]
