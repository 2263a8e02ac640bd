-- The whole registry in one step: generation, then name and value of every member of the index.
-- A member without value is a lease that ran out; it stays in the index for a while, so that watchers can
-- tell it from one that was released. Of a value that is too large only the size is sent.
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[1]))
local out = { redis.call('GET', KEYS[2]) or '' }
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[3]))) do
  local key = KEYS[1] .. '/' .. member
  local size = redis.pcall('STRLEN', key)
  out[#out + 1] = member
  if type(size) ~= 'number' then
    out[#out + 1] = ''
  elseif size > tonumber(ARGV[2]) then
    out[#out + 1] = size
  else
    out[#out + 1] = redis.call('GET', key)
  end
end
return out
