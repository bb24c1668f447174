use std::fs;

use stack_kustomize::BuildOptions;

use crate::cli::{Build, LoadRestrictor};
use crate::failure::Failure;
use crate::kustomization::{self, Kustomization};
use crate::{Console, Exit, Surroundings};

pub(super) fn run(arguments: &Build, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let folder = surroundings.absolute(&arguments.folder);
    if !kustomization::is_in(&folder) {
        let shown = surroundings.shown(&folder);
        return Err(Failure::System(format!("there is no kustomization.yaml in `{shown}`")));
    }
    let mut options = BuildOptions::default();
    options.load_anywhere = matches!(arguments.load_restrictor, LoadRestrictor::None);
    let kustomization = Kustomization::load(&folder, options.load_anywhere)?;
    let built = kustomization.build(&options, "nothing printed", surroundings)?;
    if !built.warnings.is_empty() {
        let warnings = kustomization.refused(&built.warnings, &kustomization.files, "", surroundings);
        console.say(&format!("{}\n\n", warnings.report.render(&warnings.files, console.is_coloured())))?;
    }
    let text = built.resources.to_yaml().map_err(|error| Failure::System(error.to_string()))?;
    match &arguments.output {
        None => console.print(&text)?,
        Some(file) => {
            let file = surroundings.absolute(file);
            if kustomization.reads(&file) {
                let shown = surroundings.shown(&file);
                return Err(Failure::System(format!(
                    "`{shown}` is an input of this build; name another file with `-o`"
                )));
            }
            fs::write(&file, text).map_err(|error| Failure::io("write", &file, &error))?;
        }
    }
    Ok(Exit::Good)
}
