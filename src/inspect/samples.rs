//! Do the catalogue's rows do what their samples say?
//!
//! Each sample is recognized and opened as a request on its way out would be. It must reach its
//! own row, its text must stand where it says, and a placeholder must fit there.
//!
//! Never: a sample that is sent anywhere.

use bytes::Bytes;
use http::Request;

use crate::inspect::inspection::CollectedRequest;
use crate::inspect::open::{self, Opening, Reading, Region};
use crate::model::limits::Limits;
use crate::model::part::{Edit, PartKind, Span};
use crate::payload::MessageKind;
use crate::policy::FieldPlace;
use crate::service::{Catalogue, CatalogueMistake, Endpoint, Sample, Service, Verb};

/// What stands in place of a text when a row is tried.
const PLACEHOLDER: &str = "CCCD1X7Q";

/// Every sample that does not do what it says.
pub fn check_samples(catalogue: &Catalogue, limits: &Limits) -> Vec<CatalogueMistake> {
    let mut mistakes = Vec::new();
    for service in catalogue.services() {
        for endpoint in &service.endpoints {
            for (at, sample) in endpoint.samples.iter().enumerate() {
                let tried = Trial {
                    catalogue,
                    service,
                    endpoint,
                    sample,
                    limits,
                };
                if let Err((reason, remedy)) = tried.run() {
                    mistakes.push(CatalogueMistake {
                        file: sample.file.clone(),
                        service: format!("service \"{}\"", service.id),
                        key: format!("endpoint \"{}\": sample no. {}", endpoint.id, at + 1),
                        reason,
                        remedy: remedy.to_owned(),
                    });
                }
            }
        }
    }
    mistakes
}

/// What is wrong, and what to do.
type Wrong = (String, &'static str);

struct Trial<'a> {
    catalogue: &'a Catalogue,
    service: &'a Service,
    endpoint: &'a Endpoint,
    sample: &'a Sample,
    limits: &'a Limits,
}

