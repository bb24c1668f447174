//! Group, version and kind: which type an object has.

use std::fmt;

use crate::yaml::{Node, Text};

/// The type of a Kubernetes object: `apps/v1 Deployment` is group `apps`, version `v1`, kind `Deployment`.
///
/// As a selector, an empty part stands for anything.
///
/// ```
/// use stack_krm::Gvk;
///
/// let deployment = Gvk::from_api_version("apps/v1", "Deployment");
/// assert_eq!(deployment.group, "apps");
/// assert_eq!(deployment.api_version(), "apps/v1");
/// assert!(deployment.is_selected_by(&Gvk::of_kind("Deployment")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// The API group; empty for the core group.
    pub group: Text,
    /// The version in its group.
    pub version: Text,
    /// The kind.
    pub kind: Text,
}

impl Gvk {
    /// The type with these three parts.
    pub fn new(group: impl Into<Text>, version: impl Into<Text>, kind: impl Into<Text>) -> Self {
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// Whether objects of the type are lists of others, which have no names of their own.
    pub fn is_list(&self) -> bool {
        self.kind.ends_with("List")
    }

    /// The type that an object's `apiVersion` and `kind` name.
    pub fn from_api_version(api_version: &str, kind: impl Into<Text>) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self::new(group, version, kind)
    }

    /// The type that a node's own `apiVersion` and `kind` name; empty where it has none.
    pub fn of_node(node: &Node) -> Self {
        let text = |key| node.get(key).and_then(Node::as_scalar).map(|scalar| scalar.text.clone()).unwrap_or_default();
        let api_version: Text = text("apiVersion");
        match api_version.split_once('/') {
            Some((group, version)) => Self::new(group, version, text("kind")),
            None => Self::new(Text::default(), api_version, text("kind")),
        }
    }

    /// A selector for a kind of any group and version.
    pub fn of_kind(kind: impl Into<Text>) -> Self {
        Self { kind: kind.into(), ..Self::default() }
    }

    /// The `apiVersion` of an object of this type.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_string() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Whether an `apiVersion` names this group and version.
    pub fn is_of_api_version(&self, api_version: &str) -> bool {
        api_version.split_once('/').unwrap_or(("", api_version)) == (self.group.as_str(), self.version.as_str())
    }

    /// Whether every part that `selector` gives is equal here.
    pub fn is_selected_by(&self, selector: &Self) -> bool {
        let agrees = |wanted: &Text, is: &Text| wanted.is_empty() || wanted == is;
        agrees(&selector.group, &self.group)
            && agrees(&selector.version, &self.version)
            && agrees(&selector.kind, &self.kind)
    }
}

/// As in messages: `apps/v1 Deployment`, or as much of it as is given.
impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [self.api_version(), self.kind.to_string()];
        let given: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        f.write_str(&given.join(" "))
    }
}
