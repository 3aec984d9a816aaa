-- Whether a subscription's first period was given back: what is on again, free for that period, is not given back twice.
ALTER TABLE subscriptions ADD COLUMN is_returned INTEGER NOT NULL DEFAULT 0 CHECK (is_returned IN (0, 1));

UPDATE subscriptions SET is_returned = 1
WHERE EXISTS (
    SELECT 1 FROM debits AS d
    WHERE d.subscription_id = subscriptions.id AND d.kind = 'refund' AND d.period_at = subscriptions.confirmed_at
);
