use crate::cli::Completions;
use crate::failure::Failure;
use crate::{Console, Exit};

pub(super) fn run(arguments: &Completions, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::command(), "kstack", &mut script);
    console.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Good)
}
