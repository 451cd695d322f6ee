"""The figures of how the promises were kept, and of how the service itself does."""
