//! Lists that kustomize knows no key to merge by: that of the patch takes the place of the object's, and what the patch does not
//! repeat is lost.
//!
//! Whether an author meant that cannot be seen in the lists alone. What has a name is one thing wherever it stands, and an author
//! who leaves another thing out, or a part of it, most often believes in a merge, as of containers. What has no name is a value, such
//! as a list of arguments, and is replaced as a whole.

use indexmap::IndexMap;
use stack_krm::yaml::{Mapping, Node, Text};

use super::{Merger, Odd, Oddity};
use crate::kyaml::text_of;

/// A field by which elements are told apart.
struct Mark {
    key: &'static str,
    path: &'static [&'static str],
    /// Whether elements that agree in it are one thing: then a field that is left out is lost. Of others, as tolerations of one key,
    /// one takes the place of the other.
    names: bool,
}

/// The first that all elements have counts.
static MARKS: [Mark; 6] = [
    Mark { key: "name", path: &["name"], names: true },
    Mark { key: "metadata.name", path: &["metadata", "name"], names: true },
    Mark { key: "id", path: &["id"], names: true },
    Mark { key: "key", path: &["key"], names: false },
    Mark { key: "type", path: &["type"], names: false },
    Mark { key: "port", path: &["port"], names: false },
];

impl Mark {
    /// The elements by their marks; nothing where one has none, or two have the same.
    fn of<'n>(&self, list: &'n [Node]) -> Option<IndexMap<&'n Text, &'n Mapping>> {
        let mut marked = IndexMap::with_capacity(list.len());
        for node in list {
            let mark =
                node.at(self.path.iter().copied()).filter(|mark| mark.as_scalar().is_some() && !mark.is_null())?;
            if marked.insert(text_of(mark), node.as_mapping()?).is_some() {
                return None;
            }
        }
        Some(marked)
    }
}

impl Merger<'_> {
    /// Notes what is lost where the list of a patch takes the place of another.
    pub(super) fn notice_replaced(&mut self, old: &Node, new: &Node) {
        let (Some(before), Some(after)) = (old.as_sequence(), new.as_sequence()) else { return };
        // Who writes `[]` wants all of them gone.
        if after.is_empty() {
            return;
        }
        let marked = |mark: &'static Mark| Some((mark, mark.of(before)?, mark.of(after)?));
        let Some((mark, before, after)) = MARKS.iter().find_map(marked) else { return };
        let (mut elements, mut fields) = (Vec::new(), Vec::new());
        for (name, old) in before {
            match after.get(name) {
                None => elements.push(name.clone()),
                Some(new) if mark.names => left_out(old, new, "", &mut |path| fields.push((name.clone(), path))),
                Some(_) => {}
            }
        }
        if !elements.is_empty() || !fields.is_empty() {
            self.oddities.push(Oddity { what: Odd::ListReplaced { key: mark.key, elements, fields }, span: new.span });
        }
    }
}

/// The paths to what one map has and another does not. What is null is nothing.
fn left_out(old: &Mapping, new: &Mapping, way: &str, note: &mut impl FnMut(String)) {
    for (key, value) in old.iter().filter(|(_, value)| !value.is_null()) {
        let path = if way.is_empty() { key.to_owned() } else { format!("{way}.{key}") };
        match (new.get(key), value.as_mapping()) {
            (None, _) => note(path),
            (Some(new), Some(old)) => {
                if let Some(new) = new.as_mapping() {
                    left_out(old, new, &path, note);
                }
            }
            (Some(_), None) => {}
        }
    }
}
