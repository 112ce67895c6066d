//! What does a Rust file say, once comments, text literals and test code are set aside?
//!
//! A plain reader, not a parser: it blanks what is no code and keeps every line break, so that a
//! finding can name its line. Good enough to hold house rules; the compiler holds the rest.

use std::path::{Path, PathBuf};

const TEST_MARK: &str = "#[cfg(test)]";

/// One file of the tree.
pub(crate) struct SourceFile {
    /// Relative to the repository, with forward slashes.
    pub(crate) path: String,
    /// As it stands on disk.
    pub(crate) text: String,
    /// The same length in lines, with comments, literals and test code blanked.
    pub(crate) code: String,
}

impl SourceFile {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let code = blank_test_items(&blank_literals_and_comments(text));
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
        }
    }

    /// The top module the file belongs to: `inspect` for `src/inspect/mod.rs`, `main` for
    /// `src/main.rs`.
    pub(crate) fn module(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let first = inside.split('/').next().unwrap_or(inside);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Every place where `words` stand as code, as line numbers from 1. A word character on
    /// either end must not continue in the text around it.
    pub(crate) fn lines_with(&self, words: &str) -> Vec<usize> {
        occurrences(&self.code, words)
            .into_iter()
            .map(|at| line_of(&self.code, at))
            .collect()
    }
}

/// All `.rs` files below `root/src`, sorted by path.
pub(crate) fn source_tree(root: &Path) -> Vec<SourceFile> {
    let mut paths = Vec::new();
    collect_rust_files(&root.join("src"), &mut paths);
    paths.sort();
    let files = paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).expect("source files are UTF-8");
            let relative = path.strip_prefix(root).unwrap_or(path);
            SourceFile::new(&relative.to_string_lossy().replace('\\', "/"), &text)
        })
        .collect();
    without_test_modules(files)
}

/// Test modules may live in files of their own: `#[cfg(test)] mod tests;`.
pub(crate) fn without_test_modules(mut files: Vec<SourceFile>) -> Vec<SourceFile> {
    let tests: Vec<String> = files.iter().flat_map(test_modules_of).collect();
    for file in files.iter_mut().filter(|file| tests.contains(&file.path)) {
        file.code.retain(|c| c == '\n');
    }
    files
}

fn test_modules_of(file: &SourceFile) -> Vec<String> {
    let blanked = blank_literals_and_comments(&file.text);
    let folder = match file.path.strip_suffix("/mod.rs") {
        Some(folder) => folder,
        None if matches!(file.path.as_str(), "src/lib.rs" | "src/main.rs") => "src",
        None => file.path.strip_suffix(".rs").unwrap_or(&file.path),
    };
    blanked
        .match_indices(TEST_MARK)
        .filter_map(|(at, mark)| {
            let item = blanked.get(at + mark.len()..end_of_item(&blanked, at + mark.len()))?;
            let (_, name) = item.strip_suffix(';')?.rsplit_once("mod ")?;
            Some(format!("{folder}/{}.rs", name.trim()))
        })
        .collect()
}

fn collect_rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the source folder is readable") {
        let path = entry.expect("the source folder is readable").path();
        if path.is_dir() {
            collect_rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The line number, from 1, of a byte offset.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Byte offsets of `words` in `code`, on word boundaries.
pub(crate) fn occurrences(code: &str, words: &str) -> Vec<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let opens_with_word = words.starts_with(is_word);
    let ends_with_word = words.ends_with(is_word);
    code.match_indices(words)
        .filter(|(at, _)| {
            let before = code.get(..*at).and_then(|text| text.chars().next_back());
            let after = code
                .get(at + words.len()..)
                .and_then(|text| text.chars().next());
            let continues_before = opens_with_word && before.is_some_and(is_word);
            let continues_after = ends_with_word && after.is_some_and(is_word);
            !continues_before && !continues_after
        })
        .map(|(at, _)| at)
        .collect()
}

/// The first path segments after `prefix` (`crate::`, `std::`), with their offsets:
/// `use crate::{a::b, c}` gives `a` and `c`.
pub(crate) fn segments_after(code: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in occurrences(code, prefix) {
        let rest = code.get(at + prefix.len()..).unwrap_or_default();
        let names = match rest.trim_start().strip_prefix('{') {
            Some(group) => top_names_of_group(group),
            None => vec![leading_name(rest)],
        };
        found.extend(
            names
                .into_iter()
                .filter(|name| !name.is_empty())
                .map(|name| (at, name)),
        );
    }
    found
}

