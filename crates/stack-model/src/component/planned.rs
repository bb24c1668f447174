use indexmap::IndexMap;
use stack_krm::yaml::Node;

/// A component whose place in the model is drawn, and whose objects this version does not write: `check` says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its name in YAML.
    pub name: &'static str,
    /// Its own keys, as they are written.
    pub options: IndexMap<String, Node>,
}

/// Names and own keys.
const PLANNED: [(&str, &[&str]); 15] = [
    ("authelia", &["domain"]),
    ("cert-manager", &["issuers"]),
    ("cnpg", &["version"]),
    ("cnpg-operator", &["version"]),
    ("cnpg-pooler", &["mode"]),
    ("docling", &[]),
    ("falkordb", &[]),
    ("flux", &["source"]),
    ("infisical-operator", &["auth"]),
    ("kes", &[]),
    ("metallb", &["pools"]),
    ("minio", &[]),
    ("nats", &["jetstream"]),
    ("ollama", &["models"]),
    ("traefik", &["options"]),
];

impl Planned {
    pub(super) fn named(name: &str) -> Option<Self> {
        let (name, _) = PLANNED.iter().find(|(known, _)| *known == name)?;
        Some(Self { name, options: IndexMap::new() })
    }

    /// The keys that it alone has.
    pub(crate) fn keys(&self) -> &'static [&'static str] {
        PLANNED.iter().find(|(known, _)| *known == self.name).map_or(&[], |(_, keys)| keys)
    }
}
