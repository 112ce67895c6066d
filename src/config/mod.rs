//! The settings file, read and reported on.
