//! Open a body, list its parts, put changed parts back byte-exactly.
