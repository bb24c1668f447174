//! What is mounted where: data, scratch, files.

use std::collections::{BTreeMap, BTreeSet};

use stack_krm::{DnsLabel, DnsSubdomain};
use stack_source::{Diagnostic, Locus};

use super::{Faults, Subject, file};
use crate::plan::{Config, Mount, MountSource};
use crate::{AccessMode, Claim, Storage, Volume, VolumeSource, Workload, rule};

pub(super) struct Mounts {
    pub(super) mounts: Vec<Mount>,
    pub(super) config: Vec<Config>,
    /// Whether a claim admits one node's pods only, so old pods must go before new ones come.
    pub(super) exclusive: bool,
}

pub(super) fn plan(subject: &Subject, workload: Workload, most_replicas: u32, faults: &mut Faults) -> Mounts {
    let mut taken = Taken::default();
    let mut mounts = Vec::new();
    let mut exclusive = false;
    for (path, volume) in volumes(subject, faults) {
        let Some(path) = mount_path(&path, &volume.at, faults) else { continue };
        if !taken.path(&path, &volume.at, subject, faults) {
            continue;
        }
        if let VolumeSource::Claim(claim) = &volume.source
            && workload != Workload::StatefulSet
            && claim.access == AccessMode::ReadWriteOnce
        {
            exclusive = true;
            let most_replicas = if workload == Workload::DaemonSet { 2 } else { most_replicas };
            // A service that can have one pod only is told so already.
            if most_replicas > 1 && subject.service.singleton.is_none() {
                let pods = if workload == Workload::DaemonSet { "all".to_owned() } else { most_replicas.to_string() };
                let message =
                    format!("{pods} pods of `{}` would share the ReadWriteOnce claim at {path}", subject.name);
                let help = "write `access: ReadWriteMany`, or `workload: StatefulSet` for a claim of each pod's own";
                faults.add(&rule::SHARED_CLAIM, &volume.at, message, Some(help.to_owned()));
            }
        }
        mounts.extend(mount(subject, &path, &volume, &mut taken, faults));
    }
    let file::Files { folders, config } = file::plan(subject, faults);
    for (path, (sources, at)) in folders {
        if taken.path(&path, &at, subject, faults) {
            let volume = taken.volume(&path);
            mounts.extend(volume.map(|volume| Mount { volume, path, source: MountSource::Files(sources) }));
        }
    }
    Mounts { mounts, config, exclusive }
}

/// The paths at which something is mounted already, and the names of the pod's volumes.
#[derive(Default)]
struct Taken {
    paths: BTreeMap<String, Locus>,
    volumes: BTreeSet<String>,
}

impl Taken {
    /// Takes a path, unless it is taken: a container has one volume at each.
    fn path(&mut self, path: &str, at: &Locus, subject: &Subject, faults: &mut Faults) -> bool {
        let Some(first) = self.paths.get(path) else {
            self.paths.insert(path.to_owned(), at.clone());
            return true;
        };
        let fault = Diagnostic::new(&rule::INVALID_PATH, format!("`{}` mounts two things at `{path}`", subject.name))
            .at(at.clone())
            .related(first.clone(), "the first")
            .help("give one of them another path; files go into folders that no volume is mounted at");
        faults.report.add(fault);
        false
    }

    /// A name for the volume at a path: the path in the letters of a name, and a number where that is taken. `/tmp` alone may be
    /// called as the scratch space that pods have there.
    fn volume(&mut self, path: &str) -> Option<DnsLabel> {
        /// As much as leaves room for a number.
        const LONGEST: usize = 58;
        let letters = path.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        let name: String = letters.collect();
        let tail = if name.len() > 63 { name.len() - LONGEST } else { 0 };
        let name = Some(name[tail..].trim_matches('-')).filter(|name| !name.is_empty()).unwrap_or("volume");
        let free = |name: &String| !self.volumes.contains(name) && (name != "tmp" || path == "/tmp");
        let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
        let name = std::iter::once(name.to_owned()).chain(numbered).find(free)?;
        self.volumes.insert(name.clone());
        DnsLabel::new(name).ok()
    }
}

