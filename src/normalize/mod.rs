//! Original text to comparable text, never losing the way back to the original bytes.
