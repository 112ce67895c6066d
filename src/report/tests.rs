//! What reports promise, tried on real logs.
