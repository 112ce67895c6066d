//! Comparable text to findings.
