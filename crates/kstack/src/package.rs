//! A package: the folder that holds a stack's own files.

mod find;
mod own_keys;

use std::path::{Path, PathBuf};

use stack_model::{CheckedStack, Given, Stack};
use stack_overlay::Overlay;
use stack_overlay::emit::CheckedEnvironment;
use stack_source::{Diagnostic, FileTree, Locus, Report, Span, TreePath};

use crate::disk::{self, Reading};
use crate::failure::Failure;
use crate::report::{Refused, rendered, seen_from};
use crate::{Surroundings, rule};

pub(crate) use find::find;

/// The file that makes a folder a package.
pub(crate) const STACK: &str = "stack.yaml";
/// The folder of the environments.
const OVERLAYS: &str = "overlays";

/// A package as it was read: its files, its stack, and the files of its environments.
#[derive(Debug)]
pub(crate) struct Package {
    folder: PathBuf,
    pub(crate) files: FileTree,
    /// The folder as a person in the current directory names it; empty where it lies elsewhere.
    seen: TreePath,
    stack: Result<Stack, Report>,
    /// Environments by name, in the order of the names.
    overlays: Vec<(String, TreePath)>,
}

/// A package of which base and environments are checked.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) base: CheckedStack,
    /// In the order of their names.
    pub(crate) environments: Vec<CheckedEnvironment>,
    /// What is worth saying though it stops nothing.
    pub(crate) warnings: Report,
    /// The texts that the warnings point into.
    pub(crate) files: FileTree,
}

impl Package {
    /// Reads a package's folder.
    pub(crate) fn load(folder: &Path, surroundings: &Surroundings) -> Result<Self, Failure> {
        let Reading { tree: files, passed_over } = disk::read(folder)?;
        // An environment that cannot be read is no environment that went away.
        let needed = |place: &Path| {
            place.strip_prefix(folder).is_ok_and(|inside| inside == Path::new(STACK) || inside.starts_with(OVERLAYS))
        };
        if let Some((_, error)) = passed_over.into_iter().find(|(place, _)| needed(place)) {
            return Err(error.into());
        }
        let path = TreePath::new(STACK).unwrap_or_default();
        let overlays = overlays(&files);
        let stack = stack_model::parse::parse_given(&files, &path, &base_values(&files, &path, &overlays));
        let seen = folder.strip_prefix(&surroundings.folder).ok().and_then(Path::to_str);
        let seen = seen.and_then(|seen| TreePath::new(&seen.replace('\\', "/")).ok()).unwrap_or_default();
        Ok(Self { folder: folder.to_owned(), files, seen, stack, overlays })
    }

    /// The names of its environments.
    pub(crate) fn environments(&self) -> impl Iterator<Item = &str> {
        self.overlays.iter().map(|(name, _)| name.as_str())
    }

