//! Which AI service and endpoint is this, what does the request carry, how does it answer?

mod refusal_shape;

pub use refusal_shape::RefusalShape;
