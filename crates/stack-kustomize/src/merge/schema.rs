//! Which lists are merged, and by which keys.

use std::sync::{Arc, LazyLock};

use indexmap::{IndexMap, IndexSet};
use stack_krm::Gvk;
use stack_krm::yaml::Text;

/// The types of objects, as far as they lead to lists that are merged.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    types: Vec<Type>,
    /// The type of the objects of an `apiVersion` and a `kind`.
    kinds: IndexMap<Text, IndexMap<Text, usize>>,
    /// The types that it says live outside namespaces.
    outside: IndexSet<Gvk>,
}

/// The fields of a type that lead to lists that are merged.
#[derive(Clone, Debug, Default)]
pub(super) struct Type {
    fields: Vec<(Text, Field)>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The keys by which the elements of a list are merged: none for a set of scalars. Nothing for what is no such list.
    keys: Option<Vec<Text>>,
    /// The type of the field, or of the elements of its list, where that leads to more.
    of: Option<usize>,
}

/// What is known about a value.
#[derive(Clone, Copy)]
pub(super) enum Shape<'s> {
    /// Nothing: it may say itself what it is.
    Unknown,
    /// Nothing in it is merged.
    Plain,
    /// It has fields that lead to lists that are merged.
    Type(&'s Schema, &'s Type),
    /// It is a list that is merged.
    List(&'s Schema, &'s Field),
}

impl<'s> Shape<'s> {
    pub(super) fn field(self, key: &str) -> Self {
        match self {
            Self::Unknown => Self::Unknown,
            Self::Plain | Self::List(..) => Self::Plain,
            Self::Type(schema, kind) => match kind.fields.iter().find(|(name, _)| name == key) {
                None => Self::Plain,
                Some((_, field)) if field.keys.is_some() => Self::List(schema, field),
                Some((_, field)) => schema.shape(field.of),
            },
        }
    }

    /// The keys of the elements of a list that is merged.
    pub(super) fn keys(self) -> Option<&'s [Text]> {
        match self {
            Self::List(_, field) => field.keys.as_deref(),
            _ => None,
        }
    }

    pub(super) fn element(self) -> Self {
        match self {
            Self::List(schema, field) => schema.shape(field.of),
            _ => Self::Plain,
        }
    }
}

/// Types and fields by name, before they are connected.
pub(super) type Draft = IndexMap<Text, Vec<(Text, Option<Vec<Text>>, Text)>>;

static KUBERNETES: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let (draft, kinds) = kubernetes();
    Arc::new(Schema::connect(&draft, kinds))
});

impl Schema {
    /// What kustomize has built in: Kubernetes 1.21.2.
    pub fn kubernetes() -> &'static Self {
        &KUBERNETES
    }

    /// Whether the type of an object is built in.
    pub(crate) fn is_built_in(gvk: &Gvk) -> bool {
        let api_version = if gvk.group.is_empty() { gvk.version.clone() } else { gvk.api_version().into() };
        KUBERNETES.of_object(&api_version, &gvk.kind).is_some()
    }

    /// Whether it has the type of an object.
    pub(crate) fn knows(&self, gvk: &Gvk) -> bool {
        self.of_object(&gvk.api_version(), &gvk.kind).is_some()
    }

    /// Whether it says of a type that is not built in that it lives outside namespaces.
    pub(crate) fn is_outside(&self, gvk: &Gvk) -> bool {
        self.outside.contains(gvk) && !Self::is_built_in(gvk)
    }

    /// The same, to keep.
    pub(crate) fn kubernetes_shared() -> Arc<Self> {
        Arc::clone(&KUBERNETES)
    }

    pub(super) fn connect(draft: &Draft, kinds: impl IntoIterator<Item = (Text, Text, Text)>) -> Self {
        let number = |name: &Text| draft.get_index_of(name);
        let types = draft.values().map(|fields| Type {
            fields: fields
                .iter()
                .map(|(name, keys, of)| (name.clone(), Field { keys: keys.clone(), of: number(of) }))
                .collect(),
        });
        let mut schema = Self { types: types.collect(), kinds: IndexMap::new(), outside: IndexSet::new() };
        for (api_version, kind, of) in kinds {
            if let Some(of) = number(&of) {
                schema.kinds.entry(api_version).or_default().insert(kind, of);
            }
        }
        schema
    }

    pub(super) fn with_outside(self, outside: IndexSet<Gvk>) -> Self {
        Self { outside, ..self }
    }

    pub(super) fn of_object(&self, api_version: &str, kind: &str) -> Option<Shape<'_>> {
        self.kinds.get(api_version)?.get(kind).map(|of| self.shape(Some(*of)))
    }

    fn shape(&self, of: Option<usize>) -> Shape<'_> {
        of.and_then(|of| self.types.get(of)).map_or(Shape::Plain, |kind| Shape::Type(self, kind))
    }
}

/// `apiVersion`, kind and the name of the type.
pub(super) type Kinds = Vec<(Text, Text, Text)>;

/// Reads the table of what is built in; its own head says how it is written.
pub(super) fn kubernetes() -> (Draft, Kinds) {
    let table = include_str!("kubernetes-1.21.2.txt");
    let mut draft = Draft::new();
    let mut kinds = Vec::new();
    let text = |text: &str| Text::from(text);
    for line in table.lines() {
        let mut words = line.split(' ');
        match (words.next(), words.next()) {
            (Some("type"), Some(name)) => {
                let field = |word: &'static str| match (word.split_once('='), word.split_once('[')) {
                    (Some((field, of)), _) => Some((text(field), None, text(of))),
                    (None, Some((field, rest))) => {
                        let (keys, of) = rest.split_once(']')?;
                        let keys = keys.split(',').filter(|key| !key.is_empty()).map(text);
                        Some((text(field), Some(keys.collect()), text(of)))
                    }
                    (None, None) => None,
                };
                draft.insert(text(name), words.filter_map(field).collect());
            }
            (Some("kind"), Some(api_version)) => {
                if let (Some(kind), Some(of)) = (words.next(), words.next()) {
                    kinds.push((text(api_version), text(kind), text(of)));
                }
            }
            _ => {}
        }
    }
    (draft, kinds)
}
