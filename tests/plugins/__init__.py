"""What the whole suite shares: how tests run, and what a run says at its end."""
