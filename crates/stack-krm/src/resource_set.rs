//! An ordered list of Kubernetes objects without duplicates.

use std::fmt;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use stack_source::Locus;

use crate::yaml::{PrintError, PrintOptions, print};
use crate::{Order, Resource, ResourceId};

/// Objects in the order in which they were added, each id once.
///
/// ```
/// use stack_krm::yaml::Node;
/// use stack_krm::{Resource, ResourceSet};
/// use stack_source::Locus;
///
/// let object = |kind: &'static str| {
///     let metadata = Node::mapping([("name", Node::string("web"))]);
///     let node = Node::mapping([
///         ("apiVersion", Node::string("v1")),
///         ("kind", Node::string(kind)),
///         ("metadata", metadata),
///     ]);
///     Resource::new(node, Locus::Derived).unwrap()
/// };
/// let mut resources = ResourceSet::new();
/// resources.insert(object("Service")).unwrap();
/// resources.insert(object("ConfigMap")).unwrap();
/// assert!(resources.insert(object("Service")).is_err());
/// assert_eq!(resources.named("ConfigMap", "web").count(), 1);
/// assert!(resources.to_yaml().unwrap().starts_with("apiVersion: v1\nkind: Service\n"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ResourceSet {
    resources: Vec<Resource>,
    /// The places of objects by the hashes of their ids.
    by_id: HashTable<(u64, usize)>,
    hasher: RandomState,
}

/// Two objects have the same id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateResource {
    /// The id that both have.
    pub id: ResourceId,
    /// Where the first one came from.
    pub first: Locus,
    /// Where the second one came from.
    pub second: Locus,
}

impl fmt::Display for DuplicateResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there are two objects `{}`", self.id)
    }
}

impl std::error::Error for DuplicateResource {}

impl ResourceSet {
    /// A set without objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// A set without objects that has room for so many.
    pub fn with_capacity(count: usize) -> Self {
        let (resources, by_id) = (Vec::with_capacity(count), HashTable::with_capacity(count));
        Self { resources, by_id, hasher: RandomState::default() }
    }

    /// Adds an object at the end; an error where its id is taken.
    pub fn insert(&mut self, resource: Resource) -> Result<(), Box<DuplicateResource>> {
        let id = resource.id();
        let hash = self.hasher.hash_one(&id);
        if let Some(first) = self.find(hash, &id) {
            let (first, second) = (first.origin().clone(), resource.origin().clone());
            return Err(Box::new(DuplicateResource { id, first, second }));
        }
        self.note(hash, self.resources.len());
        self.resources.push(resource);
        Ok(())
    }

    /// The object with this id.
    pub fn get(&self, id: &ResourceId) -> Option<&Resource> {
        self.find(self.hasher.hash_one(id), id)
    }

    fn find(&self, hash: u64, id: &ResourceId) -> Option<&Resource> {
        let is_it = |(known, place): &(u64, usize)| *known == hash && self.resources[*place].id() == *id;
        self.by_id.find(hash, is_it).map(|(_, place)| &self.resources[*place])
    }

    fn note(&mut self, hash: u64, place: usize) {
        self.by_id.insert_unique(hash, (hash, place), |(hash, _)| *hash);
    }

    /// The objects of this kind and name, of any group and in any namespace.
    pub fn named(&self, kind: &str, name: &str) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |resource| resource.name() == name && resource.kind() == kind)
    }

    /// The objects of this kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(move |resource| resource.kind() == kind)
    }

    /// The objects, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.resources.iter()
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// The objects as `kustomize build` prints them: one document each, `---` between them.
    pub fn to_yaml(&self) -> Result<String, PrintError> {
        let mut text = String::new();
        for resource in &self.resources {
            if !text.is_empty() {
                text.push_str("---\n");
            }
            print(resource.node(), &PrintOptions::KUSTOMIZE, &mut text)?;
        }
        Ok(text)
    }

    /// Puts the objects into this order.
    pub fn sort(&mut self, order: &Order) {
        order.sort_by_id(&mut self.resources, Resource::id);
        self.by_id.clear();
        for place in 0..self.resources.len() {
            self.note(self.hasher.hash_one(self.resources[place].id()), place);
        }
    }
}

/// Two sets are equal when they hold equal objects in the same order.
impl PartialEq for ResourceSet {
    fn eq(&self, other: &Self) -> bool {
        self.resources == other.resources
    }
}

impl Eq for ResourceSet {}

impl IntoIterator for ResourceSet {
    type Item = Resource;
    type IntoIter = std::vec::IntoIter<Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.resources.into_iter()
    }
}

impl<'a> IntoIterator for &'a ResourceSet {
    type Item = &'a Resource;
    type IntoIter = std::slice::Iter<'a, Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
