//! The object that may be meant by words that name none.

use stack_krm::ResourceId;
use stack_source::nearest;

use crate::item::Item;

/// Of more objects of a kind, nobody asks which has a near name.
const MOST: usize = 256;

/// The edit by which a patch that names an object by its id finds one.
pub(crate) fn near_object(wanted: &ResourceId, items: &[Item]) -> Option<String> {
    let is_here = |item: &&Item| !item.is_gone;
    let of_name = || items.iter().filter(is_here).filter(|item| item.ids().any(|id| id.name == wanted.name));
    if let Some(item) = of_name().find(|item| item.id.gvk == wanted.gvk) {
        return Some(in_namespace(wanted, item));
    }
    if let Some(item) = of_name().find(|item| item.id.gvk.kind == wanted.gvk.kind) {
        return Some(format!("did you mean `apiVersion: {}`?", item.id.gvk.api_version()));
    }
    let kinds = of_name().take(MOST).map(|item| item.id.gvk.kind.as_str());
    if let Some(kind) = nearest(&wanted.gvk.kind, kinds) {
        return Some(format!("did you mean `kind: {kind}`?"));
    }
    let of_type = items.iter().filter(is_here).filter(|item| item.id.gvk == wanted.gvk);
    near_name(&wanted.name, of_type.map(|item| item.original().name.as_str())).map(|near| near.help())
}

fn in_namespace(wanted: &ResourceId, item: &Item) -> String {
    match (wanted.namespace.is_empty(), item.id.namespace.is_empty()) {
        (false, true) => format!(
            "here it has no namespace yet, as `namespace` of a kustomization comes behind its patches: take \
             `namespace: {}` out of the patch",
            wanted.namespace
        ),
        _ => format!("it is in the namespace `{}` here: write `namespace: {0}`", item.id.effective_namespace()),
    }
}

/// A name that is there and may be meant.
pub(crate) struct NearName<'n> {
    pub(crate) name: &'n str,
    /// What was done to it in the one that was written.
    why: Option<&'static str>,
}

impl<'n> NearName<'n> {
    /// What was meant by a word that is nearly its name.
    pub(crate) fn misspelt(name: &'n str) -> Self {
        Self { name, why: None }
    }

    /// What was meant by its name with some hash behind it.
    pub(crate) fn hashed(name: &'n str) -> Self {
        Self { name, why: Some("the hash is put behind it later") }
    }

    pub(crate) fn help(&self) -> String {
        match self.why {
            None => format!("did you mean `{}`?", self.name),
            Some(why) => format!("write `{}`: {why}", self.name),
        }
    }
}

/// The name that is meant, or that becomes the wanted one later in the build.
pub(crate) fn near_name<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<NearName<'n>> {
    let names: Vec<&str> = names.filter(|name| !name.is_empty()).take(MOST).collect();
    if let Some(name) = nearest(wanted, names.iter().copied()) {
        return Some(NearName::misspelt(name));
    }
    if let Some(name) = without_hash(wanted).and_then(|bare| names.iter().find(|name| **name == bare)) {
        return Some(NearName::hashed(name));
    }
    let affixed = names.iter().filter(|name| wanted.starts_with(**name) || wanted.ends_with(**name));
    let name = affixed.max_by_key(|name| name.len())?;
    Some(NearName { name, why: Some("prefix and suffix are put around it later") })
}

/// What stands before the suffix of a generated object: digits of a hash, written with letters that make no words.
pub(crate) fn without_hash(name: &str) -> Option<&str> {
    const LENGTH: usize = 10;
    const DIGITS: &str = "2456789bcdfghkmt";
    let (bare, hash) = name.rsplit_once('-')?;
    (hash.len() == LENGTH && hash.chars().all(|char| DIGITS.contains(char))).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::near_name;

    #[test]
    fn a_name_is_meant_as_it_is_when_patches_come() {
        let names = ["web", "app-config", "worker"];
        for (wanted, help) in [
            ("wbe", Some("did you mean `web`?")),
            ("app-config-5kb7c9hh8t", Some("write `app-config`: the hash is put behind it later")),
            ("production-web", Some("write `web`: prefix and suffix are put around it later")),
            ("web-production", Some("write `web`: prefix and suffix are put around it later")),
            ("database", None),
        ] {
            assert_eq!(near_name(wanted, names.into_iter()).map(|near| near.help()).as_deref(), help, "{wanted}");
        }
    }
}
