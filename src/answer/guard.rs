//! May a value stand at this place of an answer's text?
//!
//! An answer may have been written by somebody else: a document that the clerk had summarized can
//! make the model write a picture whose address holds the placeholder. If the value were put in
//! there, the clerk's browser would carry it to a stranger. So no value stands in a URL, the target
//! of a link or picture, an HTML tag or a script.
//!
//! In: the text, character by character, as the service wrote it. Out: whether the place before
//! the next character is clear. Three watchers look at all characters, each on its own, and a place
//! is clear where none objects: readers differ in where Markdown ends and HTML begins, so no
//! watcher may end another's watch. Where an end could be feigned (a quote within a tag, a comment,
//! a script) nothing is clear until the text ends.
//!
//! Never: takes a place for clear because its end was not seen yet.

/// What makes a run of characters without a space a URL.
const URL_MARKS: [&str; 9] = [
    "//",
    "www.",
    "http:",
    "https:",
    "mailto:",
    "javascript:",
    "href=",
    "src=",
    "url(",
];
/// The longest of them.
const MARK_BYTES_MAX: usize = 11;
/// Tags whose contents are no text.
const CLOSED_TAGS: [&str; 14] = [
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "template",
    "noscript",
    "textarea",
    "title",
    "xmp",
    "plaintext",
    "noembed",
];
const TAG_NAME_BYTES_MAX: usize = 16;

/// The watchers over one text.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    tag: Tag,
    target: Target,
    run: Run,
}

impl Guard {
    /// Whether a value may stand here.
    pub(super) const fn is_clear(&self) -> bool {
        matches!(self.tag, Tag::Outside)
            && matches!(self.target, Target::None | Target::Bracket)
            && !self.run.is_url
    }

    /// Sees the next character.
    pub(super) fn see(&mut self, char: char) {
        self.tag.see(char);
        self.target = self.target.after(char);
        self.run.see(char);
    }
}

/// HTML tags.
#[derive(Clone, Debug, Default)]
enum Tag {
    #[default]
    Outside,
    /// After `<`.
    Opened,
    /// In a tag's name.
    Name(String),
    /// In a tag, after its name.
    Inside,
    /// Where an end cannot be trusted.
    ToTheEnd,
}

impl Tag {
    fn see(&mut self, char: char) {
        match self {
            Self::Outside => {
                if char == '<' {
                    *self = Self::Opened;
                }
            }
            Self::Opened => {
                *self = match char {
                    '<' => Self::Opened,
                    '/' => Self::Inside,
                    '!' | '?' => Self::ToTheEnd,
                    letter if letter.is_ascii_alphabetic() => {
                        Self::Name(letter.to_ascii_lowercase().to_string())
                    }
                    _ => Self::Outside,
                }
            }
            Self::Name(name) => match char {
                letter if letter.is_ascii_alphanumeric() && name.len() < TAG_NAME_BYTES_MAX => {
                    name.push(letter.to_ascii_lowercase());
                }
                _ if CLOSED_TAGS.contains(&name.as_str()) => *self = Self::ToTheEnd,
                _ => {
                    *self = Self::Inside;
                    self.see(char);
                }
            },
            Self::Inside => match char {
                '>' => *self = Self::Outside,
                '"' | '\'' | '`' => *self = Self::ToTheEnd,
                _ => {}
            },
            Self::ToTheEnd => {}
        }
    }
}

/// Targets of Markdown links and pictures: `](target)`, and `[name]: target`.
#[derive(Clone, Copy, Debug, Default)]
enum Target {
    #[default]
    None,
    /// After `]`.
    Bracket,
    /// After `](` or `]:`, before the target. Two line ends, and there is none.
    Before { link: Link, lines: u8 },
    /// In a target.
    Inside(End),
}

#[derive(Clone, Copy, Debug)]
enum Link {
    Inline,
    Definition,
}

/// Where a target ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// At `)`.
    Parenthesis,
    /// At a space.
    Space,
    /// At the end of the line: brackets and backslashes make other ends uncertain.
    Line,
}

