-- Rows of the outbox that no state of Redis would ever take: they are put aside, and those behind them go out.
-- From here on `payload` is the complete message.

ALTER TABLE outbox ADD COLUMN put_aside_at {{time}};

ALTER TABLE outbox ADD COLUMN put_aside_reason TEXT;

DROP INDEX outbox_waiting_idx;

CREATE INDEX outbox_waiting_idx ON outbox (created_at, id) WHERE pushed_at IS NULL AND put_aside_at IS NULL;
