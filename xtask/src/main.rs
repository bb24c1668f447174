//! `cargo xtask …`: kstack's commands for this repository, and its own chores.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod ci;
mod judge;
mod kstack_command;
mod shell;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask ci [STEP…]              all that CI runs, in its order; or some of it
       cargo xtask judge [NAME…]           let the real programs judge the emitted trees
       cargo xtask judge --tree DIR NAME…  judge any tree with k8s/base and k8s/overlays in it
       cargo xtask judge install [NAME…]   install the judges
       cargo xtask judge list              what each of them proves";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["ci", steps @ ..] => ci::run(steps),
        ["judge", rest @ ..] => judge::run(rest),
        _ => wrong_usage(),
    }
}

fn wrong_usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}
