"""How services tell each other what happened: outbox, relay, broker, consumer, inbox."""
