"""One module a command: `arguments(parser)` declares its options, `run(options)` returns the exit code."""
