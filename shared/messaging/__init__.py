"""Messaging between services: outbox, relay, broker, consumer, inbox."""
