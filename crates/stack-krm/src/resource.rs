//! One Kubernetes object.

use std::fmt;

use stack_source::Locus;

use crate::yaml::{Mapping, Node, Text};
use crate::{Gvk, ResourceId};

/// A Kubernetes object: a map with at least a `kind` and a `metadata.name`, and where it came from. A kind that ends in `List` needs no
/// name: lists have none.
///
/// ```
/// use stack_krm::Resource;
/// use stack_krm::yaml::Node;
/// use stack_source::Locus;
///
/// let node = Node::mapping([
///     ("apiVersion", Node::string("v1")),
///     ("kind", Node::string("ConfigMap")),
///     ("metadata", Node::mapping([("name", Node::string("settings"))])),
/// ]);
/// let resource = Resource::new(node, Locus::Derived).unwrap();
/// assert_eq!(resource.id().to_string(), "v1 ConfigMap settings");
/// assert!(Resource::new(Node::null(), Locus::Derived).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    node: Node,
    origin: Locus,
}

/// The node is no Kubernetes object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidResource {
    /// What it lacks.
    pub why: Lacks,
    /// Where the node came from.
    pub at: Locus,
}

/// What a node lacks to be a Kubernetes object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lacks {
    /// It is a list or a scalar; what it is, is in the message.
    Map(&'static str),
    /// `kind` is missing or empty.
    Kind,
    /// `metadata.name` is missing or empty.
    Name,
}

impl fmt::Display for InvalidResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            Lacks::Map(found) => write!(f, "a Kubernetes object is a map, and this is {found}"),
            Lacks::Kind => f.write_str("the object has no `kind`"),
            Lacks::Name => f.write_str("the object has no `metadata.name`"),
        }
    }
}

impl std::error::Error for InvalidResource {}

impl Resource {
    /// The object that `node` describes; an error where it has no kind, or no name and is no list.
    pub fn new(node: Node, origin: Locus) -> Result<Self, InvalidResource> {
        let why = if node.as_mapping().is_none() {
            Some(Lacks::Map(node.kind()))
        } else if text_at(&node, &["kind"]).is_none() {
            Some(Lacks::Kind)
        } else if name_of(&node).is_none() && !Gvk::of_node(&node).is_list() {
            Some(Lacks::Name)
        } else {
            None
        };
        match why {
            Some(why) => Err(InvalidResource { why, at: origin }),
            None => Ok(Self { node, origin }),
        }
    }

    /// The object as a YAML value.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Changes the object; an error, and no change, where it would lose its kind or name.
    pub fn edit(&mut self, change: impl FnOnce(&mut Node)) -> Result<(), InvalidResource> {
        let mut node = self.node.clone();
        change(&mut node);
        *self = Self::new(node, self.origin.clone())?;
        Ok(())
    }

    /// Where it was written.
    pub fn origin(&self) -> &Locus {
        &self.origin
    }

    /// Its type, namespace and name.
    pub fn id(&self) -> ResourceId {
        let text = |path| text_at(&self.node, path).cloned().unwrap_or_default();
        let name = name_of(&self.node).cloned().unwrap_or_default();
        ResourceId::new(self.gvk(), text(&["metadata", "namespace"]), name)
    }

    /// Its type.
    pub fn gvk(&self) -> Gvk {
        Gvk::of_node(&self.node)
    }

    /// Its `apiVersion`; empty where there is none.
    pub fn api_version(&self) -> &str {
        self.text(&["apiVersion"])
    }

    /// Its `kind`.
    pub fn kind(&self) -> &str {
        self.text(&["kind"])
    }

    /// Its `metadata.name`; empty for a list, which has none.
    pub fn name(&self) -> &str {
        name_of(&self.node).map_or("", Text::as_str)
    }

    /// Its `metadata.namespace`, where it has one.
    pub fn namespace(&self) -> Option<&str> {
        text_at(&self.node, &["metadata", "namespace"]).map(Text::as_str)
    }

    /// Its labels, in the order of the file.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts("labels")
    }

    /// Its annotations, in the order of the file.
    pub fn annotations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts("annotations")
    }

    /// The value of one label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// The value of one annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    fn text(&self, path: &[&'static str]) -> &str {
        text_at(&self.node, path).map_or("", Text::as_str)
    }

    fn texts(&self, field: &'static str) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.node.at(["metadata", field]).and_then(Node::as_mapping);
        entries
            .into_iter()
            .flat_map(Mapping::iter)
            .filter_map(|(key, value)| value.as_scalar().map(|scalar| (key, scalar.text.as_str())))
    }
}

/// The name of an object. Kustomize can give one the name `null`, and goes on with that.
fn name_of(node: &Node) -> Option<&Text> {
    let name = node.at(["metadata", "name"]).and_then(Node::as_scalar)?;
    Some(&name.text).filter(|text| !text.is_empty())
}

/// The text of a scalar that is there and says something: a number may be a name, a null may not.
fn text_at<'a>(node: &'a Node, path: &[&'static str]) -> Option<&'a Text> {
    let node = node.at(path.iter().copied()).filter(|node| !node.is_null())?;
    node.as_scalar().map(|scalar| &scalar.text).filter(|text| !text.is_empty())
}
