use clap_mangen::Man;

use crate::failure::Failure;
use crate::{Console, Exit};

/// The manual of the program and, behind it, of each command.
pub(super) fn run(console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut command = crate::command();
    command.build();
    let mut pages = Vec::new();
    let failed = |error: std::io::Error| Failure::System(format!("cannot make the manual: {error}"));
    Man::new(command.clone()).render(&mut pages).map_err(failed)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let man = Man::new(sub.clone());
        man.render_synopsis_section(&mut pages).map_err(failed)?;
        man.render_description_section(&mut pages).map_err(failed)?;
        man.render_options_section(&mut pages).map_err(failed)?;
        man.render_extra_section(&mut pages).map_err(failed)?;
    }
    console.print(&String::from_utf8_lossy(&pages))?;
    Ok(Exit::Good)
}
