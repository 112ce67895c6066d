//! Which pages does the proxy itself serve? (Stand-in.)

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;

/// What the pages tell.
#[derive(Clone, Default)]
pub struct PagesContext;

/// Serves a page.
pub fn serve<B>(_request: &Request<B>, _context: &PagesContext) -> Response<Full<Bytes>> {
    Response::new(Full::new(Bytes::from_static(b"page")))
}
