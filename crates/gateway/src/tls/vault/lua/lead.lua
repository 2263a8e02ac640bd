-- Takes the lead when nobody has it, or renews it. A term's number only ever grows, also over the loss of its counter.
-- KEYS: leader, terms. ARGV: gateway, life (ms). Answers the term, or '' when another gateway leads.
local current = redis.call('GET', KEYS[1])
if current then
  if string.match(current, '^%d+:(.*)$') == ARGV[1] then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return current
  end
  return ''
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local number = math.max((tonumber(redis.call('GET', KEYS[2])) or 0) + 1, now)
redis.call('SET', KEYS[2], string.format('%.0f', number))
local term = string.format('%.0f', number) .. ':' .. ARGV[1]
redis.call('SET', KEYS[1], term, 'NX', 'PX', ARGV[2])
return term
