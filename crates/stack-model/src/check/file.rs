//! Files of a container: which ConfigMap or Secret carries each, and under which key.

use std::collections::{BTreeMap, BTreeSet};

use stack_krm::{ConfigKey, DnsSubdomain};
use stack_source::{Locus, TreePath};

use super::mount::mount_path;
use super::reference::{Scope, compose};
use super::{Faults, Subject};
use crate::plan::{Carrier, Composed, Config, FileSource, Part};
use crate::{ConfigFile, SecretKeyRef, Template, rule};

/// What brings a service's files.
pub(super) struct Files {
    /// What is mounted at each folder, and where the first of its files was written.
    pub(super) folders: BTreeMap<String, (Vec<FileSource>, Locus)>,
    pub(super) config: Vec<Config>,
}

/// A file that a ConfigMap carries.
struct Carried {
    key: ConfigKey,
    content: Vec<u8>,
    /// The folder in the container, and the file's name there.
    place: (String, String),
    /// The original's name in its folder of the package.
    original: Option<String>,
}

/// The bytes of a file, and the folder and name of its original in the package, where it has one.
struct Content {
    original: Option<(String, String)>,
    bytes: Vec<u8>,
}

pub(super) fn plan(subject: &Subject, faults: &mut Faults) -> Files {
    let mut files = Files { folders: BTreeMap::new(), config: Vec::new() };
    let mut by_source: BTreeMap<Option<String>, Vec<Carried>> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for (path, file) in &subject.service.files {
        let at = match file {
            ConfigFile::Original { at, .. } => at,
            ConfigFile::Text(text) | ConfigFile::Secret(text) => &text.at,
        };
        let at = at.or(&subject.service.at);
        let Some(path) = mount_path(path, at, faults) else { continue };
        let Some(place) = path.rsplit_once('/').filter(|(folder, name)| !folder.is_empty() && is_key(name)) else {
            let help = "a file has a folder, and a name of letters, digits, `-`, `_` and `.`: `/etc/app/app.yaml`";
            faults.add(
                &rule::INVALID_PATH,
                at,
                format!("`{path}` can be no file of a ConfigMap"),
                Some(help.to_owned()),
            );
            continue;
        };
        files.folders.entry(place.0.to_owned()).or_insert_with(|| (Vec::new(), at.clone()));
        if let ConfigFile::Secret(template) = file {
            if let Some(SecretKeyRef { secret, key }) = secret(subject, template, at, faults) {
                files.add(place, Carrier::Secret, &secret, key);
            }
        } else if let Some(Content { original, bytes: content }) = content(subject, file, at, faults)
            && let Some(key) = free_key(&path, place.1, &mut keys)
        {
            let (folder, original) = original.unzip();
            let place = (place.0.to_owned(), place.1.to_owned());
            by_source.entry(folder).or_default().push(Carried { key, content, place, original });
        }
    }
    let beside = by_source.len() > 1 && by_source.contains_key(&None);
    for (index, (folder, carried)) in by_source.into_iter().enumerate() {
        // What the model wrote comes first.
        let kind = match index + usize::from(!beside) {
            0 => "files".to_owned(),
            1 => "config".to_owned(),
            number => format!("config-{number}"),
        };
        let Ok(name) = DnsSubdomain::new(format!("{}-{kind}", subject.id.name())) else { continue };
        let mut config = Config { name, folder, files: BTreeMap::new(), originals: BTreeMap::new() };
        for Carried { key, content, place, original } in carried {
            files.add((&place.0, &place.1), Carrier::ConfigMap, &config.name, key.clone());
            config.originals.extend(original.map(|original| (key.clone(), original)));
            config.files.insert(key, content);
        }
        files.config.push(config);
    }
    files.folders.retain(|_, (sources, _)| !sources.is_empty());
    files
}

impl Files {
    /// Puts a key of a ConfigMap or Secret at a place.
    fn add(&mut self, (folder, file): (&str, &str), carrier: Carrier, name: &DnsSubdomain, key: ConfigKey) {
        let Some((sources, _)) = self.folders.get_mut(folder) else { return };
        let file = (file.to_owned(), key);
        match sources.iter_mut().find(|source| source.carrier == carrier && source.name == *name) {
            Some(source) => source.files.extend([file]),
            None => sources.push(FileSource { carrier, name: name.clone(), files: BTreeMap::from([file]) }),
        }
    }
}

fn is_key(name: &str) -> bool {
    ConfigKey::new(name).is_ok()
}

/// The file's name, or its path in the letters of a key where another file of the service has that name.
fn free_key(path: &str, name: &str, taken: &mut BTreeSet<ConfigKey>) -> Option<ConfigKey> {
    let long = path.trim_start_matches('/').replace('/', "-");
    let numbered = (2_u32..).map(|number| format!("{number}-{long}"));
    let mut names = [name.to_owned(), long.clone()].into_iter().chain(numbered);
    let key = names.find_map(|name| ConfigKey::new(name).ok().filter(|key| !taken.contains(key)))?;
    taken.insert(key.clone());
    Some(key)
}

/// The key that a file holds.
fn secret(subject: &Subject, template: &Template, at: &Locus, faults: &mut Faults) -> Option<SecretKeyRef> {
    let composed = compose(template, &Scope::of(subject), faults)?;
    let [Part::Secret(secret, _)] = composed.0.as_slice() else {
        let help = "write `<secret.NAME.KEY>`".to_owned();
        faults.add(&rule::UNKNOWN_SECRET, at, format!("`{template}` is no key of a Secret"), Some(help));
        return None;
    };
    Some(secret.clone())
}

fn content(subject: &Subject, file: &ConfigFile, at: &Locus, faults: &mut Faults) -> Option<Content> {
    match file {
        ConfigFile::Text(template) => {
            let composed = compose(template, &Scope::of(subject), faults)?;
            if let Some((secret, _)) = composed.secrets().next() {
                let message = format!("key `{}` of Secret `{}` would stand in a ConfigMap", secret.key, secret.secret);
                faults.add(&rule::LITERAL_SECRET, at, message, Some("pass it in a variable".to_owned()));
                return None;
            }
            Some(Content { original: None, bytes: expandable_text(&composed).into_bytes() })
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
            let name = path.name()?.to_owned();
            if name.contains('=') {
                let message = format!("`{path}` has a `=` in its name, which Kustomize takes for the end of a key");
                faults.add(&rule::INVALID_PATH, at, message, Some(format!("call it `{}`", name.replace('=', "-"))));
                return None;
            }
            let folder = path.parent().map(|folder| folder.as_str().to_owned()).unwrap_or_default();
            Some(Content { original: Some((folder, name)), bytes })
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
