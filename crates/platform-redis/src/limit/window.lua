-- Sliding window: a sorted set of the calls that were allowed, scored by the server's clock in microseconds.
-- KEYS: the set; a marker that the set was deleted on purpose.
-- ARGV: limit; window in microseconds; calls the asking process granted without Redis; calls that Redis granted to
-- the asking process; a name for this call.
-- Answers {allowed, remaining, microseconds}: until the oldest call leaves the window, or until one may succeed.
local limit = tonumber(ARGV[1])
local window = tonumber(ARGV[2])
local granted_there = tonumber(ARGV[3])
local granted_here = tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local known = redis.call('ZCARD', KEYS[1])
-- Fewer than the asking process remembers: Redis was emptied, and that is no fresh quota.
if known < granted_here and redis.call('EXISTS', KEYS[2]) == 0 then
  known = granted_here
end
local used = known + granted_there

local function until_oldest_leaves()
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  if oldest[2] then
    return math.max(1, tonumber(oldest[2]) + window - now)
  end
  return window
end

if used >= limit then
  return {0, 0, until_oldest_leaves()}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[5])
redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
return {1, limit - used - 1, until_oldest_leaves()}
