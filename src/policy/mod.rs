//! Findings and circumstances to one decision.
