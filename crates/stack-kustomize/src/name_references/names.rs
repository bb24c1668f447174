use std::cell::{Cell, OnceCell, RefCell};

use foldhash::fast::RandomState;
use stack_krm::Gvk;
use stack_krm::yaml::Text;

use super::misspelt::{misspelt, words};
use crate::id_map::{IdMap, IdSet};
use crate::item::Item;
use crate::near_object::{NearName, without_hash};
use crate::place_list::PlaceList;

/// How many names are compared in a build, and objects looked at that have a near one: of more, nobody asks what is meant.
const MOST: usize = 1 << 18;

/// A name that is misspelt has another length than the right one by no more than this.
const LONGER: usize = 2;

/// What the objects of each kind are and were called: for names that meet no renamed object.
pub(super) struct Names<'i> {
    items: &'i [Item],
    of_kind: IdMap<&'i Text, OfKind<'i>>,
    /// All names, and the words in them: what is one of these is no slip.
    words: OnceCell<IdSet<&'i str>>,
    /// How many may still be looked at.
    left: Cell<usize>,
}

/// The objects of a kind.
#[derive(Default)]
struct OfKind<'i> {
    places: Vec<usize>,
    by_name: OnceCell<IdMap<&'i str, PlaceList>>,
    by_length: OnceCell<Vec<&'i str>>,
    /// The names that are near to one, each looked for once.
    near: RefCell<IdMap<Text, Vec<&'i str>>>,
}

/// An object that is meant by a name that is nearly its own.
pub(super) struct Near<'i> {
    pub(super) name: NearName<'i>,
    pub(super) meant: &'i Item,
}

impl<'i> Names<'i> {
    pub(super) fn new(items: &'i [Item]) -> Self {
        let mut of_kind: IdMap<&Text, OfKind<'_>> = IdMap::default();
        for (place, item) in items.iter().enumerate() {
            let mut last = None;
            for id in item.ids().filter(|id| last.replace(&id.gvk.kind) != Some(&id.gvk.kind)) {
                of_kind.entry(&id.gvk.kind).or_default().places.push(place);
            }
        }
        Self { items, of_kind, words: OnceCell::new(), left: Cell::new(MOST) }
    }

    /// Whether an object of the kind has the name or had it once.
    pub(super) fn has(&self, target: &Gvk, name: &Text) -> bool {
        self.of_kind.get(&target.kind).is_some_and(|of_kind| of_kind.by_name(self.items).contains_key(name.as_str()))
    }

    /// Whether a name may be none of a kind by a slip: there are objects of the kind, and none has it or had it once.
    pub(super) fn may_miss(&self, target: &Gvk, name: &Text) -> bool {
        self.of_kind.contains_key(&target.kind) && !self.has(target, name)
    }

    /// The object of a type, among those in reach, that is meant by a name that none of the kind has.
    pub(super) fn near(&self, target: &Gvk, name: &Text, is_in_reach: impl Fn(&Item) -> bool) -> Option<Near<'i>> {
        let of_kind = self.of_kind.get(&target.kind)?;
        let find = |name: &str, is_it: &dyn Fn(&Item) -> bool| {
            let (name, places) = of_kind.by_name(self.items).get_key_value(name)?;
            let places = places.as_slice().iter().take_while(|_| self.take_look());
            let mut found = places.map(|place| &self.items[*place]);
            let is_meant = |item: &&Item| is_it(item) && item.ids().any(|id| id.gvk.is_selected_by(target));
            Some((*name, found.find(|item| is_meant(item) && is_in_reach(item))?))
        };
        if let Some((name, meant)) = without_hash(name).and_then(|bare| find(bare, &|item| item.wants_hash)) {
            return Some(Near { name: NearName::hashed(name), meant });
        }
        let near = self.near_names(of_kind, name);
        let (name, meant) = near.into_iter().find_map(|name| find(name, &|_| true))?;
        Some(Near { name: NearName::misspelt(name), meant })
    }

    fn near_names(&self, of_kind: &OfKind<'i>, name: &Text) -> Vec<&'i str> {
        if let Some(known) = of_kind.near.borrow().get(name) {
            return known.clone();
        }
        let mut near = Vec::new();
        let others = of_kind.of_length(name.len(), self.items).iter().take_while(|_| self.take_look());
        for &other in others {
            if misspelt(name, other).is_some_and(|part| !self.is_word(part) && !self.is_word(name)) {
                near.push(other);
            }
        }
        of_kind.near.borrow_mut().insert(name.clone(), near.clone());
        near
    }

    /// Whether one more may be looked at.
    fn take_look(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    fn is_word(&self, word: &str) -> bool {
        let all = || self.items.iter().flat_map(Item::ids).flat_map(|id| words(&id.name).chain([id.name.as_str()]));
        self.words.get_or_init(|| all().collect()).contains(word)
    }
}

impl<'i> OfKind<'i> {
    fn by_name(&self, items: &'i [Item]) -> &IdMap<&'i str, PlaceList> {
        self.by_name.get_or_init(|| {
            let mut by_name: IdMap<_, PlaceList> =
                IdMap::with_capacity_and_hasher(self.places.len(), RandomState::default());
            for place in &self.places {
                for id in items[*place].ids() {
                    let places = by_name.entry(id.name.as_str());
                    places.and_modify(|places| places.add(*place)).or_insert(PlaceList::One(*place));
                }
            }
            by_name
        })
    }

    /// The names that are about as long.
    fn of_length(&self, length: usize, items: &'i [Item]) -> &[&'i str] {
        let by_length = self.by_length.get_or_init(|| {
            let mut names: Vec<&str> = self.by_name(items).keys().copied().collect();
            names.sort_by_key(|name| name.len());
            names
        });
        let start = by_length.partition_point(|name| name.len() + LONGER < length);
        let end = by_length.partition_point(|name| name.len() <= length + LONGER);
        &by_length[start..end]
    }
}
