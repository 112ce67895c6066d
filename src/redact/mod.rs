//! Findings to replacements.
