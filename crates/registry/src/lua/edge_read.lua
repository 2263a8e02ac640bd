-- The reports of all gateways, newest first: name and value of each. One that ran out is left out; of a value that is
-- too large only the size is sent.
local out = {}
for _, member in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, tonumber(ARGV[2]) - 1)) do
  local key = KEYS[1] .. '/' .. member
  local size = redis.pcall('STRLEN', key)
  if type(size) ~= 'number' then
    out[#out + 1] = member
    out[#out + 1] = ''
  elseif size > tonumber(ARGV[1]) then
    out[#out + 1] = member
    out[#out + 1] = size
  elseif size > 0 then
    out[#out + 1] = member
    out[#out + 1] = redis.call('GET', key)
  end
end
return out
