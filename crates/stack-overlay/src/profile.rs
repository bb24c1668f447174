//! Profiles: what most environments of a kind decide alike. An overlay lies on top of one.
//!
//! Their originals are the YAML files in this crate's folder `profiles`.

use stack_source::{FileTree, TreePath};

use crate::Overlay;

/// The profiles' names and files.
pub const PROFILES: [(&str, &str); 3] = [
    ("dev", include_str!("../profiles/dev.yaml")),
    ("staging", include_str!("../profiles/staging.yaml")),
    ("prod", include_str!("../profiles/prod.yaml")),
];

/// The profile of that name.
pub fn named(name: &str) -> Option<Overlay> {
    let (name, text) = PROFILES.iter().find(|(known, _)| *known == name)?;
    let path = TreePath::new(&format!("profiles/{name}.yaml")).ok()?;
    let mut files = FileTree::new();
    files.insert(path.clone(), text);
    crate::parse::profile(&files, &path).ok()
}

macro_rules! profiles {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        pub fn $name() -> Overlay {
            named(stringify!($name)).unwrap_or_default()
        }
    )*};
}

profiles! {
    /// One developer, one Minikube: a prefix, images from the node, storage that goes with the pod, literal secrets.
    dev
    /// Production's rules on fewer pods, under a prefix.
    staging
    /// Exact images, Secrets that exist already, restricted pods, several of them where a service allows it.
    prod
}
