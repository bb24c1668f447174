mod tree;

use crate::cli::Check;
use crate::failure::Failure;
use crate::package::{Checked, Package, find};
use crate::{Console, Exit, Surroundings, report};

pub(super) fn run(arguments: &Check, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let Some(tree) = &arguments.tree {
        return tree::run(&surroundings.absolute(tree), arguments.json, surroundings, console);
    }
    let folder = find(arguments.package.package.as_deref(), surroundings)?;
    let package = Package::load(&folder, surroundings)?;
    let names: Vec<&str> = package.environments().collect();
    let result = package.check(&names, "").and_then(|checked| emits(&package, checked));
    if arguments.json {
        let checked = result?;
        console.print(&format!("{:#}\n", report::json(&checked.warnings, &checked.files)))?;
        return Ok(Exit::Good);
    }
    let checked = result?;
    console.say(&checked.warnings(console.is_coloured()))?;
    let environments = names.iter().map(|name| format!(", {name}")).collect::<String>();
    console.print(&format!("{}\ngood   base{environments}\n", super::emit::headline(&checked)))?;
    Ok(Exit::Good)
}

/// What only emission can tell: whether raw patches fit.
fn emits(package: &Package, checked: Checked) -> Result<Checked, Failure> {
    stack_overlay::emit::emit(&checked.base, &checked.environments, ".")
        .map_err(|report| package.refused(&report, ""))?;
    Ok(checked)
}
