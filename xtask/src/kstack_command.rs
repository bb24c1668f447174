//! The one place where the chores call kstack.

use std::process::{Command, Output};

use crate::shell;

/// Runs `kstack ARGUMENTS…`; none while the program has no such command.
pub(crate) fn kstack(arguments: &[&str]) -> Result<Option<Output>, String> {
    if !shell::repository().join("crates/kstack/src/main.rs").exists() {
        return Ok(None);
    }
    let mut command = command();
    let output = shell::run(command.args(arguments))?;
    if output.status.success() { Ok(Some(output)) } else { Err(shell::said(&command, &output)) }
}

fn command() -> Command {
    let mut command = shell::command(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "kstack", "--"]);
    command
}
