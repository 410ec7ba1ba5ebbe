"""How handovers reach a counselling office: rules (which way), an outbox (when, how often), ways (mail, webhook, tickets)."""
