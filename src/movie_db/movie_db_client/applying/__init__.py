"""Messages → rows: each module applies one kind of message, a batch at a time, to a `Repository`."""
