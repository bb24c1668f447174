//! Elements that a patch adds though it seems to mean one that is there.
//!
//! A name that is spelled otherwise is another name, and kustomize makes a new element of it. What a new element must have and what is
//! left out of a patch for one that is there are the same things: an image, a source, a value. So an element without them whose name is
//! near another's is hardly meant as a new one.

use stack_krm::yaml::{Mapping, Node, Text};

use super::schema::Shape;
use super::{Merger, Odd, Oddity, directive};
use crate::id_map::IdSet;
use crate::kyaml::text_of;
use crate::near::near;

/// A list whose elements say by themselves whether they are whole.
struct List {
    field: &'static str,
    key: &'static str,
    /// What an element is called, and what it must have beside its key: this field, or any where none is named.
    element: &'static str,
    needs: Option<&'static str>,
}

static LISTS: [List; 6] = [
    List { field: "containers", key: "name", element: "container", needs: Some("image") },
    List { field: "initContainers", key: "name", element: "container", needs: Some("image") },
    List { field: "ephemeralContainers", key: "name", element: "container", needs: Some("image") },
    List { field: "volumes", key: "name", element: "volume", needs: None },
    List { field: "env", key: "name", element: "variable", needs: None },
    List { field: "volumeMounts", key: "mountPath", element: "mount", needs: Some("name") },
];

impl List {
    fn is_whole(&self, element: &Mapping) -> bool {
        match self.needs {
            Some(field) => element.get(field).is_some(),
            None => element.iter().any(|(key, value)| key != self.key && !value.is_null()),
        }
    }

    fn name<'n>(&self, element: &'n Node) -> Option<&'n Text> {
        element.get(self.key).filter(|key| !key.is_null()).map(text_of)
    }
}

impl Merger<'_> {
    /// Notes elements of a patch's list that are to be new and are not whole.
    pub(super) fn notice_added(&mut self, field: &Text, old: &Node, new: &Node, shape: Shape<'_>) {
        let Some(list) = LISTS.iter().find(|list| list.field == field.as_str()) else { return };
        let (Some(there), Some(given)) = (old.as_sequence(), new.as_sequence()) else { return };
        if !shape.field(field).keys().is_some_and(|keys| keys.iter().any(|key| key == list.key)) {
            return;
        }
        let mut names: Option<IdSet<&Text>> = None;
        for element in given {
            let (Some(map), Some(name)) = (element.as_mapping(), list.name(element)) else { continue };
            if directive::is_in(map) || list.is_whole(map) {
                continue;
            }
            let names = names.get_or_insert_with(|| there.iter().filter_map(|old| list.name(old)).collect());
            if names.contains(name) || !self.asks() {
                continue;
            }
            if let Some(near) = near(name, names.iter().copied().map(Text::as_str)) {
                let what = Odd::ElementAdded {
                    element: list.element,
                    name: name.clone(),
                    near: near.into(),
                    lacks: list.needs,
                };
                let span = map.get(list.key).map_or(element.span, |key| key.span);
                self.oddities.push(Oddity { what, span });
            }
        }
    }
}
