-- Takes a lease away, if it is still the one of this process.
-- KEYS: index, value, version. ARGV: epoch, member.
local current = redis.pcall('GET', KEYS[2])
if type(current) == 'string' then
  local readable, lease = pcall(cjson.decode, current)
  if readable and type(lease) == 'table' and tonumber(lease.epoch) ~= tonumber(ARGV[1]) then
    return 0
  end
end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[1], ARGV[2])
redis.call('PUBLISH', KEYS[1], redis.call('INCR', KEYS[3]))
return 1