    /// Its environment of that name; a fault of the input where it has none.
    pub(crate) fn environment<'a>(&'a self, name: &str) -> Result<&'a str, Failure> {
        if let Some(known) = self.environments().find(|known| *known == name) {
            return Ok(known);
        }
        let known: Vec<&str> = self.environments().collect();
        let help = match stack_source::nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("this package has no overlays; write `{OVERLAYS}/{name}.yaml`"),
            None => format!("there are {}", known.join(", ")),
        };
        Err(Failure::System(format!("there is no environment `{name}`: {help}")))
    }

    /// Checks the base and these environments, all faults at once.
    pub(crate) fn check(&self, names: &[&str], outcome: &'static str) -> Result<Checked, Failure> {
        let mut files = self.files.clone();
        let (checked, report) = self.checked(names, &mut files);
        let (report, files) = seen_from(&report, &files, &self.seen);
        match checked {
            Some((base, environments)) => Ok(Checked { base, environments, warnings: report, files }),
            None => Err(Refused { report, files, outcome }.into()),
        }
    }

    /// The report of everything that does not come from emission, in the words of [`Self::check`].
    pub(crate) fn refused(&self, report: &Report, outcome: &'static str) -> Failure {
        let (report, files) = seen_from(report, &self.files, &self.seen);
        Refused { report, files, outcome }.into()
    }

    fn checked(
        &self,
        names: &[&str],
        files: &mut FileTree,
    ) -> (Option<(CheckedStack, Vec<CheckedEnvironment>)>, Report) {
        let mut report = Report::new();
        let stack = match &self.stack {
            Ok(stack) => stack,
            Err(faults) => {
                let overlays = self.overlays.iter().filter(|(name, _)| names.contains(&name.as_str()));
                report.append(faults.clone());
                overlays.for_each(|(_, path)| report.append(stack_overlay::faults(&self.files, path)));
                return (None, report);
            }
        };
        let base = kept(stack.check_in(&self.files), &mut report);
        if let Some(base) = &base {
            report.append(base.warnings().clone());
        }
        let mut environments = Vec::new();
        for (name, path) in self.overlays.iter().filter(|(name, _)| names.contains(&name.as_str())) {
            let given = stack_overlay::values(&self.files, path);
            let there = if given.names().next().is_none() {
                Ok(stack.clone())
            } else {
                stack_model::parse::parse_given(&self.files, &TreePath::new(STACK).unwrap_or_default(), &given)
            };
            let Some(stack) = &kept(there, &mut report) else { continue };
            let overlay = stack_overlay::parse(&self.files, path, stack);
            let Some(overlay) = kept(overlay, &mut report) else { continue };
            if let Some(fault) = misnamed(name, path, &overlay) {
                report.add(fault);
                continue;
            }
            let environment = overlay.apply(stack).and_then(|environment| environment.check_in(&self.files));
            let Some(environment) = kept(environment, &mut report) else { continue };
            report.append(environment.warnings().clone());
            let local_secrets = own_keys::read(&environment, path, files, &self.files, &mut report);
            report.append(own_keys::tracked(&environment, &self.folder, &self.files));
            environments.push(CheckedEnvironment { stack: environment, patches: overlay.patches, local_secrets });
        }
        match base {
            Some(base) if !report.has_errors() => (Some((base, environments)), report),
            _ => (None, report),
        }
    }
}

impl Checked {
    /// The warnings as a terminal shows them; empty where there are none.
    pub(crate) fn warnings(&self, colour: bool) -> String {
        if self.warnings.is_empty() {
            String::new()
        } else {
            format!("{}\n\n", rendered(&self.warnings, &self.files, colour))
        }
    }
}

/// The name of an environment.
pub(crate) fn name(environment: &CheckedEnvironment) -> &str {
    environment.stack.stack().environment.name.as_ref().map_or("", |name| name.as_str())
}

fn kept<T>(result: Result<T, Report>, report: &mut Report) -> Option<T> {
    result.map_err(|faults| report.append(faults)).ok()
}

/// What the base is read with. A value without a default is given by every environment; the base takes the first one's, and the
/// others say how they differ.
fn base_values(files: &FileTree, path: &TreePath, overlays: &[(String, TreePath)]) -> Given {
    let given: Vec<Given> = overlays.iter().map(|(_, path)| stack_overlay::values(files, path)).collect();
    let mut base = Given::new();
    for name in stack_model::parse::required_values(files, path) {
        if let Some((setting, at)) = given.iter().find_map(|given| given.get(&name)) {
            base = base.set(&name, setting.clone(), at.clone());
        }
    }
    base
}

fn overlays(files: &FileTree) -> Vec<(String, TreePath)> {
    let folder = TreePath::new(OVERLAYS).unwrap_or_default();
    let files = files.in_folder(&folder).filter_map(|(path, _)| {
        let name = path.name()?.strip_suffix(".yaml").or_else(|| path.name()?.strip_suffix(".yml"))?;
        (path.parent()? == folder).then(|| (name.to_owned(), path.clone()))
    });
    files.collect()
}

fn misnamed(name: &str, path: &TreePath, overlay: &Overlay) -> Option<Diagnostic> {
    let own = &overlay.name.value;
    if own == name {
        return None;
    }
    let at = match &overlay.name.at {
        Locus::Derived => Locus::in_file(path.clone(), Span::default()),
        at => at.clone(),
    };
    let message = format!("the overlay of `{path}` is called `{own}`");
    let help = format!("write `overlay: {name}`, or rename the file to `{own}.yaml`");
    Some(Diagnostic::new(&rule::MISNAMED_OVERLAY, message).at(at).help(help))
}
