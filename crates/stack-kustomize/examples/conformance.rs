//! Runs folders of conformance cases: `cargo run --release -p stack-kustomize --example conformance -- DIR…`.

#[path = "../tests/it/cases.rs"]
mod cases;

use std::path::PathBuf;
use std::process::ExitCode;

#[expect(clippy::print_stdout, reason = "a program speaks to its user")]
fn main() -> ExitCode {
    let mut failed = 0;
    for folder in std::env::args_os().skip(1).map(PathBuf::from) {
        let outcomes = match cases::run_all(&folder) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                println!("{}: {error}", folder.display());
                return ExitCode::FAILURE;
            }
        };
        let failures: Vec<_> =
            outcomes.iter().filter_map(|(name, outcome)| Some((name, outcome.as_ref().err()?))).collect();
        for (name, difference) in &failures {
            println!("FAILED {name}\n{difference}\n");
        }
        println!("{}: {} passed, {} failed", folder.display(), outcomes.len() - failures.len(), failures.len());
        failed += failures.len();
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
