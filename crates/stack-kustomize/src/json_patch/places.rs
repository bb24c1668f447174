//! Where keys stand in large maps: a patch may add, change and take away thousands in one, and to look for each from the start, or to
//! close each gap at once, would take their square.

use stack_krm::yaml::{Entry, Mapping, Node, Text, Value};

use super::pointer::{index, parts};
use crate::id_map::IdMap;
use crate::steps;

/// In smaller maps a key is found as fast without.
const SMALL: usize = 64;

/// As often is a map searched before its keys are noted: few are looked at often enough to be worth more than that.
const OFTEN: u8 = 4;

/// What is known of a value, and of what it holds. Entries that were taken out of large maps stand there until somebody reads the map as
/// a whole, so every change goes through here, and who reads a value must have it [settled](Self::settle).
#[derive(Default)]
pub(super) struct Places {
    keys: Keys,
    /// What is known of the values of a map.
    fields: IdMap<Text, Self>,
    /// What is known of the elements of a list.
    elements: Vec<Option<Box<Self>>>,
}

/// What is known of the keys of a map.
enum Keys {
    /// It was searched so often.
    Met(u8),
    Known(Index),
}

/// Where the keys of a map stand, of equal ones the first.
struct Index {
    places: IdMap<Text, usize>,
    /// Where those stood that were taken out.
    gaps: Vec<usize>,
}

impl Default for Keys {
    fn default() -> Self {
        Self::Met(0)
    }
}

impl Index {
    fn of(map: &Mapping) -> Self {
        steps::note(map.len());
        let mut places = IdMap::default();
        for (place, entry) in map.entries.iter().enumerate() {
            places.entry(entry.key.scalar.text.clone()).or_insert(place);
        }
        Self { places, gaps: Vec::new() }
    }

    /// Whether no two keys are equal: then one that is taken out is there no more.
    fn is_exact(&self, map: &Mapping) -> bool {
        self.places.len() + self.gaps.len() == map.len()
    }
}

