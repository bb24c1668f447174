//! Lists that kustomize knows no key to merge by: that of the patch takes the place of the object's, and what the patch does not
//! repeat is lost.
//!
//! Whether an author meant that cannot be seen in the lists alone. What has a name is one thing wherever it stands, and an author
//! who leaves another thing out, or a part of it, most often believes in a merge, as of containers. What has no name is a value, such
//! as a list of arguments, and is replaced as a whole.

use indexmap::IndexMap;
use stack_krm::yaml::{Mapping, Node, Text, Value};

use super::{Merger, Odd, Oddity};
use crate::id_map::Fields;
use crate::kyaml::text_of;

/// Of so many fields an author is told which they are.
const MOST: usize = 3;

/// A field by which elements are told apart.
struct Mark {
    /// The field by which a schema may merge the list; empty where the mark is none for that.
    key: &'static str,
    /// Where it stands; of several the first that is there.
    paths: &'static [&'static [&'static str]],
    /// Whether elements that agree in it are one thing: then a field that is left out is lost. Of others, as tolerations of one key,
    /// one takes the place of the other.
    names: bool,
}

/// The first that all elements have counts.
static MARKS: [Mark; 16] = [
    Mark { key: "name", paths: &[&["name"]], names: true },
    Mark { key: "metadata.name", paths: &[&["metadata", "name"]], names: true },
    Mark { key: "id", paths: &[&["id"]], names: true },
    Mark { key: "key", paths: &[&["key"]], names: false },
    // Of envFrom, of the sources of a projected volume, and of metrics.
    Mark { key: "", paths: &[&["configMapRef", "name"], &["secretRef", "name"]], names: false },
    Mark {
        key: "",
        paths: &[&["configMap", "name"], &["secret", "name"], &["serviceAccountToken", "path"]],
        names: false,
    },
    Mark {
        key: "",
        paths: &[
            &["resource", "name"],
            &["containerResource", "name"],
            &["pods", "metric", "name"],
            &["object", "metric", "name"],
            &["external", "metric", "name"],
        ],
        names: false,
    },
    Mark { key: "host", paths: &[&["host"]], names: false },
    Mark { key: "path", paths: &[&["path"]], names: false },
    Mark { key: "secretName", paths: &[&["secretName"]], names: false },
    Mark { key: "ip", paths: &[&["ip"]], names: false },
    Mark { key: "type", paths: &[&["type"]], names: false },
    Mark { key: "port", paths: &[&["port"]], names: false },
    // Of the rules of a role, of a network policy, and of where pods may run.
    Mark { key: "", paths: &[&["resources"], &["nonResourceURLs"]], names: false },
    Mark { key: "", paths: &[&["to"], &["from"], &["ports"]], names: false },
    Mark { key: "", paths: &[&["matchExpressions"], &["matchFields"]], names: false },
];

impl Mark {
    /// The elements by their marks; nothing where one has none, or two have the same.
    fn of<'n>(&self, list: &'n [Node]) -> Option<IndexMap<Text, &'n Mapping>> {
        let mut marked = IndexMap::with_capacity(list.len());
        for node in list {
            let mark = self.paths.iter().find_map(|path| node.at(path.iter().copied()))?;
            if marked.insert(written(mark)?, node.as_mapping()?).is_some() {
                return None;
            }
        }
        Some(marked)
    }
}

/// A value in a few words.
fn written(mark: &Node) -> Option<Text> {
    let all = |texts: &mut dyn Iterator<Item = Option<String>>, between: &str| {
        texts.collect::<Option<Vec<String>>>().map(|texts| Text::from(texts.join(between)))
    };
    match &mark.value {
        Value::Scalar(_) => (!mark.is_null()).then(|| text_of(mark).clone()),
        Value::Sequence(list) => all(&mut list.iter().map(|node| written(node).map(|text| text.to_string())), ","),
        Value::Mapping(map) => {
            all(&mut map.iter().map(|(key, value)| written(value).map(|text| format!("{key}: {text}"))), ", ")
        }
    }
}

