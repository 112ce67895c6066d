//! Every AI service that is known, and the question asked of each request: which is this?

use std::borrow::Cow;

use http::Method;

use crate::service::catalogue_build;
use crate::service::catalogue_file::{self, Mistakes};
use crate::service::catalogue_mistake::CatalogueMistake;
use crate::service::endpoint::{Endpoint, Reach, Service};
use crate::service::host::{HostPattern, HostTable, folded};
use crate::service::look_alike::LookAlikes;
use crate::service::never_intercepted::is_never_intercepted;

/// The name of the built-in catalogue file.
const BUILTIN_NAME: &str = "services.toml";
/// The name of the built-in list of names that look like AI services.
const LOOK_ALIKES_NAME: &str = "services-look-alikes.toml";
/// The id of the service that stands for AI hosts in no catalogue.
pub const UNKNOWN_AI: &str = "unknown-ai";

/// The known AI services. Immutable; a reload makes a new one.
#[derive(Clone, Debug)]
pub struct Catalogue {
    services: Vec<Service>,
    hosts: HostTable<Vec<Claim>>,
    patterns: Vec<HostPattern>,
    look_alikes: LookAlikes,
}

/// What a service says of a host pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    /// Whether others use the host too. Exclusive claims sort first.
    pub(super) sharing: Sharing,
    /// The service's index.
    pub(super) service: usize,
}

/// Whether a host is an AI service as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sharing {
    /// Everything on it belongs to the service.
    Exclusive,
    /// Only the paths of the service's rows do.
    Shared,
}

/// What a request asks the connection to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Upgrade {
    /// Nothing: it is a plain request.
    None,
    /// A WebSocket.
    WebSocket,
}

