mod text;

use serde::Serialize;
use stack_model::view;

use crate::cli::{Show, View};
use crate::failure::Failure;
use crate::package::{Package, find};
use crate::{Console, Exit, Surroundings};

pub(super) fn run(arguments: &Show, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let folder = find(arguments.package.package.as_deref(), surroundings)?;
    let package = Package::load(&folder, surroundings)?;
    let names: Vec<&str> = match (&arguments.environment, arguments.view) {
        (Some(name), _) if name == "base" => Vec::new(),
        (Some(name), _) => vec![package.environment(name)?],
        (None, View::Totals) => package.environments().collect(),
        (None, _) => Vec::new(),
    };
    let checked = package.check(&names, "")?;
    console.say(&checked.warnings(console.is_coloured()))?;
    let stack = checked.environments.first().map_or(&checked.base, |environment| &environment.stack);
    let shown = match arguments.view {
        View::Services => shown(arguments, &view::services(stack), |rows| text::services(rows)),
        View::Endpoints => shown(arguments, &view::endpoints(stack), |rows| text::endpoints(rows)),
        View::Matrix => shown(arguments, &view::matrix(stack), |rows| text::matrix(rows)),
        View::Waves => shown(arguments, &view::waves(stack), |rows| text::waves(rows)),
        View::Totals => {
            let base = arguments.environment.as_deref().is_none_or(|name| name == "base");
            let stacks = base.then_some(&checked.base).into_iter();
            let stacks = stacks.chain(checked.environments.iter().map(|environment| &environment.stack));
            let totals: Vec<view::Totals> = stacks.map(view::totals).collect();
            shown(arguments, &totals, |totals| text::totals(totals))
        }
    };
    console.print(&shown?)?;
    Ok(Exit::Good)
}

fn shown<T: Serialize>(arguments: &Show, view: &T, text: impl FnOnce(&T) -> String) -> Result<String, Failure> {
    if arguments.json {
        let json = serde_json::to_string_pretty(view).map_err(|error| Failure::System(error.to_string()))?;
        return Ok(format!("{json}\n"));
    }
    Ok(text(view))
}
