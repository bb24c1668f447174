//! The objects of a build, in order, found by whatever they are or were called.

use foldhash::fast::RandomState;
use std::hash::Hash;

use indexmap::Equivalent;
use indexmap::map::Entry;
use stack_krm::ResourceId;
use stack_krm::yaml::Text;
use stack_source::Diagnostic;

use crate::error::Result;
use crate::id_map::IdMap;
use crate::item::Item;
use crate::place_list::PlaceList;
use crate::rules::DUPLICATE_OBJECT;

/// Objects in the order of their loading.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    items: Vec<Item>,
    by_id: Index<ResourceId>,
    by_name: Index<Text>,
    /// Whether a patch has deleted something that is still here.
    has_gone: bool,
    /// Whether an object was renamed since it was last known that all ids differ.
    may_repeat: bool,
}

/// Where objects stand, by what they are and were called: nothing until somebody asks. Entries may be out of date, so a finder looks at
/// the object itself.
#[derive(Debug)]
struct Index<K>(Option<IdMap<K, PlaceList>>);

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: Key> Index<K> {
    fn of(&mut self, items: &[Item]) -> &mut IdMap<K, PlaceList> {
        self.0.get_or_insert_with(|| {
            let mut index = IdMap::with_capacity_and_hasher(items.len(), RandomState::default());
            for (place, item) in items.iter().enumerate() {
                add(&mut index, item, place);
            }
            index
        })
    }

    /// The places under a key, as far as they still are what was asked for.
    fn find<Q: Hash + Equivalent<K> + ?Sized>(
        &mut self,
        key: &Q,
        items: &[Item],
        is_it: impl Fn(&ResourceId) -> bool,
    ) -> Vec<usize> {
        let places = self.of(items).get(key).into_iter().flat_map(PlaceList::as_slice).copied();
        places.filter(|place| items.get(*place).is_some_and(|item| !item.is_gone && item.ids().any(&is_it))).collect()
    }

    /// Finds an object by its present id, too.
    fn note(&mut self, item: &Item, place: usize) {
        if let Some(index) = &mut self.0 {
            add(index, item, place);
        }
    }
}

fn add<K: Key>(index: &mut IdMap<K, PlaceList>, item: &Item, place: usize) {
    for id in item.ids() {
        index.entry(K::of(id)).and_modify(|places| places.add(place)).or_insert(PlaceList::One(place));
    }
}

/// The part of an id that objects are found by.
trait Key: Hash + Eq {
    fn of(id: &ResourceId) -> Self;
}

impl Key for ResourceId {
    fn of(id: &ResourceId) -> Self {
        id.clone()
    }
}

impl Key for Text {
    fn of(id: &ResourceId) -> Self {
        id.name.clone()
    }
}

fn twice(first: &Item, second: &Item) -> Diagnostic {
    Diagnostic::new(&DUPLICATE_OBJECT, format!("the object `{}` is there twice", second.id))
        .at(second.at.clone())
        .related(first.at.clone(), "it is here already")
        .help("take it from one place only, or change it with a patch")
}

impl Pool {
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// All objects, to change what does not touch their ids.
    pub(crate) fn items_mut(&mut self) -> &mut [Item] {
        &mut self.items
    }

    /// All objects, to rename them; indexes are made anew when they are asked for.
    pub(crate) fn items_to_rename(&mut self) -> &mut [Item] {
        self.forget_places();
        self.may_repeat = true;
        &mut self.items
    }

    pub(crate) fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// Adds an object at the end; an error where one of its id is there.
    pub(crate) fn append(&mut self, item: Item) -> Result<()> {
        let place = self.items.len();
        self.items.push(item);
        self.enter(place)
    }

