//! `cargo xtask conformance`: builds against what the real kustomize has printed.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::shell;

#[path = "../../crates/stack-kustomize/tests/it/cases.rs"]
mod cases;

/// Runs all cases of the folders; those of the engine's own tests where none is named.
pub(crate) fn run(folders: &[&str]) -> ExitCode {
    let own = shell::repository().join("crates/stack-kustomize/tests/conformance");
    let folders: Vec<PathBuf> =
        if folders.is_empty() { vec![own] } else { folders.iter().map(PathBuf::from).collect() };
    let mut exit = ExitCode::SUCCESS;
    for folder in folders {
        let outcomes = match cases::run_all(&folder) {
            Ok(outcomes) if !outcomes.is_empty() => outcomes,
            Ok(_) => {
                eprintln!(
                    "error: `{}` holds no case: folders with `input`, `root` and `expected.yaml`",
                    folder.display()
                );
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("error: cannot read `{}`: {error}", folder.display());
                return ExitCode::FAILURE;
            }
        };
        let differ: Vec<(&str, &str)> = outcomes
            .iter()
            .filter_map(|(name, outcome)| Some((name.as_str(), outcome.as_ref().err()?.as_str())))
            .collect();
        for (name, difference) in &differ {
            println!("{name}\n{difference}\n");
        }
        println!("{}: {} of {} as the real one", folder.display(), outcomes.len() - differ.len(), outcomes.len());
        if !differ.is_empty() {
            exit = ExitCode::FAILURE;
        }
    }
    exit
}
