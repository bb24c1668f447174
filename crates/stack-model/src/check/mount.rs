//! What is mounted where: data, scratch, files.

use std::collections::BTreeMap;

use stack_krm::{ConfigKey, DnsLabel, DnsSubdomain};
use stack_source::{Locus, TreePath};

use super::reference::{Scope, compose};
use super::{Faults, Subject};
use crate::plan::{Composed, Config, Mount, MountSource, Part};
use crate::{AccessMode, Claim, ConfigFile, Storage, Template, Volume, VolumeSource, Workload, rule};

pub(super) struct Mounts {
    pub(super) mounts: Vec<Mount>,
    pub(super) config: Vec<Config>,
    /// Whether a claim admits one node's pods only, so old pods must go before new ones come.
    pub(super) exclusive: bool,
}

pub(super) fn plan(subject: &Subject, workload: Workload, most_replicas: u32, faults: &mut Faults) -> Mounts {
    let mut planned = Mounts { mounts: Vec::new(), config: Vec::new(), exclusive: false };
    for (path, volume) in volumes(subject, faults) {
        if !path.starts_with('/') || path.split('/').any(|part| part == "..") {
            let message = format!("`{path}` is no absolute path");
            faults.add(&rule::INVALID_PATH, &volume.at, message, Some(format!("write `/{path}`")));
            continue;
        }
        if let VolumeSource::Claim(claim) = &volume.source
            && workload != Workload::StatefulSet
            && claim.access == AccessMode::ReadWriteOnce
        {
            planned.exclusive = true;
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
        if let Some(mount) = mount(subject, &path, &volume, faults) {
            planned.mounts.push(mount);
        }
    }
    files(subject, &mut planned, faults);
    planned
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

fn mount(subject: &Subject, path: &str, volume: &Volume, faults: &mut Faults) -> Option<Mount> {
    let environment = &subject.stack.environment;
    let is_data = subject.service.data.as_deref() == Some(path);
    // Each pod of a StatefulSet has a claim of its own, which is called as the volume.
    let called = match &volume.source {
        VolumeSource::Claim(claim) if subject.service.workload() == Workload::StatefulSet => claim.name.as_ref(),
        _ => None,
    };
    let volume_name = match called {
        Some(name) => template_name(name, volume, faults)?,
        None => volume_name(path, is_data)?,
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

fn template_name(name: &DnsSubdomain, volume: &Volume, faults: &mut Faults) -> Option<DnsLabel> {
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

/// `data` for the component's data, else the path in the letters of a name.
fn volume_name(path: &str, is_data: bool) -> Option<DnsLabel> {
    if is_data {
        return DnsLabel::new("data").ok();
    }
    let letters = path.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let name: String = letters.collect();
    let tail = name.len().saturating_sub(63);
    DnsLabel::new(name[tail..].trim_matches('-')).ok()
}

/// Files of one ConfigMap: key, content and the folder in the container.
type Carried = BTreeMap<ConfigKey, (Vec<u8>, String)>;

fn files(subject: &Subject, planned: &mut Mounts, faults: &mut Faults) {
    let mut by_source: BTreeMap<Option<String>, Carried> = BTreeMap::new();
    for (path, file) in &subject.service.files {
        let (folder, key) = path.rsplit_once('/').unwrap_or(("", path));
        let at = match file {
            ConfigFile::Original { at, .. } => at,
            ConfigFile::Text(text) | ConfigFile::Secret(text) => &text.at,
        };
        let at = at.or(&subject.service.at);
        let Ok(key) = ConfigKey::new(key) else {
            let help = "a file is mounted at an absolute path that ends in a file name".to_owned();
            faults.add(&rule::INVALID_PATH, at, format!("`{path}` names no file"), Some(help));
            continue;
        };
        if let ConfigFile::Secret(template) = file {
            planned.mounts.extend(secret(subject, folder, template, at, faults));
            continue;
        }
        let Some((source, content)) = content(subject, file, at, faults) else { continue };
        by_source.entry(source).or_default().insert(key, (content, folder.to_owned()));
    }
    let both = by_source.len() > 1;
    for (folder, files) in by_source {
        let kind = if folder.is_none() && both { "files" } else { "config" };
        let Ok(name) = DnsSubdomain::new(format!("{}-{kind}", subject.id.name())) else { continue };
        let mut mounted: BTreeMap<String, Vec<ConfigKey>> = BTreeMap::new();
        for (key, (_, path)) in &files {
            mounted.entry(path.clone()).or_default().push(key.clone());
        }
        for (path, keys) in mounted {
            let Some(volume) = volume_name(&path, false) else { continue };
            let source = MountSource::Config { name: name.clone(), keys };
            planned.mounts.push(Mount { volume, path, source });
        }
        let files = files.into_iter().map(|(key, (content, _))| (key, content)).collect();
        planned.config.push(Config { name, folder, files });
    }
}

/// A key of a Secret as a file, which is called as the key.
fn secret(subject: &Subject, folder: &str, template: &Template, at: &Locus, faults: &mut Faults) -> Option<Mount> {
    let composed = compose(template, &Scope::of(subject), faults)?;
    let [Part::Secret(secret, _)] = composed.0.as_slice() else {
        let help = "write `<secret.NAME.KEY>`".to_owned();
        faults.add(&rule::UNKNOWN_SECRET, at, format!("`{template}` is no key of a Secret"), Some(help));
        return None;
    };
    let source = MountSource::Secret { name: secret.secret.clone(), keys: vec![secret.key.clone()] };
    Some(Mount { volume: volume_name(folder, false)?, path: folder.to_owned(), source })
}

/// Where the file's original lies, and its bytes.
fn content(subject: &Subject, file: &ConfigFile, at: &Locus, faults: &mut Faults) -> Option<(Option<String>, Vec<u8>)> {
    match file {
        ConfigFile::Text(template) => {
            let composed = compose(template, &Scope::of(subject), faults)?;
            if let Some((secret, _)) = composed.secrets().next() {
                let message = format!("key `{}` of Secret `{}` would stand in a ConfigMap", secret.key, secret.secret);
                faults.add(&rule::LITERAL_SECRET, at, message, Some("pass it in a variable".to_owned()));
                return None;
            }
            let text = expandable_text(&composed);
            Some((None, text.into_bytes()))
        }
        ConfigFile::Secret(_) => None,
        ConfigFile::Original { path, .. } => {
            let bytes = TreePath::new(path).ok().and_then(|path| Some((subject.package?.get(&path)?.to_vec(), path)));
            let Some((bytes, path)) = bytes else {
                let names =
                    subject.package.into_iter().flat_map(|package| package.iter().map(|(path, _)| path.as_str()));
                let help = stack_source::meant(path, names)
                    .unwrap_or_else(|| "it must be a file of the package's own folder, of at most 4 MiB".to_owned());
                faults.add(&rule::MISSING_FILE, at, format!("`{path}` is not in the package"), Some(help));
                return None;
            };
            let folder = path.parent().map(|folder| folder.as_str().to_owned()).unwrap_or_default();
            Some((Some(folder), bytes))
        }
    }
}

/// Hosts as `$STACK_X`, which an entry point's `envsubst` expands; in braces only where a letter follows, since Flux takes `${…}`
/// for a variable of its own.
fn expandable_text(composed: &Composed) -> String {
    let mut text = String::new();
    for (index, part) in composed.0.iter().enumerate() {
        match part {
            Part::Text(plain) => text.push_str(plain),
            part @ (Part::Host(_) | Part::PodDomain(_)) => {
                let name = crate::lower::part_variable(part).unwrap_or_default();
                let joined = matches!(composed.0.get(index + 1), Some(Part::Text(next)) if next.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
                text.push_str(&if joined { format!("${{{name}}}") } else { format!("${name}") });
            }
            Part::Secret(..) => {}
        }
    }
    text
}
