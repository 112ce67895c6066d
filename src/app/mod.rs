//! Everything wired together and run.
