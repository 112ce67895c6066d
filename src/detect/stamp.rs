//! How are the words of a stamp parted?
//!
//! In: what a rule says for a mark that stands alone, its words parted by one space. Out: the
//! same for all that may stand there instead: wider spaces, a tab, the end of the line in a
//! narrow stamp, signs of emphasis around each word.
//!
//! Never: a rule for values within text.

/// What parts two words of a stamp.
const GAP: &str = r"[ \t\n*_]{1,7}";
/// The same, as keywords spell it.
const GAPS: [&str; 6] = [" ", "  ", "   ", "\t", "\n", "** **"];

/// The pattern with its single spaces between words read as gaps.
pub(super) fn pattern(written: &str) -> String {
    let mut pattern = String::with_capacity(2 * written.len());
    let mut before: Option<char> = None;
    let mut is_in_class = false;
    let mut ahead = written.chars().peekable();
    while let Some(c) = ahead.next() {
        if before != Some('\\') {
            is_in_class = c == '[' || is_in_class && c != ']';
        }
        let parts_words = c == ' '
            && !is_in_class
            && before.is_some_and(|before| before.is_alphabetic() || ":)".contains(before))
            && ahead
                .peek()
                .is_some_and(|next| next.is_alphabetic() || "()".contains(*next));
        if parts_words {
            pattern.push_str(GAP);
        } else {
            pattern.push(c);
        }
        before = Some(c);
    }
    pattern
}

/// Each keyword, and how it is written with other gaps.
pub(super) fn keywords(words: &[String]) -> Vec<String> {
    let mut spelled: Vec<String> = words
        .iter()
        .flat_map(|word| GAPS.map(|gap| word.replace(' ', gap)))
        .collect();
    spelled.sort();
    spelled.dedup();
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_single_spaces_between_words_are_gaps() {
        assert_eq!(
            pattern("(?:A B )?C D {1,3}E ?G(?: H)"),
            format!("(?:A{GAP}B{GAP})?C{GAP}D {{1,3}}E ?G(?:{GAP}H)")
        );
    }

    #[test]
    fn the_space_in_a_class_of_characters_is_one_of_them() {
        assert_eq!(pattern(r"A[B C]D"), r"A[B C]D");
        assert_eq!(pattern(r"A\[B C"), format!(r"A\[B{GAP}C"));
    }

    #[test]
    fn a_keyword_of_one_word_stays_one() {
        assert_eq!(keywords(&["a".to_owned()]), ["a"]);
        assert_eq!(keywords(&["a b".to_owned()]).len(), GAPS.len());
    }
}
