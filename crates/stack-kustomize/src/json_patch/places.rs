//! Where keys stand in large maps: a patch may add thousands to one, and to look for each from the start would take their square.

use stack_krm::yaml::{Entry, Mapping, Node, Text};

use crate::id_map::IdMap;

/// In smaller maps a key is found as fast without.
const SMALL: usize = 64;

/// The keys of large maps, by the paths that lead to them. They stand where they stood as long as no entry is taken away and no map or
/// list gives way to another: whoever does so must [`forget`](Self::forget) them.
#[derive(Default)]
pub(super) struct Places<'p> {
    known: IdMap<&'p str, Keys>,
}

/// What is known of a map. Few are looked at often enough to be worth more than that.
enum Keys {
    Met(u8),
    Known(Known),
}

/// As often is a map searched before its keys are noted.
const OFTEN: u8 = 4;

/// Where the keys stand in a map of so many entries, of equal ones the first. Under another spelling of its path it may have got more.
struct Known {
    len: usize,
    places: IdMap<Text, usize>,
}

impl Known {
    fn of(map: &Mapping) -> Self {
        let mut places = IdMap::default();
        for (place, entry) in map.entries.iter().enumerate() {
            places.entry(entry.key.scalar.text.clone()).or_insert(place);
        }
        Self { len: map.len(), places }
    }
}

impl<'p> Places<'p> {
    /// Where a key stands in the map that holds what a path names.
    pub(super) fn of(&mut self, path: &'p str, map: &Mapping, key: &str) -> Option<usize> {
        let by_looking = || map.entries.iter().position(|entry| entry.key.as_str() == key);
        if map.len() <= SMALL {
            return by_looking();
        }
        let keys = self.known.entry(holder(path)).or_insert(Keys::Met(0));
        match keys {
            Keys::Met(times) if *times < OFTEN => {
                *times += 1;
                return by_looking();
            }
            Keys::Known(known) if known.len == map.len() => {}
            Keys::Met(_) | Keys::Known(_) => *keys = Keys::Known(Known::of(map)),
        }
        match keys {
            Keys::Known(known) => known.places.get(key).copied(),
            Keys::Met(_) => by_looking(),
        }
    }

    /// Puts a value under a key, where that is, or at the end.
    pub(super) fn put(&mut self, path: &'p str, map: &mut Mapping, key: &str, value: Node) {
        if let Some(place) = self.of(path, map, key) {
            let old = std::mem::replace(&mut map.entries[place].value, value);
            if old.as_scalar().is_none() {
                self.forget();
            }
            return;
        }
        if let Some(Keys::Known(known)) = self.known.get_mut(holder(path)) {
            known.places.insert(key.into(), map.len());
            known.len += 1;
        }
        map.entries.push(Entry { key: key.into(), value });
    }

    /// What stood somewhere may stand elsewhere now.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

/// The part of a path that leads to what holds its last part.
fn holder(path: &str) -> &str {
    let start = path.find('/').unwrap_or(path.len());
    let end = path.rfind('/').unwrap_or(path.len());
    &path[start..end]
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Mapping, Node, read};

    use super::Places;
    use crate::json_patch::JsonPatch;

    fn one(text: &str) -> Node {
        read(text, &Limits::default()).unwrap().remove(0).root
    }

    #[test]
    fn keys_are_found_under_each_spelling_of_a_path() {
        let mut map: Mapping = (0..100).map(|n| (format!("k{n}"), Node::int(n))).collect();
        let mut places = Places::default();
        for n in 50..300 {
            let path = ["/a~1b/x", "/a~1b/y", "x/a~1b/x"][n % 3];
            places.put(path, &mut map, &format!("k{n}"), Node::int(0));
        }
        let keys: Vec<&str> = map.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, (0..300).map(|n| format!("k{n}")).collect::<Vec<_>>());
    }

    /// Without an end of time: minutes where each key is looked for from the start of the map.
    #[test]
    fn a_map_may_get_many_keys() {
        let operations = ["add", "test", "replace"].into_iter().flat_map(|op| {
            (0..40_000).map(move |n| {
                let path = Node::string(format!("/data/key-{n}"));
                Node::mapping([("op", Node::string(op)), ("path", path), ("value", Node::int(n))])
            })
        });
        let patch = JsonPatch::new(&Node::sequence(operations)).unwrap();
        let mut object = one("{data: {}}");
        patch.apply(&mut object).unwrap();
        assert_eq!(object.get("data").and_then(Node::as_mapping).map(Mapping::len), Some(40_000));
    }

    /// What stood in a map that was taken away, moved or covered by another of as many entries is found no more.
    #[test]
    fn places_are_forgotten_where_they_change() {
        let entries: Vec<String> = (0..100).map(|n| format!("k{n}: {n}")).collect();
        let many = entries.join(", ");
        let other = entries.iter().rev().map(String::as_str).collect::<Vec<_>>().join(", ");
        let object = format!("{{data: {{{many}}}, other: {{{other}}}, list: [{{{many}}}, {{{other}}}]}}");
        let looks = |path: &str| (90..100).map(|n| format!("{{op: test, path: {path}/k{n}, value: {n}}}, ")).collect();
        let (data, list): (String, String) = (looks("/data"), looks("/list/0"));
        for change in [
            "{op: remove, path: /data/k5}, {op: add, path: /data/k5, value: 5}",
            "{op: move, from: /list/0, path: /old}",
            "{op: copy, from: /other, path: /data}",
            "{op: move, from: /other, path: /data}",
            "{op: move, from: /list/1, path: /list/0}",
            "{op: copy, from: /list/1, path: /list/0}",
            "{op: remove, path: /list/0}",
            &format!("{{op: replace, path: /list/0, value: {{{other}}}}}"),
            &format!("{{op: add, path: /data, value: {{{other}}}}}"),
            &format!("{{op: replace, path: '', value: {{data: {{{other}}}, list: [{{{other}}}]}}}}"),
        ] {
            let text = format!("[{data}{list}{change}, {data}{list}]");
            let patch = JsonPatch::new(&one(&text)).unwrap();
            patch.apply(&mut one(&object)).unwrap_or_else(|error| panic!("{change}: {error}"));
        }
    }
}