    /// Finds an object that has just come by what it is called; an error where one before it has its id.
    fn enter(&mut self, place: usize) -> Result<()> {
        let (before, item) = (&self.items[..place], &self.items[place]);
        match self.by_id.of(before).entry(item.id.clone()) {
            Entry::Occupied(mut known) => {
                let mut there = known.get().as_slice().iter().filter_map(|place| before.get(*place));
                if let Some(first) = there.find(|known| !known.is_gone && known.id == item.id) {
                    return Err(twice(first, item).into());
                }
                known.get_mut().add(place);
            }
            Entry::Vacant(free) => {
                free.insert(PlaceList::One(place));
            }
        }
        if !item.former.is_empty() {
            self.by_id.note(item, place);
        }
        self.by_name.note(item, place);
        Ok(())
    }

    pub(crate) fn append_all(&mut self, other: Self) -> Result<()> {
        if self.items.is_empty() {
            *self = other;
            return self.check_repeats();
        }
        self.extend(other.items)
    }

    /// Adds objects at the end; an error where one of an id is there.
    pub(crate) fn extend(&mut self, items: Vec<Item>) -> Result<()> {
        let before = self.items.len();
        self.by_id.of(&self.items).reserve(items.len());
        if before == 0 {
            self.items = items;
        } else {
            self.items.extend(items);
        }
        (before..self.items.len()).try_for_each(|place| self.enter(place))
    }

    /// An error where two objects have come to have one id. Kustomize looks where it puts its list of objects together anew.
    pub(crate) fn check_repeats(&mut self) -> Result<()> {
        if std::mem::take(&mut self.may_repeat) { self.check_ids(twice) } else { Ok(()) }
    }

    /// The objects that have this id or had it once.
    pub(crate) fn ever(&mut self, id: &ResourceId) -> Vec<usize> {
        self.by_id.find(id, &self.items, |known| known == id)
    }

    /// The objects that have this name or had it once.
    pub(crate) fn named(&mut self, name: &str) -> Vec<usize> {
        self.by_name.find(name, &self.items, |known| known.name == name)
    }

    /// One object, to change it; [`Self::changed`] must follow where its id may be another then.
    pub(crate) fn item_mut(&mut self, place: usize) -> &mut Item {
        &mut self.items[place]
    }

    /// Looks again what an object is called, and finds it by that from now on.
    pub(crate) fn changed(&mut self, place: usize) -> bool {
        let changed = self.items[place].refresh();
        self.may_repeat |= changed;
        if changed {
            self.note(place);
        }
        changed
    }

    /// An error where two objects have one id.
    pub(crate) fn check_ids(&mut self, complaint: impl Fn(&Item, &Item) -> Diagnostic) -> Result<()> {
        let mut seen: IdMap<&ResourceId, usize> =
            IdMap::with_capacity_and_hasher(self.items.len(), RandomState::default());
        for (place, item) in self.items.iter().enumerate().filter(|(_, item)| !item.is_gone) {
            if let Some(first) = seen.insert(&item.id, place) {
                return Err(complaint(&self.items[first], item).into());
            }
        }
        Ok(())
    }

    /// Notes that a patch has deleted an object; it is there until [`Self::drop_gone`].
    pub(crate) fn delete(&mut self, place: usize) {
        self.items[place].is_gone = true;
        self.has_gone = true;
    }

    /// Lets go of what patches have deleted.
    pub(crate) fn drop_gone(&mut self) {
        if std::mem::take(&mut self.has_gone) {
            self.forget_places();
            self.items.retain(|item| !item.is_gone);
        }
    }

    /// Puts an object in the place of another.
    pub(crate) fn replace(&mut self, place: usize, item: Item) {
        self.items[place] = item;
        self.may_repeat = true;
        self.note(place);
    }

    /// Finds an object by what it is called now, too.
    fn note(&mut self, place: usize) {
        self.by_id.note(&self.items[place], place);
        self.by_name.note(&self.items[place], place);
    }

    fn forget_places(&mut self) {
        self.by_id = Index::default();
        self.by_name = Index::default();
    }
}
