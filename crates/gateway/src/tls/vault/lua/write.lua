-- Writes a record that is later than what lies there. With a term, only while that term lasts.
-- KEYS: leader, records. ARGV: term or '', name, stamp, text, force, channel, message.
if ARGV[1] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 'fenced'
end
local current = redis.call('HGET', KEYS[2], ARGV[2])
if current and ARGV[5] ~= '1' then
  local stamp = tonumber(string.match(current, '^(%d+):'))
  if stamp and stamp >= tonumber(ARGV[3]) then
    return 'older'
  end
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return 'written'