impl Places {
    /// The list or map that holds what a path names, what is known of it, and the last part of the path.
    pub(super) fn find<'n>(&mut self, object: &'n mut Node, path: &str) -> Option<(&'n mut Node, &mut Self, String)> {
        let mut parts = parts(path);
        let last = parts.pop()?;
        let (mut node, mut known) = (object, self);
        for part in parts {
            (node, known) = known.step(node, &part)?;
        }
        node.as_scalar().is_none().then_some((node, known, last))
    }

    fn step<'n>(&mut self, node: &'n mut Node, part: &str) -> Option<(&'n mut Node, &mut Self)> {
        match &mut node.value {
            Value::Mapping(map) => {
                let place = self.of(map, part)?;
                let entry = &mut map.entries[place];
                let inside = self.fields.entry(entry.key.scalar.text.clone()).or_default();
                Some((&mut entry.value, inside))
            }
            Value::Sequence(list) => {
                let place = index(part, list.len())?;
                if place >= self.elements.len() {
                    self.elements.resize_with(list.len(), || None);
                }
                let inside = self.elements.get_mut(place)?.get_or_insert_default();
                Some((list.get_mut(place)?, inside))
            }
            Value::Scalar(_) => None,
        }
    }

    /// Where a key stands.
    pub(super) fn of(&mut self, map: &Mapping, key: &str) -> Option<usize> {
        match &mut self.keys {
            Keys::Known(index) => return index.places.get(key).copied(),
            Keys::Met(times) if map.len() <= SMALL || *times < OFTEN => {
                *times = times.saturating_add(1).min(OFTEN);
                steps::note(map.len());
                return map.entries.iter().position(|entry| entry.key.as_str() == key);
            }
            Keys::Met(_) => {}
        }
        let index = Index::of(map);
        let place = index.places.get(key).copied();
        self.keys = Keys::Known(index);
        place
    }

    /// What a list or map holds under a key, with nothing in it that was taken out.
    pub(super) fn value<'n>(&mut self, container: &'n mut Node, key: &str) -> Result<Option<&'n Node>, String> {
        let (value, inside) = match &mut container.value {
            Value::Mapping(map) => {
                let Some(place) = self.of(map, key) else { return Ok(None) };
                (&mut map.entries[place].value, self.fields.get_mut(key))
            }
            Value::Sequence(list) => {
                let place = index(key, list.len())
                    .ok_or_else(|| format!("there is no index `{key}` in a list of {}", list.len()))?;
                (&mut list[place], self.elements.get_mut(place).and_then(Option::as_deref_mut))
            }
            Value::Scalar(_) => return Ok(None),
        };
        if let Some(inside) = inside {
            inside.settle(value);
        }
        Ok(Some(value))
    }

    /// Puts a value under a key, where that is, or at the end.
    pub(super) fn put(&mut self, map: &mut Mapping, key: &str, value: Node) {
        if let Some(place) = self.of(map, key) {
            self.fields.swap_remove(key);
            map.entries[place].value = value;
            return;
        }
        if let Keys::Known(index) = &mut self.keys {
            index.places.insert(key.into(), map.len());
        }
        map.entries.push(Entry { key: key.into(), value });
    }

    /// What was known of an element is known of the next one: another is put before it.
    pub(super) fn make_room(&mut self, place: usize) {
        if place < self.elements.len() {
            self.elements.insert(place, None);
        }
    }

    /// Another value takes the place of an element.
    pub(super) fn forget(&mut self, place: usize) {
        if let Some(inside) = self.elements.get_mut(place) {
            *inside = None;
        }
    }

    /// Takes out what a list or map holds under a key.
    pub(super) fn remove(&mut self, container: &mut Node, key: &str) -> Option<Node> {
        let (mut value, inside) = match &mut container.value {
            Value::Mapping(map) => {
                let place = self.of(map, key)?;
                (self.take(map, place), self.fields.swap_remove(key))
            }
            Value::Sequence(list) => {
                let place = index(key, list.len())?;
                let inside = if place < self.elements.len() { self.elements.remove(place) } else { None };
                (list.remove(place), inside.map(|inside| *inside))
            }
            Value::Scalar(_) => return None,
        };
        if let Some(mut inside) = inside {
            inside.settle(&mut value);
        }
        Some(value)
    }

    fn take(&mut self, map: &mut Mapping, place: usize) -> Node {
        match &mut self.keys {
            Keys::Known(index) if index.is_exact(map) => {
                let entry = &mut map.entries[place];
                let value = std::mem::take(&mut entry.value);
                index.places.swap_remove(&entry.key.scalar.text);
                index.gaps.push(place);
                if index.places.len() <= SMALL {
                    self.close(map);
                }
                value
            }
            keys => {
                if matches!(keys, Keys::Known(_)) {
                    *keys = Keys::default();
                }
                steps::note(map.len());
                map.entries.remove(place).value
            }
        }
    }

    /// Takes all out of a value that was to be taken out.
    pub(super) fn settle(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Mapping(map) => {
                self.close(map);
                let mut fields = std::mem::take(&mut self.fields);
                for (key, inside) in &mut fields {
                    if let Some(place) = self.of(map, key) {
                        inside.settle(&mut map.entries[place].value);
                    }
                }
                self.fields = fields;
            }
            Value::Sequence(list) => {
                for (inside, node) in self.elements.iter_mut().zip(list.iter_mut()) {
                    if let Some(inside) = inside {
                        inside.settle(node);
                    }
                }
            }
            Value::Scalar(_) => {}
        }
    }

    fn close(&mut self, map: &mut Mapping) {
        let Keys::Known(index) = &self.keys else { return };
        if index.gaps.is_empty() {
            return;
        }
        steps::note(map.len());
        let mut stays = vec![true; map.len()];
        index.gaps.iter().for_each(|gap| stays[*gap] = false);
        let mut stays = stays.into_iter();
        map.entries.retain(|_| stays.next().unwrap_or_default());
        self.keys = Keys::Met(OFTEN);
    }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Mapping, Node, read};

    use super::Places;
    use crate::json_patch::JsonPatch;
    use crate::steps;

    fn one(text: &str) -> Node {
        read(text, &Limits::default()).unwrap().remove(0).root
    }

    #[test]
    fn keys_are_found_under_each_spelling_of_a_path() {
        let map = Node::mapping((0..100).map(|n| (format!("k{n}"), Node::int(n))));
        let mut object = Node::mapping([("a/b", Node::sequence([map]))]);
        let mut places = Places::default();
        for n in 50..300 {
            let path = ["/a~1b/0/x", "/a~1b/-1/y", "x/a~1b/00/x"][n % 3];
            let (container, known, _) = places.find(&mut object, path).unwrap();
            known.put(container.as_mapping_mut().unwrap(), &format!("k{n}"), Node::int(0));
        }
        let (map, _, _) = places.find(&mut object, "/a~1b/0/x").unwrap();
        let keys: Vec<&str> = map.as_mapping().unwrap().iter().map(|(key, _)| key).collect();
        assert_eq!(keys, (0..300).map(|n| format!("k{n}")).collect::<Vec<_>>());
    }

    /// How many operations a patch of each shape has.
    const COUNT: usize = 5_000;

    /// What it is called, what is changed, the operations of each number, and how many entries are left.
    type Shape<'s> = (&'s str, &'s Node, &'s dyn Fn(usize) -> Vec<Node>, usize);

    fn numbered() -> Node {
        Node::mapping((0..COUNT).map(|n| (format!("k{n}"), Node::int(n as u64))))
    }

    /// What each operation looks at may not grow with the map.
    #[test]
    fn a_map_may_be_changed_in_many_places() {
        let in_data = |n: usize| format!("/data/k{n}");
        let operation = |op: &str, path: String, value: Node| {
            Node::mapping([("op", Node::string(op)), ("path", Node::string(path)), ("value", value)])
        };
        let moved = |from: String, path: String| {
            Node::mapping([("op", Node::string("move")), ("from", Node::string(from)), ("path", Node::string(path))])
        };
        let maps = Node::mapping((0..COUNT).map(|n| (format!("k{n}"), one("{x: {y: 1}}"))));
        let numbers = numbered();
        let shapes: [Shape<'_>; 10] = [
            ("adds", &numbers, &|n| vec![operation("add", in_data(n + COUNT), Node::int(0))], 2 * COUNT),
            ("tests", &numbers, &|n| vec![operation("test", in_data(n), Node::int(n as u64))], COUNT),
            ("replaces", &numbers, &|n| vec![operation("replace", in_data(n), Node::int(0))], COUNT),
            ("replaces of maps", &maps, &|n| vec![operation("replace", in_data(n), one("{x: {}}"))], COUNT),
            (
                "replaces of what is missing",
                &numbers,
                &|n| vec![operation("replace", in_data(n + COUNT), one("{}"))],
                2 * COUNT,
            ),
            ("changes below", &maps, &|n| vec![operation("add", in_data(n) + "/x/z", Node::int(0))], COUNT),
            ("removes", &numbers, &|n| vec![operation("remove", in_data(n), Node::null())], 0),
            ("removes from the end", &numbers, &|n| vec![operation("remove", in_data(COUNT - 1 - n), Node::null())], 0),
            ("moves", &maps, &|n| vec![moved(in_data(n), in_data(n + COUNT))], COUNT),
            (
                "removes and adds",
                &maps,
                &|n| vec![operation("remove", in_data(n), Node::null()), operation("add", in_data(n), one("{}"))],
                COUNT,
            ),
        ];
        for (shape, data, operations, left) in shapes {
            let patch = JsonPatch::new(&Node::sequence((0..COUNT).flat_map(operations))).unwrap();
            let mut object = Node::mapping([("data", data.clone())]);
            let steps = steps::taken(|| assert_eq!(patch.apply(&mut object), Ok(false)));
            assert!(steps < 200 * COUNT, "{shape}: {steps}");
            assert_eq!(object.get("data").and_then(Node::as_mapping).map(Mapping::len), Some(left), "{shape}");
        }
    }

    #[test]
    fn large_maps_are_compared_in_one_walk() {
        let value = Node::mapping((0..COUNT).rev().map(|n| (format!("k{n}"), Node::int(n as u64))));
        let test = [("op", Node::string("test")), ("path", Node::string("/data")), ("value", value)];
        let patch = JsonPatch::new(&Node::sequence([Node::mapping(test)])).unwrap();
        let mut object = Node::mapping([("data", numbered())]);
        let steps = steps::taken(|| assert_eq!(patch.apply(&mut object), Ok(false)));
        assert!(steps < 10 * COUNT, "{steps}");
    }

    /// What was taken out is nowhere to be seen, whoever looks, and what follows it keeps its order.
    #[test]
    fn what_was_taken_out_is_gone() {
        let entries = |range: std::ops::Range<usize>| range.map(|n| format!("k{n}: {n}, ")).collect::<String>();
        let removes: String = (0..20).map(|n| format!("{{op: remove, path: /list/0/data/k{n}}}, ")).collect();
        let (left, back) = (entries(20..200), format!("{}k3: 3", entries(20..200)));
        for (then, expected) in [
            ("", format!("{{list: [{{data: {{{left}}}}}]}}")),
            ("{op: add, path: /list/0/data/k3, value: 3}", format!("{{list: [{{data: {{{back}}}}}]}}")),
            (
                &format!("{{op: test, path: /list/0/data, value: {{{left}}}}}"),
                format!("{{list: [{{data: {{{left}}}}}]}}"),
            ),
            (
                &format!("{{op: test, path: '', value: {{list: [{{data: {{{left}}}}}]}}}}"),
                format!("{{list: [{{data: {{{left}}}}}]}}"),
            ),
            (
                "{op: copy, from: /list/0, path: /copy}",
                format!("{{list: [{{data: {{{left}}}}}], copy: {{data: {{{left}}}}}}}"),
            ),
            ("{op: move, from: /list/0/data, path: /moved}", format!("{{list: [{{}}], moved: {{{left}}}}}")),
            ("{op: move, from: /list, path: /moved}", format!("{{moved: [{{data: {{{left}}}}}]}}")),
            ("{op: add, path: /list/0, value: 1}", format!("{{list: [1, {{data: {{{left}}}}}]}}")),
            ("{op: replace, path: /list/0/data, value: {}}", "{list: [{data: {}}]}".to_owned()),
            ("{op: replace, path: '', value: {a: b}}", "{a: b}".to_owned()),
        ] {
            let patch = JsonPatch::new(&one(&format!("[{removes}{then}]"))).unwrap();
            let mut object = one(&format!("{{list: [{{data: {{{}}}}}]}}", entries(0..200)));
            patch.apply(&mut object).unwrap_or_else(|error| panic!("{then}: {error}"));
            let mut expected = one(&expected);
            JsonPatch::new(&one("[]")).unwrap().apply(&mut expected).unwrap();
            assert_eq!(object, expected, "{then}");
        }
        let text = format!("[{removes}{{op: remove, path: /list/0/data/k0}}]");
        let mut object = one(&format!("{{list: [{{data: {{{}}}}}]}}", entries(0..80)));
        let error = JsonPatch::new(&one(&text)).unwrap().apply(&mut object).unwrap_err();
        assert_eq!(error.message, "the operation `remove` does not apply: the object has no `/list/0/data/k0`");
        assert_ne!(error.help.as_deref(), Some("did you mean `/list/0/data/k1`?"));
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
