//! Texts of all kinds in one object: what kustomize reads in them is stored beside the tests of the engine.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use super::batch::{Answer, Batch};
use super::random::texts::tree;
use crate::judge::Failure;
use crate::judge::kustomize::STORE;
use crate::shell;

const FILE: &str = "crates/stack-kustomize/tests/texts.jsonl";

/// Whether kustomize still says what is stored; with [`STORE`] set, what it says is stored.
pub(super) fn ask() -> Result<usize, Failure> {
    let path = shell::repository().join(FILE);
    let wrong = |error: &dyn std::fmt::Display| Failure::Wrong(format!("{FILE}: {error}"));
    let stored = fs::read_to_string(&path).map_err(|error| wrong(&error))?;
    let mut batch = Batch::start()?;
    let mut lines = String::new();
    for line in stored.lines() {
        let case: Value = serde_json::from_str(line).map_err(|error| wrong(&error))?;
        let text = case["text"].as_str().unwrap_or_default();
        let built = match batch.ask(&tree(text))? {
            Answer::Output(built) => Value::from(built),
            Answer::Error(_) => Value::Null,
        };
        let _ = writeln!(lines, "{}", json!({"text": text, "built": built})); // into a `String`: cannot fail
    }
    if std::env::var_os(STORE).is_some() {
        fs::write(&path, &lines).map_err(|error| wrong(&error))?;
    } else if lines != stored {
        let index = lines.lines().zip(stored.lines()).position(|(new, old)| new != old).unwrap_or_default();
        let said = lines.lines().nth(index).unwrap_or_default();
        return Err(wrong(&format!("line {}: kustomize says {said}", index + 1)));
    }
    Ok(lines.lines().count())
}
