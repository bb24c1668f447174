//! What goes with what a patch says: elements that kustomize cannot tell apart, and fields that an empty value takes away.

use indexmap::IndexSet;
use stack_krm::yaml::{Entry, Key, Node, Text, Value};

use super::{Merger, Odd, Oddity, directive};
use crate::id_map::Fields;
use crate::kyaml::text_of;
use crate::steps;

/// How many elements an author is told of.
const MOST: usize = 3;

impl Merger<'_> {
    /// Notes an element of a patch that has the keys of one before it.
    pub(super) fn notice_repeated(&mut self, element: &Node, keys: &[Text]) {
        let Some(map) = element.as_mapping().filter(|map| !directive::is_in(map)) else { return };
        let Some((key, value)) = keys.iter().find_map(|key| Some((key, map.get(key)?))) else { return };
        if !value.is_null() {
            let what = Odd::ElementRepeated { key: key.clone(), value: text_of(value).clone() };
            self.oddities.push(Oddity { what, span: element.span });
        }
    }

    /// Notes the elements of a patch that have come to nothing, and what has gone with them.
    pub(super) fn notice_lost(&mut self, (given, used): (&[Node], &[bool]), old: &[Text], key: &Text, merged: &[Node]) {
        if used.iter().all(|used| *used) {
            return;
        }
        let texts = |list: &[Node]| -> IndexSet<Text> {
            list.iter().filter_map(|node| node.get(key)).map(|node| text_of(node).clone()).collect()
        };
        let (kept, given_ones) = (texts(merged), texts(given));
        let others: Vec<&Text> = old.iter().filter(|text| !text.is_empty() && !given_ones.contains(*text)).collect();
        let lost = others.iter().filter(|text| !kept.contains(**text)).count();
        let others: Vec<Text> = others.into_iter().take(MOST + 1).cloned().collect();
        for (element, _) in given.iter().zip(used).filter(|(_, used)| !**used) {
            let lacks = element.get(key).is_none_or(Node::is_null).then(|| key.clone());
            let what = Odd::ElementLost { lacks, others: others.clone(), lost };
            self.oddities.push(Oddity { what, span: element.span });
        }
    }

    /// Notes a key without a value that takes away what the object has there. Who writes `null` means it; nothing at all is left where
    /// what belongs below stands beside.
    pub(super) fn notice_emptied(&mut self, key: &Key, old: &Node, null: &Node, beside: &[Entry]) {
        let fields = match &old.value {
            Value::Mapping(map) => map.len(),
            Value::Sequence(list) => list.len(),
            Value::Scalar(_) => 0,
        };
        if fields == 0 || null.as_scalar().is_none_or(|scalar| !scalar.text.is_empty()) || !null.is_null() {
            return;
        }
        let outside = if self.asks() { outside(old, beside) } else { None };
        let what = Odd::Emptied { field: key.scalar.text.clone(), parts: fields, outside };
        self.oddities.push(Oddity { what, span: key.span });
    }
}

/// The first entry beside an emptied map that is a field of it.
fn outside(old: &Node, beside: &[Entry]) -> Option<Text> {
    steps::note(beside.len());
    let fields = Fields::of(old.as_mapping()?);
    let is_field = |entry: &&Entry| fields.get(entry.key.as_str()).is_some();
    beside.iter().find(is_field).map(|entry| entry.key.scalar.text.clone())
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Node, read};

    use super::super::{Odd, Schema, merge_owned};
    use crate::steps;

    fn one(text: &str) -> Node {
        read(text, &Limits::default()).unwrap().remove(0).root
    }

    /// Where hundreds are emptied, it is looked for the first ones what belongs below them.
    #[test]
    fn many_fields_may_be_emptied() {
        let count = 3_000;
        let object = one(&(0..count).map(|n| format!("k{n}: {{x: 1, y: 2}}\n")).collect::<String>());
        let patch = one(&((0..count).map(|n| format!("k{n}:\n")).collect::<String>() + "y: 1\n"));
        let steps = steps::taken(|| {
            let (_, oddities) = merge_owned(object, &patch, Schema::kubernetes(), &[]).unwrap();
            assert_eq!(oddities.len(), count);
            let outside = |odd: &Odd| matches!(odd, Odd::Emptied { outside: Some(outside), .. } if outside == "y");
            assert_eq!(oddities.iter().filter(|oddity| outside(&oddity.what)).count(), 100);
        });
        assert!(steps < 400 * count, "{steps}");
    }
}
