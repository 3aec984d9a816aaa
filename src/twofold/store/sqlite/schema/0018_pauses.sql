-- Since when a stop holds a subscription: its period ends as much later as that lasts, whichever stops that were.
ALTER TABLE subscriptions ADD COLUMN paused_at INTEGER;
