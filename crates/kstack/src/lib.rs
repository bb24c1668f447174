//! The command line `kstack` as a library, and the only crate that touches the disk and the terminal.
//!
//! [`run`] is the whole program: arguments in, text and files out. `src/main.rs` calls it with the real terminal, `cargo xtask`
//! with the defaults of its repository, and tests with buffers:
//!
//! ```
//! use kstack::{Console, Exit, Surroundings};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! let surroundings = Surroundings::in_folder(folder.path());
//! let (mut out, mut err) = (Vec::new(), Vec::new());
//! let exit = kstack::run(["new", "hello"], &surroundings, &mut Console::new(&mut out, &mut err));
//! assert_eq!(exit, Exit::Good);
//! assert!(folder.path().join("hello/stack.yaml").exists());
//! ```
//!
//! [`disk`] reads folders into trees, and writes trees whole or not at all.

pub mod disk;
pub mod rule;

mod cli;
mod commands;
mod console;
mod exit;
mod failure;
mod git;
mod kustomization;
mod package;
mod report;
mod surroundings;
mod table;

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _};

pub use console::Console;
pub use exit::Exit;
pub use surroundings::Surroundings;

/// Runs one command, without the program's name in front.
pub fn run<A: Into<OsString>>(
    arguments: impl IntoIterator<Item = A>,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Exit {
    let words = std::iter::once(OsString::from(&surroundings.program)).chain(arguments.into_iter().map(Into::into));
    let matches = cli::command(surroundings).try_get_matches_from(words);
    let parsed = matches.and_then(|matches| cli::Cli::from_arg_matches(&matches));
    let json = parsed.as_ref().is_ok_and(|cli| cli.command.is_json());
    let result = match parsed {
        Ok(cli) => commands::run(&cli.command, surroundings, console),
        Err(answer) => console.answer(&answer),
    };
    result.unwrap_or_else(|failure| failure.tell(json, surroundings, console))
}

/// The definition of the command line, for a manual of one's own.
pub fn command() -> clap::Command {
    cli::Cli::command()
}