impl Target {
    const fn after(self, char: char) -> Self {
        match (self, char) {
            (Self::None | Self::Bracket, ']') => Self::Bracket,
            (Self::Bracket, '(') => Self::Before {
                link: Link::Inline,
                lines: 0,
            },
            (Self::Bracket, ':') => Self::Before {
                link: Link::Definition,
                lines: 0,
            },
            (Self::None | Self::Bracket, _) => Self::None,
            (Self::Before { lines: 1, .. } | Self::Inside(_), '\n') => Self::None,
            (Self::Before { link, .. }, '\n') => Self::Before { link, lines: 1 },
            (Self::Before { .. }, ' ' | '\t' | '\r') => self,
            (Self::Before { .. } | Self::Inside(_), '<' | '\\' | '(') => Self::Inside(End::Line),
            (
                Self::Before {
                    link: Link::Inline, ..
                }
                | Self::Inside(End::Parenthesis),
                ')',
            )
            | (Self::Inside(End::Space), ' ' | '\t') => Self::None,
            (
                Self::Before {
                    link: Link::Inline, ..
                },
                _,
            ) => Self::Inside(End::Parenthesis),
            (
                Self::Before {
                    link: Link::Definition,
                    ..
                },
                _,
            ) => Self::Inside(End::Space),
            (Self::Inside(_), _) => self,
        }
    }
}

/// Runs of characters without a space: bare URLs, and attributes outside of tags.
#[derive(Clone, Debug, Default)]
struct Run {
    /// The last characters, in lower case, where they are ASCII.
    last: String,
    is_url: bool,
}

impl Run {
    fn see(&mut self, char: char) {
        if char.is_whitespace() || char == '<' {
            self.last.clear();
            self.is_url = false;
            return;
        }
        if self.is_url {
            return;
        }
        if !char.is_ascii() {
            self.last.clear();
            return;
        }
        if self.last.len() >= MARK_BYTES_MAX {
            self.last.remove(0);
        }
        self.last.push(char.to_ascii_lowercase());
        self.is_url = URL_MARKS.iter().any(|mark| self.last.ends_with(mark));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a value may stand at the end of the text.
    fn is_clear(text: &str) -> bool {
        let mut guard = Guard::default();
        for char in text.chars() {
            guard.see(char);
        }
        guard.is_clear()
    }

    #[test]
    fn prose_tables_code_and_plain_tags_are_clear() {
        for text in [
            "",
            "Số CCCD: ",
            "**",
            "| ",
            "<br>",
            "x < 5 và ",
            "[Ghi chú] ",
            "[a](https://x.vn) ",
            "[a](https://x.vn): ",
            "https://x.vn/a?b ",
            "[1]: https://x.vn\n",
            "`",
            "{\"cccd\":\"",
            "- [ ] ",
        ] {
            assert!(is_clear(text), "{text}");
        }
    }

    #[test]
    fn nothing_stands_in_a_url_or_target() {
        for text in [
            "https://x.example/?q=",
            "HTTPS:x.example/",
            "//x.example/",
            "www.x.example/",
            "mailto:a@x.example?body=",
            "![a](/p?",
            "![a](\n//x/",
            "![a](<//x/a b)",
            "![a](//x/(a)",
            "![a](//x/\\)",
            "![a](//x a ",
            "[a]: /p?",
            "[a]:\n/p?",
            "url(",
        ] {
            assert!(!is_clear(text), "{text}");
        }
    }

    #[test]
    fn nothing_stands_in_a_tag_or_script() {
        for text in [
            "<",
            "<img src=//x/?",
            "<img alt=\">\" src=\"//x/?",
            "`<a b=\"` <img src=\"//x/?>",
            "<script>",
            "<SCRIPT >a</script> ",
            "<!-- > ",
            "<p title='",
            "</",
            "<a\nhref=/?",
        ] {
            assert!(!is_clear(text), "{text}");
        }
    }
}
