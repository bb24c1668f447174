use stack_krm::{Order, ResourceSet};
use stack_kustomize::BuildOptions;
use stack_overlay::emit::{self, CheckedEnvironment, OVERLAYS};
use stack_source::TreePath;

use crate::cli::Render;
use crate::failure::Failure;
use crate::package::{Checked, Package, find, name};
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
    let objects = match checked.environments.first() {
        Some(environment) if !environment.patches.is_empty() => built(&checked, environment, &package)?,
        // What is emitted builds to what is lowered: there is no need to go by way of the tree.
        environment => {
            let mut objects = environment.map_or(&checked.base, |environment| &environment.stack).lower();
            objects.sort(&Order::legacy());
            objects
        }
    };
    console.print(&objects.to_yaml().map_err(|error| Failure::System(error.to_string()))?)?;
    Ok(Exit::Good)
}

/// What an environment with patches of its own comes to: only a build knows what they do.
fn built(checked: &Checked, environment: &CheckedEnvironment, package: &Package) -> Result<ResourceSet, Failure> {
    let emitted = emit::emit(&checked.base, &checked.environments, ".");
    let tree = emitted.map_err(|report| package.refused(&report, OUTCOME))?.tree;
    let home = TreePath::new(&format!("{OVERLAYS}/{}", name(environment))).unwrap_or_default();
    match stack_kustomize::build(&tree, &home, &BuildOptions::default()) {
        Ok(built) => Ok(built.resources),
        Err(error) => Err(Refused { report: error.into_report(), files: tree, outcome: OUTCOME }.into()),
    }
}
