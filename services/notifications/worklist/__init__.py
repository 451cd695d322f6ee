"""The worklist: every open case once, by the promise that is to be kept next."""
