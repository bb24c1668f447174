//! The one place where the chores call kstack.

use std::process::{Command, Output};

use crate::shell;

/// Runs `kstack ARGUMENTS…`.
pub(crate) fn kstack(arguments: &[&str]) -> Result<Output, String> {
    let mut command = command();
    let output = shell::run(command.args(arguments))?;
    if output.status.success() { Ok(output) } else { Err(shell::said(&command, &output)) }
}

fn command() -> Command {
    let mut command = shell::command(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "kstack", "--"]);
    command
}
