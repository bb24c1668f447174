//! Which lists are merged, and by which keys.

use std::sync::{Arc, LazyLock};

use indexmap::{IndexMap, IndexSet};
use stack_krm::Gvk;
use stack_krm::yaml::Text;

/// The types of objects, as far as they lead to lists that are merged.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    types: Vec<Type>,
    /// The type of the objects of an `apiVersion` and a `kind`.
    kinds: IndexMap<Text, IndexMap<Text, Of>>,
    /// The types that it says live outside namespaces.
    outside: IndexSet<Gvk>,
}

/// The fields of a type that lead to lists that are merged.
#[derive(Clone, Debug, Default)]
pub(super) struct Type {
    /// By name, in its order.
    fields: Vec<(Text, Field)>,
}

impl Type {
    fn field(&self, name: &str) -> Option<&Field> {
        let place = self.fields.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(&self.fields[place].1)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The keys by which the elements of a list are merged: none for a set of scalars. Nothing for what is no such list.
    keys: Option<Vec<Text>>,
    /// The type of the field, or of the elements of its list, where that leads to more.
    of: Option<Of>,
}

/// A type, by its number.
#[derive(Clone, Copy, Debug)]
enum Of {
    /// Of the same schema.
    Own(usize),
    /// Of the built-in one.
    Kubernetes(usize),
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
            Self::Type(schema, kind) => match kind.field(key) {
                None => Self::Plain,
                Some(field) if field.keys.is_some() => Self::List(schema, field),
                Some(field) => schema.shape(field.of),
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

/// What is built in, and the names of its types by their numbers.
static KUBERNETES: LazyLock<(Arc<Schema>, IndexSet<Text>)> = LazyLock::new(|| {
    let (draft, kinds) = kubernetes();
    (Arc::new(Schema::connect(&draft, kinds)), draft.into_keys().collect())
});

impl Schema {
    /// What kustomize has built in: Kubernetes 1.21.2.
    pub(crate) fn kubernetes() -> &'static Self {
        &KUBERNETES.0
    }

    /// Whether the type of an object is built in.
    pub(crate) fn is_built_in(gvk: &Gvk) -> bool {
        let api_version = if gvk.group.is_empty() { gvk.version.clone() } else { gvk.api_version().into() };
        Self::kubernetes().of_object(&api_version, &gvk.kind).is_some()
    }

    /// Whether a type of this kind is built in, of whatever group.
    pub(crate) fn is_kind_built_in(kind: &str) -> bool {
        Self::kubernetes().kinds.values().any(|kinds| kinds.contains_key(kind))
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
        Arc::clone(&KUBERNETES.0)
    }

    pub(super) fn connect(draft: &Draft, kinds: impl IntoIterator<Item = (Text, Text, Text)>) -> Self {
        Self::connect_with(draft, kinds, |_| None)
    }

    /// What the draft itself does not have is taken from what is built in.
    pub(super) fn connect_beside_kubernetes(
        draft: &Draft,
        kinds: impl IntoIterator<Item = (Text, Text, Text)>,
    ) -> Self {
        Self::connect_with(draft, kinds, |name| KUBERNETES.1.get_index_of(name).map(Of::Kubernetes))
    }

    fn connect_with(
        draft: &Draft,
        kinds: impl IntoIterator<Item = (Text, Text, Text)>,
        elsewhere: fn(&Text) -> Option<Of>,
    ) -> Self {
        let number = |name: &Text| draft.get_index_of(name).map(Of::Own).or_else(|| elsewhere(name));
        let types = draft.values().map(|fields| {
            let field = |(name, keys, of): &(Text, Option<Vec<Text>>, Text)| {
                (name.clone(), Field { keys: keys.clone(), of: number(of) })
            };
            let mut fields: Vec<_> = fields.iter().map(field).collect();
            // Of equal names the first one counts.
            fields.sort_by(|(a, _), (b, _)| a.as_str().cmp(b));
            fields.dedup_by(|(a, _), (b, _)| a == b);
            Type { fields }
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

    fn shape(&self, of: Option<Of>) -> Shape<'_> {
        let (schema, number) = match of {
            None => return Shape::Plain,
            Some(Of::Own(number)) => (self, number),
            Some(Of::Kubernetes(number)) => (Self::kubernetes(), number),
        };
        schema.types.get(number).map_or(Shape::Plain, |kind| Shape::Type(schema, kind))
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

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Text, read};

    use super::{Schema, Shape};

    #[test]
    fn a_schema_of_a_field_holds_nothing_but_itself() {
        let text = r##"{properties: {a: {type: array, x-kubernetes-patch-strategy: merge, x-kubernetes-patch-merge-key: id,
            items: {$ref: "#/definitions/io.k8s.api.core.v1.Container"}}}}"##;
        let definition = read(text, &Limits::default()).unwrap().remove(0).root;
        let schema = Schema::of_field(&Text::from("x"), &definition);
        assert_eq!(schema.types.len(), 1);
        let list = schema.of_object("", "x").map(|object| object.field("a")).unwrap();
        let [own, built_in] = [list, list.element().field("env")].map(|list| list.keys().unwrap_or_default().to_vec());
        assert_eq!((own, built_in), (vec![Text::from("id")], vec![Text::from("name")]));
        assert!(matches!(list.element().field("b"), Shape::Plain));
    }
}
