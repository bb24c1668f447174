use stack_kustomize::BuildOptions;
use stack_overlay::emit::{self, BASE, OVERLAYS};
use stack_source::TreePath;

use crate::cli::Render;
use crate::failure::Failure;
use crate::package::{Package, find, name};
use crate::report::Refused;
use crate::{Console, Exit, Surroundings};

const OUTCOME: &str = "nothing printed";

pub(super) fn run(arguments: &Render, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let folder = find(arguments.package.package.as_deref(), surroundings)?;
    let package = Package::load(&folder, surroundings)?;
    let base = arguments.environment == "base" && package.environments().all(|name| name != "base");
    let names: Vec<&str> = if base { Vec::new() } else { vec![package.environment(&arguments.environment)?] };
    let checked = package.check(&names, OUTCOME)?;
    console.say(&checked.warnings(console.is_coloured()))?;
    let emitted = emit::emit(&checked.base, &checked.environments, ".");
    let tree = emitted.map_err(|report| package.refused(&report, OUTCOME))?.tree;
    let home = checked.environments.first().map_or_else(|| BASE.to_owned(), |one| format!("{OVERLAYS}/{}", name(one)));
    let home = TreePath::new(&home).unwrap_or_default();
    let built = stack_kustomize::build(&tree, &home, &BuildOptions::default());
    let built = built.map_err(|error| Refused { report: error.into_report(), files: tree, outcome: OUTCOME })?;
    console.print(&built.resources.to_yaml().map_err(|error| Failure::System(error.to_string()))?)?;
    Ok(Exit::Good)
}