impl Trial<'_> {
    fn run(&self) -> Result<(), Wrong> {
        let opening = self.open(&self.sample.body)?;
        let reached = (opening.service, opening.endpoint.map(|own| own.id.as_str()));
        if reached != (&*self.service.id, Some(&*self.endpoint.id)) {
            let (service, endpoint) = reached;
            let reason = format!(
                "it reaches the row \"{}\" of \"{service}\"",
                endpoint.unwrap_or("none")
            );
            let remedy = "check methods, hosts and path of the row; the first row that fits wins";
            return Err((reason, remedy));
        }
        if let Err(unread) = &opening.body {
            let reason = format!("its body cannot be read: {unread}");
            return Err((reason, "check body and codec"));
        }
        let readings = opening.readings();
        let mut edits = Vec::new();
        for place in &self.sample.listed {
            edits.push(self.listed(&readings, place)?);
        }
        if self.sample.is_redactable {
            self.redacts(&opening, edits)?;
        }
        Ok(())
    }

    /// The edit that replaces the text at a place, if a row names it.
    fn listed(&self, readings: &[Reading<'_>], place: &str) -> Result<(Region, Edit), Wrong> {
        // The grammar calls the whole body of a raw row by this name.
        let place = if place == "/body" { "" } else { place };
        let Some(reading) = readings
            .iter()
            .filter(|reading| reading.region != Region::Head)
            .filter(|reading| reading.part.kind != PartKind::Key)
            .find(|reading| reading.part.locator.to_string() == place)
        else {
            let there: Vec<String> = readings
                .iter()
                .filter(|reading| {
                    reading.region != Region::Head && reading.part.kind != PartKind::Key
                })
                .map(|reading| reading.part.locator.to_string())
                .take(12)
                .collect();
            let reason = format!("nothing stands at {place}; there is {}", there.join(", "));
            return Err((
                reason,
                "name a place that is there, such as /messages/0/text",
            ));
        };
        let is_right = match reading.place {
            FieldPlace::Listed => true,
            FieldPlace::Fixed => !self.sample.is_redactable,
            FieldPlace::Unlisted => false,
        };
        if !is_right {
            let reason = match reading.place {
                FieldPlace::Fixed => format!("the text at {place} cannot be replaced"),
                FieldPlace::Listed | FieldPlace::Unlisted => {
                    format!("no field of the row names {place}")
                }
            };
            let remedy = "add the place to fields, or say redactable = false";
            return Err((reason, remedy));
        }
        let edit = Edit {
            part: reading.part.id,
            span: Span::new(0, reading.part.text.expose().len()),
            replacement: PLACEHOLDER.to_owned(),
        };
        Ok((reading.region, edit))
    }

    /// A placeholder stands where the text stood, and the body can still be read.
    fn redacts(&self, opening: &Opening<'_>, edits: Vec<(Region, Edit)>) -> Result<(), Wrong> {
        let body_edits: Vec<Edit> = edits
            .into_iter()
            .filter(|(region, _)| *region == Region::Body)
            .map(|(_, edit)| edit)
            .collect();
        let failed = |reason: String| (reason, "say redactable = false, or block_only = true");
        let Ok(body) = &opening.body else {
            return Ok(());
        };
        let rewritten = body
            .rewrite(&body_edits)
            .map_err(|error| failed(format!("its text cannot be replaced: {error}")))?;
        let again = self.open(&rewritten)?;
        let replaced = again
            .readings()
            .iter()
            .filter(|reading| reading.part.text.expose() == PLACEHOLDER)
            .count();
        if replaced < body_edits.len() {
            let reason = "a placeholder does not come out as it went in";
            return Err(failed(reason.to_owned()));
        }
        Ok(())
    }

    fn open(&self, body: &Bytes) -> Result<Opening<'_>, Wrong> {
        let Some(host) = self.sample.host.as_deref().or(self.service.some_host()) else {
            let reason = "the service has no host that is a whole name".to_owned();
            return Err((reason, "give the sample a host"));
        };
        let verb = self.endpoint.verbs.first();
        if verb == Some(&Verb::WebSocket) && self.sample.method.is_none() {
            return Ok(open::open_message(
                self.catalogue,
                host,
                &self.sample.path,
                body,
                MessageKind::Text,
                self.limits,
            ));
        }
        let method = match (&self.sample.method, verb) {
            (Some(method), _) => method.as_str(),
            (None, Some(Verb::Http(method))) => method.as_str(),
            (None, Some(Verb::WebSocket) | None) => "POST",
        };
        let mut request = Request::builder().method(method).uri(&self.sample.path);
        if let Some(content_type) = &self.sample.content_type {
            request = request.header(http::header::CONTENT_TYPE, content_type);
        }
        let (head, ()) = request
            .body(())
            .map_err(|error| (error.to_string(), "check method, path and content_type"))?
            .into_parts();
        let request = CollectedRequest {
            head,
            host: host.to_owned(),
            body: body.clone(),
            trailers: None,
        };
        Ok(open::open_request(self.catalogue, &request, self.limits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(row: &str) -> String {
        let text = format!(
            "[[service]]\nid = 'a'\nname = 'A'\nhosts = ['a.example']\n[[service.endpoint]]\nid = 'x'\n{row}"
        );
        let catalogue = Catalogue::from_files(&[("office.toml".to_owned(), text)]).unwrap();
        check_samples(&catalogue, &Limits::default())
            .iter()
            .map(|mistake| format!("{mistake}\n"))
            .collect()
    }

    const ROW: &str = "path = '/v1/ask'\ncarries = 'prompt'\ncodec = 'json'\nfields = ['/q']\n[[service.endpoint.sample]]\n";

    #[test]
    fn every_builtin_sample_does_what_it_says() {
        let catalogue = Catalogue::builtin().unwrap();
        let mistakes = check_samples(&catalogue, &Limits::default());
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
        let samples = catalogue.services().iter().flat_map(|s| &s.endpoints);
        assert!(
            samples
                .map(|endpoint| endpoint.samples.len())
                .sum::<usize>()
                > 20
        );
    }

    #[test]
    fn the_optional_packs_are_good() {
        let mut files = Catalogue::builtin_files().to_vec();
        let pack = include_str!("../../patterns/optional/local-services.toml");
        files.push(("local-services.toml".to_owned(), pack.to_owned()));
        let catalogue = Catalogue::from_files(&files).unwrap();
        assert_eq!(check_samples(&catalogue, &Limits::default()), []);
        let guessed = catalogue.services().iter().filter(|s| s.id == "ai-hay");
        let rows = guessed.flat_map(|service| &service.endpoints);
        assert!(
            rows.filter(|row| row.id == "ask")
                .all(|row| !row.is_verified)
        );
    }

    #[test]
    fn a_good_sample_passes() {
        let sample = "path = '/v1/ask'\nbody = '{\"q\":\"chào\"}'\nlisted = ['/q']";
        assert_eq!(mistakes(&format!("{ROW}{sample}")), "");
    }

    #[test]
    fn a_sample_that_reaches_another_row_or_place_says_so() {
        for (sample, word) in [
            ("path = '/v2/ask'\nbody = '{}'", "reaches the row \"none\""),
            (
                "path = '/v1/ask'\nbody = '{\"text\":\"a\"}'\nlisted = ['/q']",
                "nothing stands at /q; there is",
            ),
            (
                "path = '/v1/ask'\nbody = '{\"t\":\"a\"}'\nlisted = ['/t']",
                "no field of the row names /t",
            ),
            (
                "path = '/v1/ask'\nhost = 'b.example'\nbody = '{}'",
                "reaches the row",
            ),
            ("path = 'a b'\nbody = '{}'", "check method, path"),
        ] {
            let told = mistakes(&format!("{ROW}{sample}"));
            assert!(told.contains(word), "{word}: {told}");
            assert!(
                told.starts_with("office.toml: service \"a\": endpoint \"x\": sample no. 1"),
                "{told}"
            );
        }
    }

    #[test]
    fn a_row_that_only_blocks_cannot_promise_to_redact() {
        let row = format!(
            "block_only = true\n{ROW}path = '/v1/ask'\nbody = '{{\"q\":\"a\"}}'\nlisted = ['/q']"
        );
        assert_eq!(mistakes(&row), "");
        let told = mistakes(&format!("{row}\nredactable = true"));
        assert!(told.contains("cannot be replaced"), "{told}");
    }
}