/// An absolute path below the root, written in one way.
pub(super) fn mount_path(path: &str, at: &Locus, faults: &mut Faults) -> Option<String> {
    let parts = || path.split('/').filter(|part| !part.is_empty());
    let whole = format!("/{}", parts().collect::<Vec<_>>().join("/"));
    let odd = |part: &str| part == "." || part == ".." || part.contains(|c: char| c == ':' || c.is_control());
    if path.starts_with('/') && parts().next().is_some() && !parts().any(odd) {
        return Some(whole);
    }
    let message = format!("`{path}` is no absolute path below `/`");
    let clean = parts().filter(|part| !odd(part)).collect::<Vec<_>>().join("/");
    let help = if clean.is_empty() { "write `/PATH`".to_owned() } else { format!("write `/{clean}`") };
    faults.add(&rule::INVALID_PATH, at, message, Some(help));
    None
}

/// The volumes that are said, and the component's data: a claim where `storage` sizes it, else an `emptyDir`.
fn volumes(subject: &Subject, faults: &mut Faults) -> Vec<(String, Volume)> {
    let service = subject.service;
    let mut volumes: Vec<(String, Volume)> = Vec::new();
    match (&service.data, &service.storage) {
        (Some(path), Some(claim)) => {
            volumes.push((
                path.clone(),
                Volume { source: VolumeSource::Claim(claim.clone()), at: service.place("storage").clone() },
            ));
        }
        (Some(path), None) => {
            volumes.push((
                path.clone(),
                Volume { source: VolumeSource::Empty { size: None, memory: false }, at: service.at.clone() },
            ));
        }
        (None, Some(_)) => {
            let message = format!("`{}` has `storage`, and nothing says where its data lies", subject.name);
            let help = "write `volumes: {/PATH: SIZE}` in its place".to_owned();
            faults.add(&rule::STORAGE_WITHOUT_PLACE, service.place("storage"), message, Some(help));
        }
        (None, None) => {}
    }
    volumes.extend(service.volumes.iter().map(|(path, volume)| (path.clone(), volume.clone())));
    volumes
}

fn mount(subject: &Subject, path: &str, volume: &Volume, taken: &mut Taken, faults: &mut Faults) -> Option<Mount> {
    let environment = &subject.stack.environment;
    let is_data = subject.service.data.as_deref() == Some(path);
    // Each pod of a StatefulSet has a claim of its own, which is called as the volume.
    let called = match &volume.source {
        VolumeSource::Claim(claim) if subject.service.workload() == Workload::StatefulSet => claim.name.as_ref(),
        _ => None,
    };
    let volume_name = match called {
        Some(name) => template_name(name, volume, taken, faults)?,
        None => taken.volume(if is_data { "/data" } else { path })?,
    };
    let source = match &volume.source {
        VolumeSource::Empty { size, memory } => MountSource::Empty { size: *size, memory: *memory },
        VolumeSource::Claim(_) if environment.storage == Storage::Ephemeral => {
            MountSource::Empty { size: None, memory: false }
        }
        VolumeSource::Claim(claim) => claim_source(subject, claim, &volume_name, volume, faults)?,
    };
    Some(Mount { volume: volume_name, path: path.to_owned(), source })
}

fn template_name(name: &DnsSubdomain, volume: &Volume, taken: &mut Taken, faults: &mut Faults) -> Option<DnsLabel> {
    if !taken.volumes.insert(name.to_string()) {
        let help = Some("give one of them another name".to_owned());
        faults.add(&rule::TAKEN_NAME, &volume.at, format!("two volumes are called `{name}`"), help);
        return None;
    }
    let label = DnsLabel::new(name.as_str());
    if let Err(error) = &label {
        let help = "the claims of a StatefulSet are called as its volume, which has no `.` in its name".to_owned();
        faults.add(&rule::INVALID_NAME, &volume.at, error.to_string(), Some(help));
    }
    label.ok()
}

fn claim_source(
    subject: &Subject,
    claim: &Claim,
    volume_name: &DnsLabel,
    volume: &Volume,
    faults: &mut Faults,
) -> Option<MountSource> {
    let fallback = || DnsSubdomain::new(format!("{}-{volume_name}", subject.id.name())).ok();
    let name = claim.name.clone().or_else(fallback)?;
    let classes = &subject.stack.cluster.storage;
    let able = classes.iter().find(|(_, access)| **access >= claim.access);
    if able.is_none() && !classes.is_empty() {
        let message = format!("no storage class of the cluster can be mounted {}", claim.access.name());
        let help = format!("name one that can: `cluster: {{storage: {{CLASS: {}}}}}`", claim.access.name());
        faults.add(&rule::SHARED_CLAIM, &volume.at, message, Some(help));
    }
    let class = able.map(|(class, _)| class.clone());
    Some(MountSource::Claim { name, size: claim.size, access: claim.access, class })
}