impl Merger<'_> {
    /// Notes what is lost where the list of a patch takes the place of another.
    pub(super) fn notice_replaced(&mut self, old: &Node, new: &Node) {
        let (Some(before), Some(after)) = (old.as_sequence(), new.as_sequence()) else { return };
        // Who writes `[]` wants all of them gone.
        if after.is_empty() || !self.asks() {
            return;
        }
        let marked = |mark: &'static Mark| Some((mark, mark.of(before)?, mark.of(after)?));
        let Some((mark, before, after)) = MARKS.iter().find_map(marked) else { return };
        let (mut elements, mut left_out) = (Vec::new(), LeftOut::default());
        for (name, old) in before {
            match after.get(&name) {
                None => elements.push(name),
                Some(new) if mark.names => left_out.note(&name, old, new, &mut Vec::new()),
                Some(_) => {}
            }
        }
        if !elements.is_empty() || left_out.count > 0 {
            let LeftOut { fields, count } = left_out;
            let what = Odd::ListReplaced { key: mark.key, elements, fields, left_out: count };
            self.oddities.push(Oddity { what, span: new.span });
        }
    }
}

/// What a patch leaves out of the elements that it does repeat.
#[derive(Default)]
struct LeftOut {
    /// The first of it: the element, and the path.
    fields: Vec<(Text, String)>,
    /// How much that is.
    count: usize,
}

impl LeftOut {
    /// Notes what one map has and another does not. What is null is nothing.
    fn note<'o>(&mut self, name: &Text, old: &'o Mapping, new: &Mapping, way: &mut Vec<&'o str>) {
        let new = Fields::of(new);
        for (key, value) in old.iter().filter(|(_, value)| !value.is_null()) {
            way.push(key);
            match (new.get(key), value.as_mapping()) {
                (None, _) => {
                    self.count += 1;
                    if self.fields.len() < MOST {
                        self.fields.push((name.clone(), way.join(".")));
                    }
                }
                (Some(new), Some(old)) => {
                    if let Some(new) = new.as_mapping() {
                        self.note(name, old, new, way);
                    }
                }
                (Some(_), None) => {}
            }
            way.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Node, read};

    use super::super::{Odd, Schema, merge_owned};
    use crate::steps;

    fn one(text: &str) -> Node {
        read(text, &Limits::default()).unwrap().remove(0).root
    }

    #[test]
    fn of_many_fields_the_first_are_named_and_all_are_counted() {
        let count = 3_000;
        let fields = |range: std::ops::Range<usize>| range.map(|n| format!("k{n}: 1, ")).collect::<String>();
        let object = one(&format!("{{a: [{{name: x, b: {{{}}}}}]}}", fields(0..2 * count)));
        let patch = one(&format!("{{a: [{{name: x, b: {{{}}}}}]}}", fields(count..2 * count)));
        let steps = steps::taken(|| {
            let (_, oddities) = merge_owned(object, &patch, Schema::kubernetes(), &[]).unwrap();
            let [oddity] = oddities.as_slice() else { panic!("{oddities:?}") };
            let Odd::ListReplaced { fields, left_out, .. } = &oddity.what else { panic!("{oddity:?}") };
            assert_eq!(*left_out, count);
            let fields: Vec<_> = fields.iter().map(|(name, path)| (name.as_str(), path.as_str())).collect();
            assert_eq!(fields, [("x", "b.k0"), ("x", "b.k1"), ("x", "b.k2")]);
        });
        assert!(steps < 10 * count, "{steps}");
    }

    #[test]
    fn of_hundreds_of_lists_the_first_are_told() {
        let lists = |element: &str| one(&(0..300).map(|n| format!("k{n}: [{element}]\n")).collect::<String>());
        let (_, oddities) = merge_owned(lists("{name: x}"), &lists("{name: y}"), Schema::kubernetes(), &[]).unwrap();
        assert_eq!(oddities.len(), 100);
    }
}
