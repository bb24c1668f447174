//! One file per command.

mod build;
mod check;
mod completions;
mod emit;
mod man;
mod new;
mod render;
mod show;

use crate::cli::Command;
use crate::failure::Failure;
use crate::{Console, Exit, Surroundings};

pub(crate) fn run(command: &Command, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Emit(arguments) => emit::run(arguments, surroundings, console),
        Command::Render(arguments) => render::run(arguments, surroundings, console),
        Command::Build(arguments) => build::run(arguments, surroundings, console),
        Command::Check(arguments) => check::run(arguments, surroundings, console),
        Command::Show(arguments) => show::run(arguments, surroundings, console),
        Command::New(arguments) => new::run(arguments, surroundings, console),
        Command::Completions(arguments) => completions::run(arguments, console),
        Command::Man => man::run(console),
    }
}