/// What a request is, as far as its head tells.
#[derive(Clone, Copy, Debug)]
pub enum Recognized<'a> {
    /// Not for an AI service.
    NotAi,
    /// For a host that the service shares with others, outside the paths of its rows.
    Passing(&'a Service),
    /// For an endpoint that a row names.
    Endpoint {
        /// The service.
        service: &'a Service,
        /// Its endpoint.
        endpoint: &'a Endpoint,
    },
    /// For an AI host, but no row names the path: everything in it is scanned.
    UnknownPath(&'a Service),
}

impl Catalogue {
    /// The catalogue that comes with the program.
    ///
    /// # Errors
    /// Every mistake in it; a test holds it to none.
    pub fn builtin() -> Result<Self, Vec<CatalogueMistake>> {
        Self::from_files(&Self::builtin_files())
    }

    /// Name and text of the built-in catalogue file, to put further files after it.
    pub fn builtin_file() -> (String, String) {
        (
            BUILTIN_NAME.to_owned(),
            include_str!("../../patterns/services.toml").to_owned(),
        )
    }

    /// All built-in files: the catalogue, and what looks like an AI service.
    pub fn builtin_files() -> [(String, String); 2] {
        let look_alikes = include_str!("../../patterns/services-look-alikes.toml");
        [
            Self::builtin_file(),
            (LOOK_ALIKES_NAME.to_owned(), look_alikes.to_owned()),
        ]
    }

    /// A catalogue of several files, each a name and its text. A service (or family) of a later
    /// file takes the place of one with the same id.
    ///
    /// # Errors
    /// Every mistake of every file.
    pub fn from_files(files: &[(String, String)]) -> Result<Self, Vec<CatalogueMistake>> {
        let mut hosts: HostTable<Vec<Claim>> = HostTable::new();
        let mut services = Vec::new();
        let mut patterns = Vec::new();
        let mut mistakes = Mistakes::default();
        let written = catalogue_file::read(files, &mut mistakes);
        let built = catalogue_build::build(&written, &mut mistakes);
        let mut look_alikes = LookAlikes::default();
        for (table, spot) in &written.look_alikes {
            look_alikes.add(table, spot, &mut mistakes);
        }
        if !mistakes.0.is_empty() {
            return Err(mistakes.0);
        }
        for (service, claimed) in built {
            for (pattern, sharing) in &claimed {
                patterns.push(pattern.clone());
                let claims = hosts.entry(pattern);
                claims.push(Claim {
                    sharing: *sharing,
                    service: services.len(),
                });
                claims.sort_unstable();
                claims.dedup();
            }
            services.push(service);
        }
        patterns.sort_unstable();
        patterns.dedup();
        Ok(Self {
            services,
            hosts,
            patterns,
            look_alikes,
        })
    }

    /// Whether the host is one of an AI service, alone or shared.
    pub fn is_ai_host(&self, host: &str) -> bool {
        self.service_of(host).is_some()
    }

    /// The service to which the host belongs first of all.
    pub fn service_of(&self, host: &str) -> Option<&Service> {
        let host = folded(host).filter(|host| !is_never_intercepted(host))?;
        let claim = self.hosts.covering(&host).flatten().next()?;
        self.services.get(claim.service)
    }

    /// Whether a host is in no row and looks like an AI service by its name.
    pub fn looks_like_ai(&self, host: &str) -> bool {
        !self.is_ai_host(host) && self.look_alikes.covers(host)
    }

    /// The service that stands for AI hosts in no row.
    pub fn unknown_ai(&self) -> Option<&Service> {
        self.services
            .iter()
            .find(|service| service.id == UNKNOWN_AI)
    }

    /// Every host of every service, each once.
    pub fn host_patterns(&self) -> impl Iterator<Item = &HostPattern> {
        self.patterns.iter()
    }

    /// What a request is. `path` may carry a query, which is not looked at.
    pub fn recognize(
        &self,
        host: &str,
        method: &Method,
        path: &str,
        upgrade: Upgrade,
    ) -> Recognized<'_> {
        let Some(host) = folded(host).filter(|host| !is_never_intercepted(host)) else {
            return Recognized::NotAi;
        };
        let path = plain(path);
        let claims = || {
            self.hosts
                .covering(&host)
                .flatten()
                .filter_map(|claim| Some((self.services.get(claim.service)?, claim.sharing)))
        };
        let Some((home, sharing)) = claims().next() else {
            return Recognized::NotAi;
        };
        let own = claims().find_map(|(service, _)| {
            let endpoint = service.endpoint(&host, method, &path, upgrade, Reach::Own)?;
            Some(Recognized::Endpoint { service, endpoint })
        });
        match (own, sharing) {
            (Some(endpoint), _) => endpoint,
            (None, Sharing::Shared) => {
                // The path of a row asked for in another way is the service all the same.
                let near = path.strip_suffix('/').unwrap_or(&path);
                claims()
                    .map(|(service, _)| service)
                    .find(|service| service.names(&host, near))
                    .map_or(Recognized::Passing(home), Recognized::UnknownPath)
            }
            (None, Sharing::Exclusive) => home
                .endpoint(&host, method, &path, upgrade, Reach::Everywhere)
                .map_or(Recognized::UnknownPath(home), |endpoint| {
                    Recognized::Endpoint {
                        service: home,
                        endpoint,
                    }
                }),
        }
    }

    /// What a request is on a host whose requests are read: one in no row is an unknown AI host,
    /// read because the office wants such hosts to be.
    pub fn recognize_read(
        &self,
        host: &str,
        method: &Method,
        path: &str,
        upgrade: Upgrade,
    ) -> Recognized<'_> {
        let recognized = self.recognize(host, method, path, upgrade);
        let (Recognized::NotAi, Some(service)) = (&recognized, self.unknown_ai()) else {
            return recognized;
        };
        service
            .endpoint(host, method, &plain(path), upgrade, Reach::Everywhere)
            .map_or(Recognized::UnknownPath(service), |endpoint| {
                Recognized::Endpoint { service, endpoint }
            })
    }

    /// All services, in the order of the files.
    pub fn services(&self) -> &[Service] {
        &self.services
    }
}

/// Host patterns with what a service says of each.
pub(super) type Claimed = Vec<(HostPattern, Sharing)>;

/// The path as servers understand it: no query, escapes undone, no empty or `.` steps, no
/// parameters of steps (RFC 3986 section 3.3). Another spelling of a path must not slip past its row
/// on a shared host.
fn plain(path: &str) -> Cow<'_, str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_plain = !path.contains(['%', ';', '\\']) && !path.contains("//") && !path.contains("/.");
    if is_plain {
        return Cow::Borrowed(path);
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let mut steps: Vec<&str> = Vec::new();
    for step in decoded.split(['/', '\\']) {
        match step.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    let end = if decoded.ends_with('/') && !steps.is_empty() {
        "/"
    } else {
        ""
    };
    Cow::Owned(format!("/{}{end}", steps.join("/")))
}
