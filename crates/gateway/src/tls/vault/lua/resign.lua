-- Gives the lead up, if this term still lasts, so that another gateway need not wait for its end.
-- KEYS: leader. ARGV: term, channel, message.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
