//! Which strings of a request does a catalogue row name?
//!
//! A field path is a JSON pointer with wildcards, read against a part's locator:
//!
//! ```text
//! /messages/*/content     a key or index each; * stands for any one of them
//! /context/**             the place itself and everything below it
//! /f.req!json/1!json/0    the string is JSON text itself, which was opened; go on inside
//! query/q                 a field of the query string
//! /body                   in a row of codec raw: the whole body
//! /                       in answers: all of a unit, where it is nothing but a string
//! ```
//!
//! `~1` is a slash and `~0` a tilde within a key (RFC 6901). A path also covers what was opened
//! inside the string it names: a prompt that is itself JSON or Base64 is still the prompt.

use std::str::FromStr;

use crate::model::part::{PartLocator, Place, Step};

/// The longest field path, in bytes.
const PATH_BYTES_MAX: usize = 200;

/// A parsed field path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    region: Region,
    segments: Vec<Segment>,
    /// Whether the path ends in `**`.
    is_open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Region {
    Body,
    Query,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// A key, or an index where it is a number.
    Named(String, Option<usize>),
    /// Any one key or index.
    Any,
    /// The string was opened as JSON.
    Json,
    /// The string was decoded from bytes.
    Decoded,
}

impl FieldPath {
    /// The whole body: `/body` in a row of codec raw, `/` in answers.
    pub const fn whole_body() -> Self {
        Self {
            region: Region::Body,
            segments: Vec::new(),
            is_open: false,
        }
    }

    /// Whether the path names the part.
    pub fn covers(&self, locator: &PartLocator) -> bool {
        let is_in_region = match (&locator.place, self.region) {
            (Place::Body, Region::Body) | (Place::Query, Region::Query) => true,
            (Place::Path | Place::Query | Place::Header(_) | Place::Body, _) => false,
        };
        let Some((named, below)) = locator.steps.split_at_checked(self.segments.len()) else {
            return false;
        };
        is_in_region
            && self
                .segments
                .iter()
                .zip(named)
                .all(|(segment, step)| segment.covers(step))
            && (self.is_open
                || match below.first() {
                    None | Some(Step::Json | Step::Decoded) => true,
                    Some(Step::Key(_) | Step::Index(_)) => false,
                })
    }
}

impl FieldPath {
    /// How many steps lead to the first element that a `*` stands for; all of them, if none does.
    pub(super) fn steps_to_element(&self) -> usize {
        let any = self.segments.iter().position(|one| *one == Segment::Any);
        any.map_or(self.segments.len(), |at| at + 1)
    }

    /// Whether the path names this very place of a body.
    pub(super) fn names(&self, place: &[Step]) -> bool {
        let Some((named, below)) = place.split_at_checked(self.segments.len()) else {
            return false;
        };
        self.goes_along(named) && (self.is_open || below.is_empty())
    }

    /// Whether the path goes on inside the string at this place.
    pub(super) fn leads_into(&self, place: &[Step]) -> bool {
        self.segments.get(place.len()) == Some(&Segment::Json) && self.goes_along(place)
    }

    fn goes_along(&self, place: &[Step]) -> bool {
        let pairs = self.segments.iter().zip(place);
        self.region == Region::Body
            && pairs
                .into_iter()
                .all(|(segment, step)| segment.covers(step))
    }
}

impl Segment {
    fn covers(&self, step: &Step) -> bool {
        match (self, step) {
            (Self::Named(name, _), Step::Key(key)) => name == key,
            (Self::Named(_, index), Step::Index(at)) => *index == Some(*at),
            (Self::Any, Step::Key(_) | Step::Index(_))
            | (Self::Json, Step::Json)
            | (Self::Decoded, Step::Decoded) => true,
            (Self::Named(..) | Self::Any, Step::Json | Step::Decoded)
            | (Self::Json, Step::Key(_) | Step::Index(_) | Step::Decoded)
            | (Self::Decoded, Step::Key(_) | Step::Index(_) | Step::Json) => false,
        }
    }

    fn named(text: &str) -> Self {
        let name = text.replace("~1", "/").replace("~0", "~");
        let index = name.parse().ok();
        Self::Named(name, index)
    }
}