fn leading_name(text: &str) -> String {
    let text = text.trim_start();
    let text = text.strip_prefix("r#").unwrap_or(text);
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

fn top_names_of_group(group: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut names = vec![leading_name(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(leading_name(group.get(at + 1..).unwrap_or_default())),
            _ => {}
        }
    }
    names
}

/// The offset just after the `}` that closes the first `{` at or after `from`, or after a `;`
/// that comes before any `{`.
pub(crate) fn end_of_item(code: &str, from: usize) -> usize {
    let mut depth = 0_i32;
    let mut brackets = 0_i32;
    for (at, c) in code.char_indices().skip_while(|(at, _)| *at < from) {
        match c {
            '[' | '(' => brackets += 1,
            ']' | ')' => brackets -= 1,
            ';' if depth == 0 && brackets == 0 => return at + 1,
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth <= 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// Blanks every item under `#[cfg(test)]`.
fn blank_test_items(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut from = 0;
    for (at, mark) in code.match_indices(TEST_MARK) {
        if at < from {
            continue;
        }
        kept.push_str(code.get(from..at).unwrap_or_default());
        from = end_of_item(code, at + mark.len());
        kept.extend(
            code.get(at..from)
                .unwrap_or_default()
                .chars()
                .filter(|c| *c == '\n'),
        );
    }
    kept.push_str(code.get(from..).unwrap_or_default());
    kept
}

/// Blanks comments and the insides of text and character literals; line breaks stay.
pub(crate) fn blank_literals_and_comments(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = match (c, chars.get(at + 1)) {
            ('/', Some('/')) => end_of_line(&chars, at),
            ('/', Some('*')) => end_of_block_comment(&chars, at),
            ('"', _) => end_of_string(&chars, at + 1),
            ('r', Some('"' | '#')) if !continues_a_word(&chars, at) => {
                end_of_raw_string(&chars, at).unwrap_or(at)
            }
            ('\'', _) => end_of_char(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            code.push(c);
            at += 1;
            continue;
        }
        code.push(' ');
        code.extend(chars.iter().take(end).skip(at).filter(|c| **c == '\n'));
        at = end;
    }
    code
}

/// `for` ends in `r`, and so may a name; `br"…"` is a raw string all the same.
fn continues_a_word(chars: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|place| chars.get(place));
    match before(1) {
        Some('b') => before(2).is_some_and(|c| c.is_alphanumeric() || *c == '_'),
        Some(c) => c.is_alphanumeric() || *c == '_',
        None => false,
    }
}

fn end_of_line(chars: &[char], from: usize) -> usize {
    chars
        .iter()
        .skip(from)
        .position(|c| *c == '\n')
        .map_or(chars.len(), |length| from + length)
}

fn end_of_block_comment(chars: &[char], from: usize) -> usize {
    let mut depth = 0_u32;
    let mut at = from;
    while let Some(&c) = chars.get(at) {
        match (c, chars.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    let mut at = from;
    while let Some(&c) = chars.get(at) {
        match c {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn end_of_raw_string(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars
        .iter()
        .skip(from + 1)
        .take_while(|c| **c == '#')
        .count();
    if chars.get(from + 1 + hashes) != Some(&'"') {
        return None;
    }
    let mut at = from + 2 + hashes;
    while let Some(&c) = chars.get(at) {
        at += 1;
        if c == '"'
            && chars
                .iter()
                .skip(at)
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes
        {
            return Some(at + hashes);
        }
    }
    Some(chars.len())
}

/// `'a'` and `'\n'` are literals; `'a` is a lifetime.
fn end_of_char(chars: &[char], from: usize) -> Option<usize> {
    if chars.get(from + 1) == Some(&'\\') {
        let length = chars.iter().skip(from + 3).position(|c| *c == '\'')?;
        return Some(from + 3 + length + 1);
    }
    (chars.get(from + 2) == Some(&'\'')).then_some(from + 3)
}
