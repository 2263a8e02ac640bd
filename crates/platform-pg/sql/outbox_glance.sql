-- One cheap look: is anything waiting, and which incarnation of the stream was written to last.
SELECT EXISTS (SELECT 1 FROM outbox WHERE sent_at IS NULL), (SELECT epoch FROM outbox_stream)
