-- Everything that gateways share. Too many fields, and too large ones, are left out: no gateway wrote them.
-- KEYS: records, challenges. ARGV: most fields, largest value. Answers rows of list, field, value.
local out = {}
for list, key in ipairs(KEYS) do
  local fields = redis.call('HKEYS', key)
  for i = 1, math.min(#fields, tonumber(ARGV[1])) do
    if redis.call('HSTRLEN', key, fields[i]) <= tonumber(ARGV[2]) then
      out[#out + 1] = { list, fields[i], redis.call('HGET', key, fields[i]) }
    end
  end
end
return out
