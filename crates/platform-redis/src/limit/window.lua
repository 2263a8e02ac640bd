-- Sliding window: a sorted set of the calls that were allowed, scored by the server's clock in microseconds.
-- KEYS[1] the set; ARGV: limit, window in microseconds, calls granted elsewhere, a name for this call.
-- Answers {allowed, remaining, microseconds}: until the oldest call leaves the window, or until one may succeed.
local limit = tonumber(ARGV[1])
local window = tonumber(ARGV[2])
local elsewhere = tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local used = redis.call('ZCARD', KEYS[1]) + elsewhere

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
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[4])
redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
return {1, limit - used - 1, until_oldest_leaves()}
