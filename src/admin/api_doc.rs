//! How is the API described to programs? An OpenAPI 3.1 document, made from the handlers.

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, OpenApi as Document};
use utoipa::{Modify, OpenApi};

use crate::admin::{api, api_failure, api_shape};

#[derive(OpenApi)]
#[openapi(
    info(title = "Lá Chắn", description = "Incidents, figures and the register of AI tools of one node. Read-only."),
    paths(api::incidents, api::incident, api::summary, api::tools, api::status),
    components(schemas(
        api_failure::ApiProblem,
        api_shape::ApiIncident,
        api_shape::ApiDetails,
        api_shape::ApiIncidents,
        api_shape::ApiStatus,
        api_shape::ApiSummary,
        api_shape::ApiTool,
        api_shape::ApiTools,
        api_shape::SummaryLine,
    )),
    modifiers(&Token)
)]
struct Api;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document
            .components
            .take()
            .unwrap_or_else(|| ComponentsBuilder::new().build());
        let mut components = components;
        components.add_security_scheme("token", scheme);
        document.components = Some(components);
    }
}

/// The document, as JSON.
pub(super) fn document() -> String {
    Api::openapi().to_json().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_every_route_of_the_api() {
        let document: serde_json::Value = serde_json::from_str(&document()).unwrap();
        for path in ["incidents", "incidents/{id}", "summary", "tools", "status"] {
            let operation = &document["paths"][format!("/api/v1/{path}")]["get"];
            assert!(operation["responses"]["401"].is_object(), "{path}");
        }
        assert!(document["components"]["securitySchemes"]["token"].is_object());
    }
}
