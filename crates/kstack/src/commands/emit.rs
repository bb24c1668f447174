mod local;
mod needs;
mod next;
mod summary;

use std::path::Path;

use stack_overlay::emit::{self, Emitted, OVERLAYS};
use stack_source::TreePath;

use crate::cli::Emit;
use crate::disk::{self, Comparison, Difference, Emission};
use crate::failure::Failure;
use crate::package::{Checked, Package, find};
use crate::surroundings::way;
use crate::table::count;
use crate::{Console, Exit, Surroundings};

pub(super) use summary::headline;

const OUTCOME: &str = "nothing written";

pub(super) fn run(arguments: &Emit, surroundings: &Surroundings, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let folder = find(arguments.package.package.as_deref(), surroundings)?;
    let package = Package::load(&folder, surroundings)?;
    let out = arguments.out.as_ref().map_or_else(|| folder.clone(), |out| surroundings.absolute(out));
    refuse_own_folders(&out, &folder, surroundings)?;
    for name in &arguments.environments {
        package.environment(name)?;
    }
    if !arguments.check {
        disk::recover(&out)?;
    }
    let names = wanted(&arguments.environments, &package, &out);
    let checked = package.check(&names, OUTCOME)?;
    let emitted = emit::emit(&checked.base, &checked.environments, &way(&out, &folder));
    let emitted = emitted.map_err(|report| package.refused(&report, OUTCOME))?;
    let (own, switch) = local::split(emitted.local.clone(), &out)?;
    let stack = checked.base.stack().name.clone();
    let mut emission = Emission::of(&emitted.tree).owner(&stack);
    if out == folder {
        emission = emission.inputs(inputs(&checked));
    } else {
        emission = emission.copies();
    }
    if arguments.force {
        emission = emission.force();
    }
    console.say(&checked.warnings(console.is_coloured()))?;
    if arguments.check {
        let comparison = disk::compare(&out, &emission.local(&own))?;
        return told(&comparison, &out, arguments, surroundings, console);
    }
    let written = disk::write(&out, &emission.local(&own))?;
    let local = local::Local::of(&own, &switch, &written, &out, skaffold_folder(&folder, &out, surroundings))?;
    let emitted = Outcome { checked: &checked, emitted: &emitted, written: &written, local: &local, out: &out };
    if arguments.json {
        console.print(&format!("{:#}\n", emitted.json(surroundings)))?;
    } else {
        console.print(&emitted.text(&arguments.environments, &folder, surroundings))?;
    }
    Ok(Exit::Good)
}

/// A tree inside of another, or among the overlays, would be read as a part of them.
fn refuse_own_folders(out: &Path, package: &Path, surroundings: &Surroundings) -> Result<(), Failure> {
    for (name, what) in [("overlays", "holds the package's environments"), ("k8s", "is what the package emits")] {
        let own = package.join(name);
        if out.starts_with(&own) {
            let (out, own) = (surroundings.shown(out), surroundings.shown(&own));
            return Err(Failure::Usage(format!(
                "`--out {out}` lies in `{own}`, which {what}; name a folder of its own, or leave `--out` away"
            )));
        }
    }
    Ok(())
}

/// All that a summary speaks of.
struct Outcome<'a> {
    checked: &'a Checked,
    emitted: &'a Emitted,
    written: &'a disk::Written,
    local: &'a local::Local,
    out: &'a Path,
}

/// Environments that are asked for, and those that are there already; all where neither names one.
fn wanted<'a>(asked: &[String], package: &'a Package, out: &Path) -> Vec<&'a str> {
    let is_there = |name: &str| out.join(OVERLAYS).join(name).join("kustomization.yaml").is_file();
    let chosen = |name: &&str| asked.iter().any(|asked| asked == name) || is_there(name);
    let some: Vec<&str> = package.environments().filter(chosen).collect();
    if some.is_empty() { package.environments().collect() } else { some }
}

/// Files of the package that the tree holds too, as they are.
fn inputs(checked: &Checked) -> Vec<TreePath> {
    let stacks = std::iter::once(&checked.base).chain(checked.environments.iter().map(|one| &one.stack));
    let plans = stacks.flat_map(stack_model::CheckedStack::plans);
    let originals = plans.flat_map(|plan| &plan.config).filter_map(|config| Some((config.folder.as_ref()?, config)));
    originals
        .flat_map(|(folder, config)| {
            config.originals.values().filter_map(move |name| TreePath::new(folder).ok()?.join(name).ok())
        })
        .collect()
}

/// The other folder in which Skaffold may be started for this tree.
fn skaffold_folder<'a>(folder: &Path, out: &Path, surroundings: &'a Surroundings) -> Option<&'a Path> {
    let is_default = surroundings.default_package.as_deref() == Some(folder) && out == folder;
    surroundings.skaffold_folder.as_deref().filter(|_| is_default)
}

/// Says what differs, and how that is mended.
fn told(
    comparison: &Comparison,
    out: &Path,
    arguments: &Emit,
    surroundings: &Surroundings,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if arguments.json {
        let differences: Vec<serde_json::Value> = comparison.differences.iter().map(json).collect();
        let report = serde_json::json!({
            "same": comparison.is_same(), "unfinished": comparison.unfinished, "differences": differences,
        });
        console.print(&format!("{report:#}\n"))?;
        return Ok(if comparison.is_same() { Exit::Good } else { Exit::Faulty });
    }
    if comparison.is_same() {
        console.print(&format!("{} is as emitted\n", surroundings.shown(out)))?;
        return Ok(Exit::Good);
    }
    let mut text = String::new();
    for difference in &comparison.differences {
        let path = surroundings.shown(&out.join(difference.path().as_str()));
        match difference {
            Difference::Missing(_) => text.push_str(&format!("missing      {path}\n")),
            Difference::Superfluous(_) => text.push_str(&format!("superfluous  {path}\n")),
            Difference::Differs { diff, .. } => {
                text.push_str(&format!("differs      {path}\n"));
                if !difference.path().as_str().ends_with(".emitted") {
                    text.extend(diff.lines().map(|line| format!("  {line}\n")));
                }
            }
            Difference::Blocked(file) => text.push_str(&format!("in the way   {path}: {file}\n")),
        }
    }
    if comparison.unfinished {
        text.push_str("an earlier emit was killed before its end; the next one mends it\n");
    }
    console.print(&text)?;
    let program = &surroundings.program;
    let names = arguments.environments.iter().map(|name| format!(" {name}")).collect::<String>();
    let differ = count(comparison.differences.len(), "file differs", "files differ");
    let how = match comparison.edited.len() {
        0 => format!("`{program} emit{names}` brings them up to date"),
        edited => format!(
            "{} by hand, which `{program} emit{names}` keeps: say the edit in stack.yaml or an overlay (an own key in the file \
             of own keys), or drop it with `{program} emit{names} --force`",
            count(edited, "is edited", "are edited")
        ),
    };
    console.say(&format!("{differ}; {how}\n"))?;
    Ok(Exit::Faulty)
}

fn json(difference: &Difference) -> serde_json::Value {
    let (what, diff) = match difference {
        Difference::Missing(_) => ("missing", None),
        Difference::Superfluous(_) => ("superfluous", None),
        Difference::Differs { diff, .. } => ("differs", Some(diff.as_str())),
        Difference::Blocked(file) => ("inTheWay", file.diff.as_deref()),
    };
    serde_json::json!({"path": difference.path().as_str(), "what": what, "diff": diff})
}