impl FromStr for FieldPath {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        if text.len() > PATH_BYTES_MAX {
            return Err("the field path is too long");
        }
        let (region, rest) = match text.strip_prefix("query/") {
            Some(rest) => (Region::Query, rest),
            None => match text.strip_prefix('/') {
                Some(rest) => (Region::Body, rest),
                None => return Err("a field path starts with / or query/"),
            },
        };
        let mut segments = Vec::new();
        let mut is_open = false;
        for piece in rest.split('/') {
            if is_open {
                return Err("** stands only at the end of a field path");
            }
            let mut words = piece.split('!');
            match words.next().unwrap_or_default() {
                "" => return Err("a field path has an empty step"),
                "**" => is_open = true,
                "*" => segments.push(Segment::Any),
                name => segments.push(Segment::named(name)),
            }
            for word in words {
                segments.push(match word {
                    _ if is_open => return Err("** stands only at the end of a field path"),
                    "json" => Segment::Json,
                    "decoded" => Segment::Decoded,
                    _ => return Err("after ! a field path knows json and decoded"),
                });
            }
        }
        Ok(Self {
            region,
            segments,
            is_open,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Step {
        Step::Key(name.to_owned())
    }

    fn covers(path: &str, steps: &[Step]) -> bool {
        let path: FieldPath = path.parse().unwrap();
        path.covers(&PartLocator {
            place: Place::Body,
            steps: steps.to_vec(),
        })
    }

    #[test]
    fn a_star_stands_for_one_key_or_index() {
        let parts = [key("messages"), Step::Index(3), key("content")];
        assert!(covers("/messages/*/content", &parts));
        assert!(covers("/messages/3/content", &parts));
        assert!(!covers("/messages/0/content", &parts));
        assert!(!covers("/messages/*", &parts));
        assert!(!covers("/messages/*/content/*", &parts));
        assert!(covers("/*/Text", &[Step::Index(0), key("Text")]));
    }

    #[test]
    fn two_stars_stand_for_the_place_and_all_below() {
        assert!(covers("/a/**", &[key("a")]));
        assert!(covers(
            "/a/**",
            &[key("a"), Step::Json, Step::Index(1), key("b")]
        ));
        assert!(!covers("/a/**", &[key("b")]));
        assert!(covers("/**", &[]));
    }

    #[test]
    fn json_inside_a_string_is_entered_by_name() {
        let steps = [
            key("f.req"),
            Step::Json,
            Step::Index(1),
            Step::Json,
            Step::Index(0),
            Step::Index(0),
        ];
        assert!(covers("/f.req!json/1!json/0/0", &steps));
        assert!(!covers("/f.req!json/1/0/0", &steps));
    }

    #[test]
    fn what_was_opened_inside_a_named_string_is_named_too() {
        assert!(covers("/prompt", &[key("prompt"), Step::Json, key("cccd")]));
        assert!(covers("/prompt", &[key("prompt"), Step::Decoded]));
        assert!(!covers("/prompt", &[key("prompt"), key("x")]));
    }

    #[test]
    fn regions_are_kept_apart() {
        let query: FieldPath = "query/q".parse().unwrap();
        let at = |place| PartLocator {
            place,
            steps: vec![key("q")],
        };
        assert!(query.covers(&at(Place::Query)));
        assert!(!query.covers(&at(Place::Body)));
        assert!(FieldPath::whole_body().covers(&PartLocator::whole(Place::Body)));
        assert!(!FieldPath::whole_body().covers(&PartLocator::whole(Place::Path)));
    }

    #[test]
    fn slashes_and_tildes_in_keys_are_escaped() {
        assert!(covers("/a~1b/c~0d", &[key("a/b"), key("c~d")]));
    }

    #[test]
    fn mistakes_are_refused() {
        for bad in [
            "", "a", "/", "/a//b", "/**/a", "/**!json", "/a!yaml", "query/", "header/a",
        ] {
            assert!(bad.parse::<FieldPath>().is_err(), "{bad}");
        }
    }
}
