//! Where `$(NAME)` is written, whether or not kustomize puts a value there.

use stack_krm::ResourceId;
use stack_krm::yaml::{Node, Value};
use stack_source::nearest;

use crate::item::Item;

/// How many are looked at: containers write the same for variables of their own.
const MOST: usize = 256;

/// A name between `$(` and `)`.
pub(super) struct Mention<'i> {
    name: &'i str,
    path: String,
    id: &'i ResourceId,
}

impl<'i> Mention<'i> {
    /// Those of all objects.
    pub(super) fn all(items: &'i [Item]) -> Vec<Self> {
        let mut found = Vec::new();
        for item in items {
            collect(&item.node, "", &item.id, &mut found);
        }
        found
    }
}

fn collect<'i>(node: &'i Node, path: &str, id: &'i ResourceId, found: &mut Vec<Mention<'i>>) {
    if found.len() >= MOST {
        return;
    }
    match &node.value {
        Value::Scalar(scalar) => {
            let names = scalar.text.split("$(").skip(1).filter_map(|rest| rest.split_once(')'));
            found.extend(names.map(|(name, _)| Mention { name, path: path.to_owned(), id }));
        }
        Value::Sequence(list) => list.iter().for_each(|node| collect(node, path, id, found)),
        Value::Mapping(map) => {
            for (key, value) in map.iter() {
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
                collect(value, &path, id, found);
            }
        }
    }
}

/// The edit by which an unused variable is used.
pub(super) fn help(name: &str, mentions: &[Mention<'_>], is_known: impl Fn(&str) -> bool) -> String {
    if let Some(Mention { path, id, .. }) = mentions.iter().find(|mention| mention.name == name) {
        return format!(
            "`$({name})` stands in `{id}`, at `{path}`, where kustomize puts no values: list that path under `varReference` in a \
             file of `configurations`"
        );
    }
    let others = mentions.iter().map(|mention| mention.name).filter(|other| !is_known(other));
    match nearest(name, others) {
        Some(near) => format!("write `$({name})` for `$({near})`"),
        None => format!("take it out, or write `$({name})` where it goes"),
    }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, read};
    use stack_source::Locus;

    use super::{Mention, help};
    use crate::item::Item;

    #[test]
    fn an_unused_variable_leads_to_where_it_is_written_or_nearly_so() {
        let node = read("{kind: A, metadata: {name: a}, l: [x-$(FOO)], m: {n: $(BAAR)}}", &Limits::default());
        let items = [Item::new(node.unwrap().remove(0).root, Locus::Derived)];
        let mentions = Mention::all(&items);
        let said = |name: &str| help(name, &mentions, |other| other == "FOO");
        assert!(said("FOO").starts_with("`$(FOO)` stands in `A a`, at `l`, where kustomize puts no values"));
        assert_eq!(said("BAR"), "write `$(BAR)` for `$(BAAR)`");
        assert_eq!(said("OTHER"), "take it out, or write `$(OTHER)` where it goes");
    }
}
