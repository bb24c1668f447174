//! `cargo xtask …`: kstack's commands for this repository, and its own chores.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod bench;
mod ci;
mod conformance;
mod judge;
mod kstack_command;
mod shell;

use std::process::ExitCode;

use kstack::{Console, Surroundings};

const CHORES: &str = "\
Chores of this repository:
  ci [STEP…]              all that CI runs, in its order; or some of it, or all `--but` some
  judge [NAME…]           let the real programs judge the emitted trees; all without a name
  judge --tree DIR NAME…  judge any tree with k8s/base and k8s/overlays in it
  judge differential COUNT [SEED]   random trees, built by kustomize's own code and by ours
  judge install [NAME…]   install the judges
  judge list              what each of them proves
  conformance [DIR]       builds against what the real kustomize has printed
  bench                   how fast, and beside kubectl";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["ci" | "judge" | "conformance" | "bench", rest @ ..]
            if rest.iter().any(|word| ["--help", "-h"].contains(word)) =>
        {
            println!("{CHORES}");
            ExitCode::SUCCESS
        }
        ["ci", steps @ ..] => ci::run(steps),
        ["judge", rest @ ..] => judge::run(rest),
        ["conformance", folders @ ..] => conformance::run(folders),
        ["bench"] => bench::run(),
        ["bench", "measure", program, rest @ ..] => bench::child::measure(program, rest),
        _ => kstack::run(words, &surroundings(), &mut Console::terminal()).into(),
    }
}

/// The command line of kstack, at home in this repository: without a package, llm-stack is meant.
fn surroundings() -> Surroundings {
    let repository = shell::repository();
    let folder = std::env::current_dir().unwrap_or_else(|_| repository.clone());
    Surroundings {
        program: "cargo xtask".to_owned(),
        default_package: Some(repository.join("examples/llm-stack")),
        skaffold_folder: Some(repository),
        more_help: Some(CHORES.to_owned()),
        ..Surroundings::in_folder(folder)
    }
}
