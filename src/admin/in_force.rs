//! Which rules are in force, from which files? What the page of rules shows of them.

use crate::model::exchange::UnixMillis;

/// The rules in force, by file.
#[derive(Clone, Debug, Default)]
pub struct RulesInForce {
    /// When they were read.
    pub read_at: UnixMillis,
    /// The files, the policy first.
    pub files: Vec<RuleFile>,
    /// The units of the settings file: name, and how they are known.
    pub units: Vec<(String, String)>,
}

/// One file of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// What it holds, as people call it.
    pub kind: &'static str,
    /// Its name; of what comes with the program, the name in the binary.
    pub name: String,
    /// The SHA-256 of its text, hexadecimal.
    pub hash: String,
    /// Whose file it is; empty for what comes with the program.
    pub owner: String,
}
