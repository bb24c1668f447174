//! The objects of a build, in order, found by whatever they are or were called.

use indexmap::IndexMap;
use stack_krm::ResourceId;
use stack_krm::yaml::Text;
use stack_source::Diagnostic;

use crate::error::Result;
use crate::item::Item;
use crate::rules::DUPLICATE_OBJECT;

/// Objects in the order of their loading.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    items: Vec<Item>,
    index: Option<Index>,
    /// Whether a patch has deleted something that is still here.
    has_gone: bool,
    /// Whether an object was renamed since it was last known that all ids differ.
    may_repeat: bool,
}

/// Where objects stand. Entries may be out of date, so a finder looks at the object itself.
#[derive(Debug, Default)]
struct Index {
    by_id: IndexMap<ResourceId, Vec<usize>>,
    by_name: IndexMap<Text, Vec<usize>>,
}

impl Index {
    fn add(&mut self, item: &Item, place: usize) {
        for id in item.ids() {
            note(self.by_id.entry(id.clone()).or_default(), place);
            note(self.by_name.entry(id.name.clone()).or_default(), place);
        }
    }
}

fn twice(first: &Item, second: &Item) -> Diagnostic {
    Diagnostic::new(&DUPLICATE_OBJECT, format!("the object `{}` is there twice", second.id))
        .at(second.at.clone())
        .related(first.at.clone(), "it is here already")
        .help("take it from one place only, or change it with a patch")
}

/// Keeps places in order, each once.
fn note(places: &mut Vec<usize>, place: usize) {
    match places.last() {
        Some(last) if *last == place => {}
        Some(last) if *last > place => {
            if let Err(gap) = places.binary_search(&place) {
                places.insert(gap, place);
            }
        }
        _ => places.push(place),
    }
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

    /// All objects, to rename them; the index is made anew when it is asked for.
    pub(crate) fn items_to_rename(&mut self) -> &mut [Item] {
        self.index = None;
        self.may_repeat = true;
        &mut self.items
    }

    pub(crate) fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// Adds an object at the end; an error where one of its id is there.
    pub(crate) fn append(&mut self, item: Item) -> Result<()> {
        if let Some(place) = self.current(&item.id) {
            return Err(twice(&self.items[place], &item).into());
        }
        let place = self.items.len();
        self.index().add(&item, place);
        self.items.push(item);
        Ok(())
    }

    pub(crate) fn append_all(&mut self, other: Self) -> Result<()> {
        if self.items.is_empty() {
            *self = other;
            return self.check_repeats();
        }
        other.items.into_iter().try_for_each(|item| self.append(item))
    }

    /// An error where two objects have come to have one id. Kustomize looks where it puts its list of objects together anew.
    pub(crate) fn check_repeats(&mut self) -> Result<()> {
        if std::mem::take(&mut self.may_repeat) { self.check_ids(twice) } else { Ok(()) }
    }

    /// The object that has this id now.
    pub(crate) fn current(&mut self, id: &ResourceId) -> Option<usize> {
        self.index();
        let places = self.index.as_ref()?.by_id.get(id)?;
        places.iter().copied().find(|place| self.items.get(*place).is_some_and(|item| !item.is_gone && item.id == *id))
    }

    /// The objects that have this id or had it once.
    pub(crate) fn ever(&mut self, id: &ResourceId) -> Vec<usize> {
        self.index();
        let places = self.index.as_ref().and_then(|index| index.by_id.get(id));
        let is_it = |place: &usize| {
            self.items.get(*place).is_some_and(|item| !item.is_gone && item.ids().any(|known| known == id))
        };
        places.into_iter().flatten().copied().filter(is_it).collect()
    }

    /// The objects that have this name or had it once.
    pub(crate) fn named(&mut self, name: &str) -> Vec<usize> {
        self.index();
        let places = self.index.as_ref().and_then(|index| index.by_name.get(name));
        let is_it = |place: &usize| {
            self.items.get(*place).is_some_and(|item| !item.is_gone && item.ids().any(|known| known.name == name))
        };
        places.into_iter().flatten().copied().filter(is_it).collect()
    }

    /// One object, to change it; [`Self::changed`] must follow where its id may be another then.
    pub(crate) fn item_mut(&mut self, place: usize) -> &mut Item {
        &mut self.items[place]
    }

    /// Looks again what an object is called, and finds it by that from now on.
    pub(crate) fn changed(&mut self, place: usize) -> bool {
        let changed = self.items[place].refresh();
        self.may_repeat |= changed;
        if changed && let Some(index) = &mut self.index {
            index.add(&self.items[place], place);
        }
        changed
    }

    /// An error where two objects have one id.
    pub(crate) fn check_ids(&mut self, complaint: impl Fn(&Item, &Item) -> Diagnostic) -> Result<()> {
        let mut seen: IndexMap<&ResourceId, usize> = IndexMap::with_capacity(self.items.len());
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
            self.index = None;
            self.items.retain(|item| !item.is_gone);
        }
    }

    /// Puts an object in the place of another.
    pub(crate) fn replace(&mut self, place: usize, item: Item) {
        self.items[place] = item;
        self.may_repeat = true;
        if let Some(index) = &mut self.index {
            index.add(&self.items[place], place);
        }
    }

    fn index(&mut self) -> &mut Index {
        let items = &self.items;
        self.index.get_or_insert_with(|| {
            let mut index = Index::default();
            index.by_id.reserve(items.len());
            index.by_name.reserve(items.len());
            for (place, item) in items.iter().enumerate() {
                index.add(item, place);
            }
            index
        })
    }
}
