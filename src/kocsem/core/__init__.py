"""Numbers without names: arrays in, arrays out; numpy and scipy only."""
