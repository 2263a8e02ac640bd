-- Writes a record that is later than what lies there. Of the same moment, the one whose bytes are greater is the later;
-- Lua's own comparison would depend on the server's locale. With a term, only while that term lasts.
-- KEYS: leader, records. ARGV: term or '', name, stamp, text, force, channel, message.
local function is_above(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then
      return a > b
    end
  end
  return #one > #other
end

if ARGV[1] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'fenced'
end
local current = redis.call('HGET', KEYS[2], ARGV[2])
if current and ARGV[5] ~= '1' then
  local stamp = tonumber(string.match(current, '^(%d+):'))
  local own = tonumber(ARGV[3])
  if stamp and (stamp > own or (stamp == own and not is_above(ARGV[4], current))) then
    return 'older'
  end
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return 'written'
