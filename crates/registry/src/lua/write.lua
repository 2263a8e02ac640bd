-- Writes a lease unless a newer process of the same name holds it. Answers 0, or the epoch that is in the way.
-- KEYS: index, value, generation, version. ARGV: value, epoch, time to live (ms), member, generation, force.
local current = redis.pcall('GET', KEYS[2])
if ARGV[6] ~= '1' and type(current) == 'string' then
  local readable, lease = pcall(cjson.decode, current)
  if readable and type(lease) == 'table' and type(lease.epoch) == 'number'
      and lease.epoch > tonumber(ARGV[2]) then
    return string.format('%.0f', lease.epoch)
  end
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[3])
redis.call('ZADD', KEYS[1], redis.call('TIME')[1], ARGV[4])
redis.call('SET', KEYS[3], ARGV[5], 'NX')
if current ~= ARGV[1] then
  redis.call('PUBLISH', KEYS[1], redis.call('INCR', KEYS[4]))
end
return '0'
