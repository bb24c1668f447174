//! Running other programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root of this repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// A program that reads no input, started in the repository.
pub(crate) fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(repository()).stdin(Stdio::null());
    command
}

/// Runs a program and gives what it wrote to standard output; the error holds what it said.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = run(command)?;
    if output.status.success() { Ok(output.stdout) } else { Err(said(command, &output)) }
}

/// [`output`] as text.
pub(crate) fn text(command: &mut Command) -> Result<String, String> {
    output(command).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Runs a program whose failure is an answer too.
pub(crate) fn run(command: &mut Command) -> Result<Output, String> {
    command.output().map_err(|error| format!("cannot start {}: {error}", shown(command)))
}

/// Runs a program that talks to the terminal itself.
pub(crate) fn watch(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} failed ({status})", shown(command))),
        Err(error) => Err(format!("cannot start {}: {error}", shown(command))),
    }
}

/// What a program that failed has said.
pub(crate) fn said(command: &Command, output: &Output) -> String {
    let text = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    format!("{} failed ({})\n{}", shown(command), output.status, text.join("\n").trim())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}
