use stack_kustomize::{BuildError, BuildOptions, DefaultOrder};

use crate::cli::{Build, LoadRestrictor, Programs, Reorder};
use crate::failure::Failure;
use crate::kustomization::{self, Kustomization};
use crate::report::rendered;
use crate::{Console, Exit, Surroundings};

mod output;

pub(super) fn run(arguments: &Build, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let folder = surroundings.absolute(&arguments.folder);
    let options = BuildOptions {
        load_anywhere: matches!(arguments.load_restrictor, LoadRestrictor::None),
        order: arguments.reorder.map(|order| match order {
            Reorder::Legacy => DefaultOrder::Legacy,
            Reorder::None => DefaultOrder::Fifo,
        }),
        managed_by_label: arguments.enable_managedby_label,
    };
    refuse_programs(&arguments.programs, || {
        let built = |mut tree: Kustomization| tree.build(&options, "nothing printed", surroundings);
        Kustomization::in_folder(&folder).and_then(built).is_ok()
    })?;
    if !kustomization::is_in(&folder) {
        return Err(kustomization::missing_from(&arguments.folder, surroundings));
    }
    let output = arguments.output.as_deref().filter(|named| !named.as_os_str().is_empty());
    let outcome = if output.is_some() { output::OUTCOME } else { "nothing printed" };
    let mut kustomization = Kustomization::in_folder(&folder)?;
    let built = kustomization.build(&options, outcome, surroundings)?;
    if !built.warnings.is_empty() {
        let warnings = kustomization.refused(&built.warnings, "", surroundings);
        console.say(&format!("{}\n\n", rendered(&warnings.report, &warnings.files, console.is_coloured())))?;
        if arguments.strict {
            let count =
                crate::table::count(built.warnings.iter().count(), "warning is an error", "warnings are errors");
            return Err(Failure::System(format!("{count} with `--strict`, {outcome}")));
        }
    }
    match output {
        None => {
            let refused = |error: BuildError| kustomization.refused(error.report(), outcome, surroundings);
            console.print(&built.to_yaml().map_err(refused)?)?;
        }
        Some(named) => output::write(named, &built, &kustomization, surroundings)?,
    }
    // Nothing follows but the end of the process, which gives back everything at once; object by object takes a tenth of the time.
    std::mem::forget(built);
    Ok(Exit::Good)
}

/// Refuses flags of kustomize that make it start programs, with what to do instead. `is_needless` tells whether the tree is built without.
fn refuse_programs(programs: &Programs, is_needless: impl FnOnce() -> bool) -> Result<(), Failure> {
    const HELM: &str = "run `helm template` once, keep what it prints in the tree, and list that under `resources`";
    const PROGRAM: &str = "run the program once, keep what it prints in the tree, and list that under `resources`";
    const FUNCTION: &str = "it is for functions in containers: leave it out";
    const OF_HELM: &str =
        "it is for Helm: run `helm template` once with it, and list what that prints under `resources`";
    const TRACE: &str =
        "it shows where in kustomize's own code an error arose: leave it out, errors here say where in your files";
    let starts = [
        ("--enable-helm", programs.enable_helm, HELM),
        ("--enable-alpha-plugins", programs.enable_alpha_plugins, PROGRAM),
        ("--enable-exec", programs.enable_exec, PROGRAM),
        ("--enable-star", programs.enable_star, PROGRAM),
        ("--network", programs.network, PROGRAM),
        ("--network-name", programs.network_name.is_some(), FUNCTION),
        ("--mount", !programs.mount.is_empty(), FUNCTION),
        ("--env", !programs.env.is_empty(), FUNCTION),
        ("--as-current-user", programs.as_current_user, FUNCTION),
        ("--helm-command", programs.helm_command.is_some(), OF_HELM),
        ("--helm-kube-version", programs.helm_kube_version.is_some(), OF_HELM),
        ("--helm-api-versions", !programs.helm_api_versions.is_empty(), OF_HELM),
        ("--helm-debug", programs.helm_debug, OF_HELM),
    ];
    if let Some((flag, _, instead)) = starts.into_iter().find(|(_, is_given, _)| *is_given) {
        let instead = match instead {
            FUNCTION => FUNCTION.to_owned(),
            _ if is_needless() => format!("nothing in this tree needs one: leave `{flag}` out"),
            _ => format!("{instead}, and leave `{flag}` out"),
        };
        let why = "a build runs no programs, so that it gives the same result everywhere";
        return Err(Failure::Usage(format!("`{flag}` is refused: {why}; {instead}")));
    }
    if programs.stack_trace {
        return Err(Failure::Usage(format!("`--stack-trace` is refused: {TRACE}")));
    }
    Ok(())
}
