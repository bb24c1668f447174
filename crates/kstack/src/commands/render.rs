use stack_overlay::emit;

use crate::cli::Render;
use crate::failure::Failure;
use crate::package::{Package, find};
use crate::{Console, Exit, Surroundings};

pub(super) fn run(arguments: &Render, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let folder = find(arguments.package.package.as_deref(), surroundings)?;
    let package = Package::load(&folder, surroundings)?;
    let base = arguments.environment == "base" && package.environments().all(|name| name != "base");
    let names: Vec<&str> = if base { Vec::new() } else { vec![package.environment(&arguments.environment)?] };
    let checked = package.check(&names, "nothing printed")?;
    console.say(&checked.warnings(console.is_coloured()))?;
    // A raw patch that does not fit is found where it is written.
    emit::emit(&checked.base, &checked.environments, ".")
        .map_err(|report| package.refused(&report, "nothing printed"))?;
    let stack = checked.environments.first().map_or(&checked.base, |environment| &environment.stack);
    let text = stack.lower().to_yaml().map_err(|error| Failure::System(error.to_string()))?;
    console.print(&text)?;
    Ok(Exit::Good)
}
